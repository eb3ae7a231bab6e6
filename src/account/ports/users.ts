import type { UserId } from "#kernel/ids.ts";
import type { ForeignIdentity } from "../domain/foreign-identity.ts";

/** The people this installation knows. Every method throws Unavailable when the store is away. */
export interface Users {
  /** Keeps a new user; `name` is for people to read and identifies nobody. */
  add(userId: UserId, name: string | null): Promise<void>;
  /**
   * The user that an identity is mapped to. At its first sight it becomes `candidate`; of any number
   * of first sights at once exactly one decides, and all are told the same user.
   */
  ofIdentity(identity: ForeignIdentity, candidate: UserId): Promise<UserId>;
}
