import { BoundedMap } from "#kernel/bounded-map.ts";
import type { Clock } from "#kernel/instant.ts";
import type { MintId, UserId } from "#kernel/ids.ts";
import { accessPurpose, subjectOfClaims, type AccessSubject } from "../domain/access-token.ts";
import type { ForeignIdentity } from "../domain/foreign-identity.ts";
import type { RevocationList } from "../ports/revocations.ts";
import type { Sessions } from "../ports/sessions.ts";
import type { IdentityProvider, OwnTokens } from "../ports/tokens.ts";
import type { Users } from "../ports/users.ts";

export interface AuthenticateDeps {
  readonly tokens: Pick<OwnTokens, "verify">;
  readonly clock: Clock;
  readonly users: Pick<Users, "ofIdentity">;
  readonly sessions: Pick<Sessions, "confirmRecovery">;
  readonly revoked: Pick<RevocationList, "epochOf" | "isRevokedSince" | "isErased">;
  /** Hears of the epoch of each genuine token above 0. */
  readonly noteEpoch?: RevocationList["noteEpoch"];
  readonly mintId: MintId;
  /** Null when the installation knows only its own tokens. */
  readonly provider: IdentityProvider | null;
  /** The most cached identities, and the most cached confirmations; the oldest is evicted. */
  readonly identitiesMax: number;
}

/**
 * The user of an access token. Null for a token that is forged, expired, foreign or revoked.
 *
 * A token of this installation needs no store, except for the first use of a recovered session. The
 * identity in a token of the provider is mapped to a user by the store. The mapping is cached, because
 * it changes only when the user is erased. Revocations take effect within seconds.
 *
 * Throws Unavailable when the keys of the provider or the store are needed and away.
 */
export const authenticate = (
  deps: AuthenticateDeps,
): ((token: string) => UserId | null | Promise<UserId | null>) => {
  const mapped = new BoundedMap<string, UserId>(deps.identitiesMax);
  const confirmed = new BoundedMap<string, true>(deps.identitiesMax);

  const userOf = async ({ issuer, subject }: ForeignIdentity): Promise<UserId> => {
    const name = JSON.stringify([issuer, subject]);
    const cached = mapped.get(name);
    if (cached !== undefined && !deps.revoked.isErased(cached)) return cached;
    const userId = await deps.users.ofIdentity({ issuer, subject }, deps.mintId<"user">());
    mapped.set(name, userId);
    return userId;
  };

  const fromProvider = async (provider: IdentityProvider, token: string) => {
    const identity = await provider.identify(token);
    if (identity === null) return null;
    const userId = await userOf(identity);
    return deps.revoked.isRevokedSince(userId, identity.issuedAtSeconds) ? null : userId;
  };

  const confirm = async ({ userId, tokenEpoch }: AccessSubject): Promise<UserId> => {
    const name = `${userId} ${tokenEpoch}`;
    if (confirmed.get(name) === undefined) {
      await deps.sessions.confirmRecovery(userId, tokenEpoch);
      confirmed.set(name, true);
    }
    return userId;
  };

  return (token) => {
    const claims = deps.tokens.verify(accessPurpose, token);
    if (claims === null) {
      return deps.provider === null ? null : fromProvider(deps.provider, token);
    }
    const subject = subjectOfClaims(claims, deps.clock.nowMs());
    if (subject === null || subject.tokenEpoch < deps.revoked.epochOf(subject.userId)) return null;
    // A queue token that this request leads to needs this epoch too, or it is revoked a second later.
    if (subject.tokenEpoch > 0) deps.noteEpoch?.(subject.userId, subject.tokenEpoch);
    return subject.isRecovered ? confirm(subject) : subject.userId;
  };
};
