import type { InstantMs } from "#kernel/instant.ts";

/** The newest refresh token of a session and the one before it, each as the text of its hash. */
export interface Session {
  readonly tokenHash: string;
  readonly previousHash: string | null;
  /** The instant at which the newest token replaced the one before; null until the first renewal. */
  readonly rotatedAtMs: InstantMs | null;
  readonly expiresAtMs: InstantMs;
}

/** The time within which a client that lost the answer to a refresh can repeat it. */
export const repeatMs = 30_000;

/** The lifetime of an access token of a renewed session, as the API promises. */
export const renewedTokenSeconds = 15 * 60;

/** A session that is not renewed within this time ends. */
export const sessionIdleMs = 90 * 86_400_000;

/** The most sessions of a user; a new one ends the oldest. */
export const sessionsMax = 20;

/** The lifetime of a handover code, as the API promises. */
export const handoverMs = 5 * 60_000;

/**
 * Decides what happens to a refresh token of a known session.
 *
 * Outcomes, first that applies:
 * - `expired`  the session was not renewed in time
 * - `rotate`   the token is the newest and gets a successor
 * - `repeat`   the token was used at most `repeatMs` ago and gets the same successor
 * - `reused`   any other token of the session; a third party may have a copy, so the session ends
 */
export const decideRefresh = (
  session: Session,
  presentedHash: string,
  nowMs: InstantMs,
): "expired" | "rotate" | "repeat" | "reused" => {
  if (nowMs >= session.expiresAtMs) return "expired";
  if (presentedHash === session.tokenHash) return "rotate";
  const isRecent = session.rotatedAtMs !== null && nowMs - session.rotatedAtMs <= repeatMs;
  return isRecent && presentedHash === session.previousHash ? "repeat" : "reused";
};
