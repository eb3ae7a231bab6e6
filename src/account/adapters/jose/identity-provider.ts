import { createRemoteJWKSet, decodeJwt, errors, jwtVerify } from "jose";
import { Unavailable } from "#kernel/unavailable.ts";
import type { Log } from "#platform/log.ts";
import { isSubject } from "../../domain/foreign-identity.ts";
import { hasClaims, isAccessToken, type RequiredClaim } from "../../domain/foreign-token.ts";
import type { IdentityProvider } from "../../ports/tokens.ts";

export interface IdentityProviderOptions {
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
  /** Every token must have these claims. */
  readonly requiredClaims: readonly RequiredClaim[];
  readonly log: Log;
  /** The time limit of one fetch of the keys; a 503 must be answered within 3,000 ms. */
  readonly fetchTimeoutMs?: number;
  /** Keys older than this are fetched again in the background; until then a withdrawn key is accepted. */
  readonly refetchAfterMs?: number;
  /** An unknown key id causes a fetch, but not within this time of the last one. */
  readonly cooldownMs?: number;
}

/** Asymmetric only. With a shared secret each verifier could issue tokens, and with `none` any client. */
const algorithms = "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519".split(" ");

/** The errors of jose for an invalid token. Any other error means that the keys cannot be fetched. */
const tokenErrors: readonly string[] = [
  errors.JWTClaimValidationFailed.code,
  errors.JWTExpired.code,
  errors.JWTInvalid.code,
  errors.JWSInvalid.code,
  errors.JWSSignatureVerificationFailed.code,
  errors.JOSEAlgNotAllowed.code,
  errors.JOSENotSupported.code,
  errors.JWKSNoMatchingKey.code,
  errors.JWKSMultipleMatchingKeys.code,
];

/** A provider that is away fails every request of every user. */
const logEveryMs = 60_000;

/**
 * An identity provider whose tokens are JWTs checked against its published keys (JWKS).
 *
 * Fetched keys stay in use while the provider is away. They are fetched again in the background when
 * they are older than `refetchAfterMs`, and at once when a token names an unknown key. A fetch that fails is
 * logged once a minute.
 */
export const joseIdentityProvider = (options: IdentityProviderOptions): IdentityProvider => {
  const keys = createRemoteJWKSet(new URL(options.jwksUrl), {
    timeoutDuration: options.fetchTimeoutMs ?? 2_000,
    cooldownDuration: options.cooldownMs ?? 30_000,
    cacheMaxAge: Number.POSITIVE_INFINITY,
  });
  const refetchAfterMs = options.refetchAfterMs ?? 600_000;
  let fetchedAtMs = performance.now();
  let loggedAtMs = Number.NEGATIVE_INFINITY;

  const warnOfAbsence = (error: unknown): void => {
    if (performance.now() - loggedAtMs < logEveryMs) return;
    loggedAtMs = performance.now();
    const use = keys.jwks() === undefined ? "no token can be checked" : "the last ones stay in use";
    options.log.warn({ err: error }, `the keys of the identity provider cannot be fetched; ${use}`);
  };

  const refetchWhenOld = () => {
    if (keys.jwks() === undefined || performance.now() - fetchedAtMs < refetchAfterMs) return;
    fetchedAtMs = performance.now();
    keys.reload().catch(warnOfAbsence);
  };

  return {
    identify: async (token) => {
      try {
        // A token of another issuer is refused without a fetch of the keys.
        if (decodeJwt(token).iss !== options.issuer) return null;
        refetchWhenOld();
        const { payload, protectedHeader } = await jwtVerify(token, keys, {
          algorithms,
          issuer: options.issuer,
          audience: options.audience,
          requiredClaims: ["sub", "exp"],
          clockTolerance: 5,
        });
        if (!isSubject(payload.sub)) return null;
        const verified = { type: protectedHeader.typ, claims: payload };
        if (!isAccessToken(verified) || !hasClaims(verified, options.requiredClaims)) return null;
        const issuedAtSeconds = payload.iat ?? 0;
        return { issuer: options.issuer, subject: payload.sub, issuedAtSeconds };
      } catch (error) {
        if (error instanceof errors.JOSEError && tokenErrors.includes(error.code)) return null;
        warnOfAbsence(error);
        throw new Unavailable("the keys of the identity provider cannot be fetched", {
          cause: error,
          isLogged: true,
        });
      }
    },
  };
};
