import type { InstantMs } from "#kernel/instant.ts";
import { isBeforeDraw } from "./draw.ts";
import type { Ramp } from "./forecast.ts";
import { pollBounds } from "./poll-interval.ts";
import { finalState, queueState, type Circumstances, type FinalState } from "./queue-state.ts";

/** The terms of one admission pass. The store applies them in one step, by its own clock. */
export interface PassTerms {
  readonly sessionMs: number;
  readonly claimMs: number;
  /** An ACTIVE slot that is not used ends after this time; 0: never. */
  readonly idleMs: number;
  readonly admissionsPerMinute: number;
  readonly maxActive: number;
  /** Users are admitted up to so many ACTIVE users without a hold; 0 admits no user. */
  readonly shoppersMax: number;
  /** Admission begins at this moment; null: no user is admitted at all. */
  readonly admitsFromMs: InstantMs | null;
  /** No user will ever be admitted again, so every waiting place has ended; else null. */
  readonly final: FinalState | null;
  /** At most this many users are admitted or skipped, and as many slots lapse, in one step. */
  readonly peopleMax: number;
  readonly presence: PresenceTerms;
  /** The store keeps an ended queue for this long after the database has all of its endings. */
  readonly retentionMs: number;
  /** The queue goes on as a waiting list once it is sold out; absent: it ends. */
  readonly waitingList?: WaitingListTerms | undefined;
}

/** The terms of a waiting list. Its users are admitted by these instead of `shoppersMax` and `sessionMs`. */
export interface WaitingListTerms {
  /** Users are admitted up to so many ACTIVE users without a hold: one for each free seat. */
  readonly seatsFree: number;
  /** No seat is free and none is held: the waiting list begins, unless it has begun before. */
  readonly isSoldOut: boolean;
}

/**
 * Which users near the front count as absent: those who have not polled by the time that they were told,
 * plus a grace period.
 */
export interface PresenceTerms {
  /** A waiting user polls again within this time times the position, */
  readonly pollPerPlaceMs: number;
  /** but the server may have told a longer interval up to this, */
  readonly pollNearMs: number;
  /** and never a longer one than this, which is also the interval of a user who has just come near the front. */
  readonly pollSlowestMs: number;
  readonly graceMs: number;
  /** Presence is tracked for this many users at the front. */
  readonly trackedMax: number;
  /** After a longer gap between two passes, no user counts as absent: there was no instance to poll. */
  readonly passGapMs: number;
}

/** A sale, as far as its admission depends on it. */
export interface AdmissionCircumstances extends Circumstances {
  readonly resumedAtMs: InstantMs | null;
  readonly rampSeconds: number | null;
}

/** A larger pass would hold the store for more than a few ms; at a smaller one, high rates need more steps. */
export const passPeopleMax = 500;

/**
 * The rate in force, in whole admissions a minute, never above the setting. After a resume it grows evenly
 * from nothing to the setting over `rampSeconds`.
 */
export const effectiveRate = (queue: AdmissionCircumstances, nowMs: InstantMs): number =>
  Math.floor(queue.policy.admissionsPerMinute * rampAt(queue, nowMs).share);

/** How far the rate has grown after a resume, 0 to 1, and the time until it is whole. */
export const rampAt = (
  queue: Pick<AdmissionCircumstances, "resumedAtMs" | "rampSeconds">,
  nowMs: InstantMs,
): Ramp => {
  const rampMs = (queue.rampSeconds ?? 0) * 1_000;
  if (queue.resumedAtMs === null || rampMs <= 0) return { share: 1, secondsLeft: 0 };
  const share = Math.min(1, Math.max(0, (nowMs - queue.resumedAtMs) / rampMs));
  return { share, secondsLeft: ((1 - share) * rampMs) / 1_000 };
};

/** A pass refills at one rate for the time since the last pass. Of a growing rate, it takes the middle. */
const halfTickMs = 100;
/** A user who is late by a few seconds has a slow network; a user who is later has gone. */
const graceMs = 5_000;
/** Passes are 200 ms apart, those over an empty queue about 0.8 s. After a longer gap no instance was there, or the store did not answer. */
const passGapMs = 3_000;
/** Users poll an ended queue for days; later the database and the sale answer them alone. */
export const retentionMs = 7 * 24 * 3_600_000;
/** A user is absent 25 s after coming near the front at the earliest; three times that leaves room for many absent users at once. */
const trackedSeconds = 75;
const trackedFewest = 100;
/** A tracked user takes 136 bytes, so this many take a few MB, whatever the length of the queue. */
const trackedMost = 20_000;

/**
 * Longer than the stock of an instance may be old. A pass may take a seat for free that a user has taken within this
 * time, and a sale for sold out whose seats have come back within it.
 */
export const stockLagMs = 2_000;

const presenceTerms = (queue: AdmissionCircumstances, nowMs: InstantMs): PresenceTerms => {
  const { policy } = queue;
  const isInLobby = queueState(queue, nowMs) === "LOBBY";
  const soonMax = Math.ceil((policy.admissionsPerMinute * trackedSeconds) / 60);
  return {
    ...pollBounds(policy, isInLobby),
    graceMs,
    trackedMax: Math.min(trackedMost, Math.max(trackedFewest, soonMax)),
    passGapMs,
  };
};

/**
 * The terms of a pass at a moment. No user is admitted
 * - while the queue is paused, recovering, ended or closed
 * - while it is sold out, unless it has a waiting list: the stock is empty then
 * - before the database has the draw of a lottery
 * - while the stock is unknown or empty
 *
 * The store judges the opening by its own clock.
 */
export const passTerms = (queue: AdmissionCircumstances, nowMs: InstantMs): PassTerms => {
  const { policy, stock } = queue;
  const state = queueState(queue, nowMs);
  const final = finalState(state, policy);
  const isStopped =
    final !== null || queue.pausedAtMs !== null || queue.recovering || isBeforeDraw(queue);
  const seatsFree = Math.max(0, stock?.available ?? 0);
  return {
    sessionMs: policy.sessionSeconds * 1_000,
    claimMs: policy.claimSeconds * 1_000,
    idleMs: policy.idleSeconds * 1_000,
    admissionsPerMinute: effectiveRate(queue, nowMs - halfTickMs),
    maxActive: policy.maxActive,
    shoppersMax: Math.floor(policy.shoppersPerSeat * seatsFree),
    admitsFromMs: isStopped ? null : (policy.admitsAtMs ?? policy.opensAtMs),
    final,
    peopleMax: passPeopleMax,
    presence: presenceTerms(queue, nowMs),
    retentionMs,
    // A lobby becomes a waiting list only after its draw.
    ...(policy.waitingList === true && !isBeforeDraw(queue)
      ? { waitingList: { seatsFree, isSoldOut: state === "SOLD_OUT" } }
      : {}),
  };
};
