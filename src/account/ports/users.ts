import type { InstantMs } from "#kernel/instant.ts";
import type { UserId } from "#kernel/ids.ts";
import type { ForeignIdentity } from "../domain/foreign-identity.ts";

/** The account of a user. */
export interface User {
  readonly userId: UserId;
  readonly name: string | null;
  readonly createdAtMs: InstantMs;
}

/** The users of this installation. Every method throws Unavailable while the store is away. */
export interface Users {
  /** Null for a user that is unknown or erased. */
  find(userId: UserId): Promise<User | null>;
  /**
   * The user of an identity. A new identity becomes the user `candidate`. Of any number of concurrent
   * calls for a new identity exactly one creates its user, and all return that user.
   */
  ofIdentity(identity: ForeignIdentity, candidate: UserId): Promise<UserId>;
  /** Removes name, identities, sessions and codes, and revokes every token. One transaction, idempotent. */
  erase(userId: UserId): Promise<void>;
}
