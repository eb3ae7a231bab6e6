import type { InstantMs } from "#kernel/instant.ts";
import type { UserId } from "#kernel/ids.ts";

/** A session as its user gets it. The codes are in no store: only their SHA-256 is. */
export interface OpenedSession {
  readonly userId: UserId;
  /** Raises with each sign-out everywhere and each recovery; the session's access tokens carry it. */
  readonly tokenEpoch: number;
  readonly refreshToken: string;
  /** A new recovery code; null when the one that the user has stays valid. */
  readonly recoveryCode: string | null;
}

/** The sessions of built-in users. Every method is one transaction and throws Unavailable. */
export interface Sessions {
  /** Keeps a new user with a first session and a recovery code. */
  create(userId: UserId, name: string | null): Promise<OpenedSession>;
  /**
   * Answers the successor of a refresh token, the same one for 30 s. Null for a token that is unknown,
   * ended, or used before: that one ends its session.
   */
  refresh(token: string): Promise<OpenedSession | null>;
  /**
   * Ends all sessions of the code's user and opens one, with a new recovery code. The presented code
   * stays valid until `confirmRecovery`, so that a lost answer costs nothing. Null for an unknown code.
   */
  recover(code: string): Promise<OpenedSession | null>;
  /** The session of a recovery is in use: from now on only the new recovery code is valid. Idempotent. */
  confirmRecovery(userId: UserId, tokenEpoch: number): Promise<void>;
  /** Replaces the recovery code, with an audit entry. Null when there is no such built-in user. */
  renewRecoveryCode(actor: string, userId: UserId): Promise<string | null>;
  /** A code that opens one more session, once, within `handoverMs`; an older code of the user ends. */
  offerHandover(
    userId: UserId,
  ): Promise<{ readonly code: string; readonly expiresAtMs: InstantMs }>;
  /** Null for a code that is unknown, used or over. */
  takeHandover(code: string): Promise<OpenedSession | null>;
  /** Ends every session of the user and revokes every token issued before. */
  signOutEverywhere(userId: UserId): Promise<void>;
}
