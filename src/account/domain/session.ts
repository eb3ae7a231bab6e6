import type { InstantMs } from "#kernel/instant.ts";

/** A family of refresh tokens: the newest, and the one before it. Hashes are compared as text. */
export interface Session {
  readonly tokenHash: string;
  readonly previousHash: string | null;
  /** The moment at which the newest token took the place of the one before; null before the first time. */
  readonly rotatedAtMs: InstantMs | null;
  readonly expiresAtMs: InstantMs;
}

/** A client that lost the answer to a refresh may ask again for this long. */
export const repeatMs = 30_000;

/** How long an access token of a renewed session lasts, in seconds: the contract's 15 minutes. */
export const renewedTokenSeconds = 15 * 60;

/** A session that is not renewed for this long ends. */
export const sessionIdleMs = 90 * 86_400_000;

/** The most sessions that a user keeps; a new one ends the oldest. */
export const sessionsMax = 20;

/** How long a handover code is valid: the contract's 5 minutes. */
export const handoverMs = 5 * 60_000;

/**
 * Judges a refresh token of a session that exists.
 *
 * - `expired`  the session was not renewed in time
 * - `rotate`   the token is the newest: it gets a successor
 * - `repeat`   the token was used up to `repeatMs` ago: the caller gets the same successor
 * - `reused`   any other token of the session: somebody else may have a copy, so the session ends
 */
export const judgeRefresh = (
  session: Session,
  presentedHash: string,
  nowMs: InstantMs,
): "expired" | "rotate" | "repeat" | "reused" => {
  if (nowMs >= session.expiresAtMs) return "expired";
  if (presentedHash === session.tokenHash) return "rotate";
  const isRecent = session.rotatedAtMs !== null && nowMs - session.rotatedAtMs <= repeatMs;
  return isRecent && presentedHash === session.previousHash ? "repeat" : "reused";
};
