import type { QueuePolicy } from "./policy.ts";
import type { WaitEstimate } from "./estimate.ts";

/** A longer interval would tell users late of their turn; with a shorter one, a million users would flood the server. */
const slowestMs = 20_000;
/** Near the front, a user notices a delay of a second. */
const nearMs = 1_000;
/** A shorter interval would keep a connection busy for nothing. */
const fastestMs = 250;
/** An ACTIVE user acts without being told; the answer only shows when the slot lapses. */
const activeMs = 5_000;

/** The share of an interval that is random, so that users who came together do not come back together. */
const usualShare = 1 / 5;

/**
 * The random share of an interval, `upMs` after this process began to serve. The users that it served before
 * a restart come back at the same moment; for one interval, each of them gets any moment of it.
 */
export const jitterShare = (upMs: number): number => (upMs < slowestMs ? 1 : usualShare);

/** The input of the interval of a waiting user. */
export interface WaitingPoll {
  /** From 1; null while it is unknown. */
  readonly position: number | null;
  readonly estimate: WaitEstimate | null;
  readonly policy: Pick<QueuePolicy, "admissionsPerMinute" | "claimSeconds">;
}

/**
 * The interval after which a waiting user should poll again, in ms:
 * - at most 20 s, a third of the estimated wait, and a third of `claimSeconds`
 * - about 1 s near the front, and never below 250 ms
 * - without an estimate, by the shortest wait that the admission rate allows
 *
 * `jitter` (0 to 1, evenly spread) takes up to `share` of it off: see `jitterShare`.
 */
export const waitingPollMs = (poll: WaitingPoll, jitter: number, share = usualShare): number => {
  const { position, estimate, policy } = poll;
  const shortestMs = ((position ?? Infinity) * 60_000) / policy.admissionsPerMinute;
  const waitMs = Math.min(shortestMs, estimate === null ? Infinity : estimate.p50Seconds * 1_000);
  const thirdMs = Math.min(Math.max(waitMs / 3, nearMs), slowestMs);
  return spread(Math.min(thirdMs, (policy.claimSeconds * 1_000) / 3), jitter * share);
};

/**
 * Bounds of `waitingPollMs` for a caller that knows only the position: at most `pollSlowestMs`, and at most
 * the larger of `pollNearMs` and position · `pollPerPlaceMs`. In a lobby no user knows a position.
 */
export const pollBounds = (
  policy: WaitingPoll["policy"],
  isInLobby: boolean,
): {
  readonly pollPerPlaceMs: number;
  readonly pollNearMs: number;
  readonly pollSlowestMs: number;
} => {
  const pollSlowestMs = Math.min(slowestMs, Math.ceil((policy.claimSeconds * 1_000) / 3));
  const pollPerPlaceMs = Math.ceil(60_000 / policy.admissionsPerMinute / 3);
  const perPlaceMs = isInLobby ? pollSlowestMs : Math.min(pollSlowestMs, pollPerPlaceMs);
  return { pollPerPlaceMs: perPlaceMs, pollNearMs: nearMs, pollSlowestMs };
};

/**
 * How long recovery waits for the users of a queue that may have lost places: each of them polls within the
 * slowest interval, and may be a little late.
 */
export const recoveryMs = slowestMs + 5_000;

/** The interval of an ACTIVE user, in ms: at most 5 s and at most a third of the time left. */
export const activePollMs = (leftMs: number, jitter: number, share = usualShare): number =>
  spread(Math.min(activeMs, leftMs / 3), jitter * share);

/** The interval for an ended place, in ms: the slowest, because nothing will change. */
export const endedPollMs = slowestMs;

const spread = (intervalMs: number, off: number): number =>
  Math.max(fastestMs, Math.floor(intervalMs * (1 - off)));
