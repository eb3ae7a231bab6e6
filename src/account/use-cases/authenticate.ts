import type { Clock } from "#kernel/instant.ts";
import type { MintId, UserId } from "#kernel/ids.ts";
import { accessPurpose, userOfClaims } from "../domain/access-token.ts";
import type { ForeignIdentity } from "../domain/foreign-identity.ts";
import type { IdentityProvider, OwnTokens } from "../ports/tokens.ts";
import type { Users } from "../ports/users.ts";

export interface AuthenticateDeps {
  readonly tokens: Pick<OwnTokens, "verify">;
  readonly clock: Clock;
  readonly users: Pick<Users, "ofIdentity">;
  readonly mintId: MintId;
  /** Null when the installation knows only its own tokens. */
  readonly provider: IdentityProvider | null;
  /** How many mapped identities are remembered; the oldest goes first. */
  readonly identitiesMax: number;
}

/**
 * The user that an access token speaks for, or null for a forged, ended or foreign one.
 *
 * A token of this installation is checked without a store. A token of the identity provider is mapped
 * to a user at its first sight; a mapping never changes, so it is remembered for as long as there is
 * room. Throws Unavailable when the provider's keys or the store are needed and away.
 */
export const authenticate = (
  deps: AuthenticateDeps,
): ((token: string) => UserId | null | Promise<UserId | null>) => {
  const known = new Map<string, UserId>();

  const userOf = async (identity: ForeignIdentity): Promise<UserId> => {
    const name = JSON.stringify([identity.issuer, identity.subject]);
    const remembered = known.get(name);
    if (remembered !== undefined) return remembered;
    const userId = await deps.users.ofIdentity(identity, deps.mintId<"user">());
    if (known.size >= deps.identitiesMax) known.delete(known.keys().next().value ?? "");
    known.set(name, userId);
    return userId;
  };

  const fromProvider = async (provider: IdentityProvider, token: string) => {
    const identity = await provider.identify(token);
    return identity === null ? null : userOf(identity);
  };

  return (token) => {
    const claims = deps.tokens.verify(accessPurpose, token);
    if (claims !== null) return userOfClaims(claims, deps.clock.nowMs());
    return deps.provider === null ? null : fromProvider(deps.provider, token);
  };
};
