import type { InstantMs } from "#kernel/instant.ts";
import type { UserId } from "#kernel/ids.ts";

/** A session as its user gets it. The stores have only the SHA-256 of token and code. */
export interface OpenedSession {
  readonly userId: UserId;
  /** Grows with each sign-out everywhere and each recovery; the access tokens of the session have it. */
  readonly tokenEpoch: number;
  readonly refreshToken: string;
  /** A new recovery code; null when the present code of the user stays valid. */
  readonly recoveryCode: string | null;
}

/** The sessions of built-in users. Every method is one transaction and throws Unavailable. */
export interface Sessions {
  /** Stores a new user with a first session and a recovery code. */
  create(userId: UserId, name: string | null): Promise<OpenedSession>;
  /**
   * Returns the successor of a refresh token; a repeated call within 30 s returns the same one. Null for
   * an unknown or expired token, and for one that was used earlier, which ends its session.
   */
  refresh(token: string): Promise<OpenedSession | null>;
  /**
   * Ends all sessions of the code's user and opens one, with a new recovery code. The presented code
   * stays valid until `confirmRecovery`, so that a lost answer costs nothing. Null for an unknown code.
   */
  recover(code: string): Promise<OpenedSession | null>;
  /** Invalidates the old recovery code, because the session of the recovery is in use. Idempotent. */
  confirmRecovery(userId: UserId, tokenEpoch: number): Promise<void>;
  /** Replaces the recovery code, with an audit entry. Null when there is no such built-in user. */
  renewRecoveryCode(actor: string, userId: UserId): Promise<string | null>;
  /** Creates a code that opens one session within `handoverMs`, and invalidates older codes of the user. */
  offerHandover(
    userId: UserId,
  ): Promise<{ readonly code: string; readonly expiresAtMs: InstantMs }>;
  /** Opens a session with a code. Null for a code that is unknown, used or expired. */
  takeHandover(code: string): Promise<OpenedSession | null>;
  /** Ends every session of the user and revokes every token issued before. */
  signOutEverywhere(userId: UserId): Promise<void>;
  /** Deletes expired sessions, up to 1,000 at a time, and expired handover codes. "more": call again. */
  purge(): Promise<"more" | "done">;
}
