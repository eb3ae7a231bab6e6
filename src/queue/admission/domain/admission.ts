import type { InstantMs } from "#kernel/instant.ts";
import { pollBounds } from "./poll-interval.ts";
import { isBeforeDraw } from "./draw.ts";
import { finalState, queueState, type Circumstances, type FinalState } from "./queue-state.ts";

/** What one admission pass may do; the queue's store applies it in one step, by its own clock. */
export interface PassTerms {
  readonly sessionMs: number;
  readonly claimMs: number;
  readonly admissionsPerMinute: number;
  readonly maxActive: number;
  /** The ACTIVE people without a hold stay below this; 0 admits nobody. */
  readonly shoppersMax: number;
  /** Nobody is admitted before this moment; null: nobody is admitted at all. */
  readonly admitsFromMs: InstantMs | null;
  /** Nobody will ever be admitted again: whoever waits has ended. */
  readonly final: FinalState | null;
  /** At most this many people are admitted or stepped over, and as many lapse, in one step. */
  readonly peopleMax: number;
  readonly presence: PresenceTerms;
  /** For so long the store keeps a queue that is over, and all of whose endings the database has. */
  readonly retentionMs: number;
}

/** Who near the front counts as absent: whoever was told to ask again, and is late by the grace. */
export interface PresenceTerms {
  /** Who waits is told to ask again within this time, times his position, */
  readonly pollPerPlaceMs: number;
  /** but possibly not sooner than this, */
  readonly pollNearMs: number;
  /** and never later than this; who has just come near the front may have been told so. */
  readonly pollSlowestMs: number;
  readonly graceMs: number;
  /** Presence is kept for so many at the front. */
  readonly trackedMax: number;
  /** After a time without passes as long as this, nobody has missed anything. */
  readonly passGapMs: number;
}

/** A sale as the pass needs to see it. */
export interface AdmissionCircumstances extends Circumstances {
  readonly resumedAtMs: InstantMs | null;
  readonly rampSeconds: number | null;
}

/** Larger, one step would hold the store for more than a few ms; smaller, high rates need more steps. */
export const passPeopleMax = 500;

/**
 * The rate in force: after a resume it grows evenly from nothing to its setting over `rampSeconds`.
 * Whole admissions a minute, never above the setting.
 */
export const effectiveRate = (queue: AdmissionCircumstances, nowMs: InstantMs): number => {
  const { admissionsPerMinute } = queue.policy;
  const rampMs = (queue.rampSeconds ?? 0) * 1_000;
  if (queue.resumedAtMs === null || rampMs <= 0) return admissionsPerMinute;
  const share = Math.min(1, Math.max(0, (nowMs - queue.resumedAtMs) / rampMs));
  return Math.floor(admissionsPerMinute * share);
};

/** A pass refills at one rate for the time since the last one: of one that grows, at that of its middle. */
const halfTickMs = 100;
/** Later by a few seconds is a slow network, not somebody who has gone. */
const graceMs = 5_000;
/** Passes come five times a second: no instance was there, or the store stood still. */
const passGapMs = 3_000;
/** Questions come for days; afterwards the database and the sale answer them alone. */
export const retentionMs = 7 * 24 * 3_600_000;
/** Nobody is missed sooner than 25 s after he came near the front; twice that leaves room for waves. */
const trackedSeconds = 75;
const trackedFewest = 100;
/** At 136 bytes each, a few MB a queue, whatever its length. */
const trackedMost = 20_000;

/** Whom a pass watches, from what people are told at that moment. */
const presenceTerms = (queue: AdmissionCircumstances, nowMs: InstantMs): PresenceTerms => {
  const { policy } = queue;
  const isBeforeDraw = queueState(queue, nowMs) === "LOBBY";
  const soonMax = Math.ceil((policy.admissionsPerMinute * trackedSeconds) / 60);
  return {
    ...pollBounds(policy, isBeforeDraw),
    graceMs,
    trackedMax: Math.min(trackedMost, Math.max(trackedFewest, soonMax)),
    passGapMs,
  };
};

/**
 * The terms of a pass at a moment. Nobody is admitted while the queue is paused, recovering, sold out
 * or closed, nor before the draw of a lottery stands in the database, nor while the stock is unknown or empty. The opening itself is judged by the store's clock.
 */
export const passTerms = (queue: AdmissionCircumstances, nowMs: InstantMs): PassTerms => {
  const { policy, stock } = queue;
  const final = finalState(queueState(queue, nowMs));
  const stopped =
    final !== null || queue.pausedAtMs !== null || queue.recovering || isBeforeDraw(queue);
  return {
    sessionMs: policy.sessionSeconds * 1_000,
    claimMs: policy.claimSeconds * 1_000,
    admissionsPerMinute: effectiveRate(queue, nowMs - halfTickMs),
    maxActive: policy.maxActive,
    shoppersMax: Math.floor(policy.shoppersPerSeat * Math.max(0, stock?.available ?? 0)),
    admitsFromMs: stopped ? null : (policy.admitsAtMs ?? policy.opensAtMs),
    final,
    peopleMax: passPeopleMax,
    presence: presenceTerms(queue, nowMs),
    retentionMs: retentionMs,
  };
};
