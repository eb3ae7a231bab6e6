import type { UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { PageQuery } from "#kernel/page.ts";

/** A user as operators find them. */
export interface KnownUser {
  readonly userId: UserId;
  /** Null when none is known, and after the erasure. */
  readonly name: string | null;
  readonly createdAtMs: InstantMs;
  readonly erasedAtMs: InstantMs | null;
}

/** A place in the list of users who are sorted by name, then by id. */
export interface NamePosition {
  /** The name as it is sorted: in lower case. */
  readonly key: string;
  readonly userId: UserId;
}

export interface NamedUser extends KnownUser {
  /** The name as it is sorted. */
  readonly key: string;
}

/** Finds users for operators. Every method throws Unavailable. */
export interface KnownUsers {
  /** Also an erased user; null for an unknown one. */
  find(userId: UserId): Promise<KnownUser | null>;
  /** Newest first. */
  newest(query: PageQuery<UserId>): Promise<readonly KnownUser[]>;
  /** The users whose name begins with the text, in any case, sorted by name. O(log users + limit). */
  byName(beginning: string, query: PageQuery<NamePosition>): Promise<readonly NamedUser[]>;
}
