import { createRemoteJWKSet, decodeJwt, errors, jwtVerify } from "jose";
import { Unavailable } from "#kernel/unavailable.ts";
import type { Log } from "#platform/log.ts";
import { isSubject } from "../../domain/foreign-identity.ts";
import type { IdentityProvider } from "../../ports/tokens.ts";

export interface IdentityProviderOptions {
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
  readonly log: Log;
  /** How long one fetch of the keys may take; 503 must be answered within 3 s. */
  readonly fetchTimeoutMs?: number;
  /** Keys older than this are fetched anew in the background; until then a withdrawn key is believed. */
  readonly refetchAfterMs?: number;
  /** An unknown key id makes the keys be fetched anew, but not within this time of the last fetch. */
  readonly cooldownMs?: number;
}

/** Asymmetric only: a shared secret would let whoever checks tokens make them, and `none` anybody. */
const algorithms = "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519".split(" ");

/** What jose throws at a bad token. Everything else is the provider's keys being out of reach. */
const tokenFaults: readonly string[] = [
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

/**
 * An identity provider whose tokens are JWTs checked against its published keys (JWKS).
 *
 * Keys once fetched are used on while the provider is away; they are fetched anew in the background
 * when they are old, and at once when a token names a key that is not among them.
 */
export const joseIdentityProvider = (options: IdentityProviderOptions): IdentityProvider => {
  const keys = createRemoteJWKSet(new URL(options.jwksUrl), {
    timeoutDuration: options.fetchTimeoutMs ?? 2_000,
    cooldownDuration: options.cooldownMs ?? 30_000,
    cacheMaxAge: Number.POSITIVE_INFINITY,
  });
  const refetchAfterMs = options.refetchAfterMs ?? 600_000;
  let fetchedAtMs = performance.now();

  const refetchWhenOld = () => {
    if (keys.jwks() === undefined || performance.now() - fetchedAtMs < refetchAfterMs) return;
    fetchedAtMs = performance.now();
    keys.reload().catch((error: unknown) => {
      options.log.warn({ err: error }, "the identity provider's keys could not be fetched anew");
    });
  };

  return {
    identify: async (token) => {
      try {
        // Who does not even claim to come from the provider is refused without asking for its keys.
        if (decodeJwt(token).iss !== options.issuer) return null;
        refetchWhenOld();
        const { payload } = await jwtVerify(token, keys, {
          algorithms,
          issuer: options.issuer,
          audience: options.audience,
          requiredClaims: ["sub", "exp"],
          clockTolerance: 5,
        });
        if (!isSubject(payload.sub)) return null;
        const issuedAtSeconds = payload.iat ?? 0;
        return { issuer: options.issuer, subject: payload.sub, issuedAtSeconds };
      } catch (error) {
        if (error instanceof errors.JOSEError && tokenFaults.includes(error.code)) return null;
        throw new Unavailable("the identity provider's keys are out of reach", { cause: error });
      }
    },
  };
};
