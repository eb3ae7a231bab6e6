import type { QueuePolicy } from "./policy.ts";
import type { WaitEstimate } from "./estimate.ts";

/** Longer, people would learn of their turn late; shorter, a million waiting would be a flood. */
const slowestMs = 20_000;
/** Where the turn is near, a second's delay is what a person notices. */
const nearMs = 1_000;
/** Shorter, one client could keep a connection busy for nothing. */
const fastestMs = 250;
/** While ACTIVE the person acts by himself; the answer only tells when the slot lapses. */
const activeMs = 5_000;

/** So much of an interval is given to chance, so that people who came together do not come back together. */
const usualShare = 1 / 5;

/**
 * The share of an interval that is given to chance, `upMs` after this process began to serve. Whoever
 * was with it before comes back at the same moment: for one interval, each of them is given any moment
 * of it.
 */
export const jitterShare = (upMs: number): number => (upMs < slowestMs ? 1 : usualShare);

/** What the interval of a waiting person depends on. */
export interface WaitingPoll {
  /** From 1; null while it cannot be told. */
  readonly position: number | null;
  readonly estimate: WaitEstimate | null;
  readonly policy: Pick<QueuePolicy, "admissionsPerMinute" | "claimSeconds">;
}

/**
 * When a waiting person should ask again, in ms: at most 20 s, at most a third of the estimated wait
 * and of `claimSeconds`, about 1 s near the front, never below 250 ms. Where nothing was measured,
 * the shortest wait that the admission rate allows stands for the estimate. `jitter` (0 to 1, evenly
 * spread) takes up to `share` of it off: see `chanceShare`.
 */
export const waitingPollMs = (poll: WaitingPoll, jitter: number, share = usualShare): number => {
  const { position, estimate, policy } = poll;
  const shortestMs = ((position ?? Infinity) * 60_000) / policy.admissionsPerMinute;
  const waitMs = Math.min(shortestMs, estimate === null ? Infinity : estimate.p50Seconds * 1_000);
  const thirdMs = Math.min(Math.max(waitMs / 3, nearMs), slowestMs);
  return spread(Math.min(thirdMs, (policy.claimSeconds * 1_000) / 3), jitter * share);
};

/**
 * Bounds of what `waitingPollMs` tells at any estimate and jitter, for whoever only knows a position:
 * at most `pollSlowestMs`, and at most the larger of `pollNearMs` and position · `pollPerPlaceMs`.
 */
export const pollBounds = (
  policy: WaitingPoll["policy"],
  isBeforeDraw: boolean,
): {
  readonly pollPerPlaceMs: number;
  readonly pollNearMs: number;
  readonly pollSlowestMs: number;
} => {
  const pollSlowestMs = Math.min(slowestMs, Math.ceil((policy.claimSeconds * 1_000) / 3));
  const pollPerPlaceMs = Math.ceil(60_000 / policy.admissionsPerMinute / 3);
  const perPlaceMs = isBeforeDraw ? pollSlowestMs : Math.min(pollSlowestMs, pollPerPlaceMs);
  return { pollPerPlaceMs: perPlaceMs, pollNearMs: nearMs, pollSlowestMs };
};

/**
 * How long a queue that may have lost people waits for them: everybody has been told to ask again within
 * the slowest interval, and may be a little late.
 */
export const recoveryMs = slowestMs + 5_000;

/** When an ACTIVE person should ask again, in ms: at most 5 s, at most a third of what is left. */
export const activePollMs = (leftMs: number, jitter: number, share = usualShare): number =>
  spread(Math.min(activeMs, leftMs / 3), jitter * share);

/** When to ask again about a place that has ended: nothing will change, so as late as can be. */
export const endedPollMs = slowestMs;

const spread = (intervalMs: number, off: number): number =>
  Math.max(fastestMs, Math.floor(intervalMs * (1 - off)));
