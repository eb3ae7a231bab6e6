import type { InstantMs } from "#kernel/instant.ts";
import type { UserId } from "#kernel/ids.ts";

/** A user whose older tokens are refused. */
export interface Revocation {
  readonly userId: UserId;
  /** Tokens of this installation with a smaller epoch are revoked. */
  readonly tokenEpoch: number;
  /** Tokens that the identity provider issued up to this instant are revoked. */
  readonly revokedAtMs: InstantMs;
  readonly isErased: boolean;
}

/** The revocations in the memory of this instance, at most a few seconds behind the database. */
export interface RevocationList {
  /** Tokens of the user with a smaller epoch are revoked; 0 for a user who has revoked none. */
  epochOf(userId: UserId): number;
  /** Notes an epoch that a genuine token proves, before the database has been read. */
  noteEpoch(userId: UserId, tokenEpoch: number): void;
  /** Whether a token that the identity provider issued at that second is revoked. */
  isRevokedSince(userId: UserId, issuedAtSeconds: number): boolean;
  isErased(userId: UserId): boolean;
  /** Reads what was revoked since the last call; the first call reads all. Throws Unavailable. */
  refresh(): Promise<void>;
}

/** The revocations in the database. */
export interface Revocations {
  /** Lists the revocations at or after the instant, with the time of the database. Throws Unavailable. */
  since(
    atMs: InstantMs,
  ): Promise<{ readonly revoked: readonly Revocation[]; readonly nowMs: InstantMs }>;
}
