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
  readonly mintId: MintId;
  /** Null when the installation knows only its own tokens. */
  readonly provider: IdentityProvider | null;
  /** How many mapped identities, and how many confirmed recoveries, are remembered; the oldest goes first. */
  readonly identitiesMax: number;
}

/** A map that forgets its oldest entry for a new one. */
const bounded = <V>(max: number) => {
  const entries = new Map<string, V>();
  return {
    get: (key: string): V | undefined => entries.get(key),
    delete: (key: string): void => void entries.delete(key),
    set(key: string, value: V): void {
      if (entries.size >= max) entries.delete(entries.keys().next().value ?? "");
      entries.set(key, value);
    },
  };
};

/**
 * The user that an access token speaks for. Null for a token that is forged, ended, foreign or revoked.
 *
 * A token of this installation is checked without a store, but for the first use of a recovered session.
 * A token of the identity provider is mapped to a user at its first sight; a mapping changes only when
 * the user is erased, so it is remembered for as long as there is room. Revocations are known within
 * seconds. Throws Unavailable when the provider's keys or the store are needed and away.
 */
export const authenticate = (
  deps: AuthenticateDeps,
): ((token: string) => UserId | null | Promise<UserId | null>) => {
  const known = bounded<UserId>(deps.identitiesMax);
  const confirmed = bounded<true>(deps.identitiesMax);

  const userOf = async ({ issuer, subject }: ForeignIdentity): Promise<UserId> => {
    const name = JSON.stringify([issuer, subject]);
    const remembered = known.get(name);
    if (remembered !== undefined && !deps.revoked.isErased(remembered)) return remembered;
    const userId = await deps.users.ofIdentity({ issuer, subject }, deps.mintId<"user">());
    known.delete(name);
    known.set(name, userId);
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
    return subject.isRecovered ? confirm(subject) : subject.userId;
  };
};
