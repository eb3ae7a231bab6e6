import type { InstantMs } from "#kernel/instant.ts";
import type { UserId } from "#kernel/ids.ts";
import type { ForeignIdentity } from "../domain/foreign-identity.ts";

/** A user, as people read it. */
export interface User {
  readonly userId: UserId;
  readonly name: string | null;
  readonly createdAtMs: InstantMs;
}

/** The people this installation knows. Every method throws Unavailable when the store is away. */
export interface Users {
  /** Null for a user that is unknown or erased. */
  find(userId: UserId): Promise<User | null>;
  /**
   * The user that an identity is mapped to. At its first sight it becomes `candidate`; of any number
   * of first sights at once exactly one decides, and all are told the same user.
   */
  ofIdentity(identity: ForeignIdentity, candidate: UserId): Promise<UserId>;
  /** Removes name, identities, sessions and codes, and revokes every token. One transaction, idempotent. */
  erase(userId: UserId): Promise<void>;
}
