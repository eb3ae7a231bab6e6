import type { QueuePolicy } from "./policy.ts";

/** Counts of turns and waits since the store was empty. */
export interface TurnCounts {
  /** Slots that have ended, for whatever reason. */
  readonly ended: number;
  /** Slots that ended with a payment. */
  readonly paid: number;
  /** Users who have bought in this sale, also before the store was lost. */
  readonly buyers: number;
  /** Users who left while they waited. */
  readonly leftWaiting: number;
  /** Sums over users of the time spent ACTIVE, ACTIVE with a hold, and waiting. */
  readonly activeMs: number;
  readonly holdingMs: number;
  readonly waitingMs: number;
}

/** A queue at one moment, as far as its turns tell how the next ones will go. */
export interface CountedQueue {
  readonly active: number;
  readonly holding: number;
  readonly skipped: number;
  readonly admittedTotal: number;
  /** Since the first admission; 0 before it. */
  readonly admittingSeconds: number;
  readonly turns: TurnCounts;
  /** Seats sold so far. */
  readonly sold: number;
}

/** How the users of a queue behave, on average. */
export interface TurnMeasures {
  /** From an admission to the end of the slot, above 0. */
  readonly turnSeconds: number;
  /** The part of a turn without a hold, above 0. */
  readonly shoppingSeconds: number;
  /** Standard deviation of the logarithm of `turnSeconds`: how far it may be from the truth. */
  readonly turnSpread: number;
  /** Seats that an admitted user buys, above 0. */
  readonly seatsPerTurn: number;
  /** Of the waiting users, the share that leaves in a second. */
  readonly leavingPerSecond: number;
  /** Of the users whose turn comes, the share that is absent. */
  readonly absentShare: number;
}

type TurnPolicy = Pick<QueuePolicy, "sessionSeconds" | "holdSeconds" | "maxSeatsPerUser">;

// The constants below were chosen by the simulated sales of forecast-calibration.test.ts.

/** As long as nothing is known, an ACTIVE user is expected to stay for this share of a session. */
const residualShare = 0.4;
/** How much of that expectation may be wrong. */
const residualSpread = 0.6;
/** As long as nothing is known, the share of a turn that is spent without a hold. */
const shoppingShare = 0.6;
/** The share of the users with a hold who will pay. */
const payingShare = 0.8;
/** Shorter turns would divide by almost nothing. */
const shortestSeconds = 0.1;
/** An hour of one waiting user: before it, users who leave say little. */
const waitingWeightMs = 3_600_000;
/** Users whose turn came, before which a single absent one says little. */
const absentWeight = 10;

/** A session of a day says nothing about how long users take. */
const longestGuessSeconds = 3_600;
const sessionOf = ({ sessionSeconds }: TurnPolicy): number =>
  Math.min(sessionSeconds, longestGuessSeconds);

/**
 * The mean turn. Quick turns end first, so the mean of the turns that have ended is too short at the beginning
 * of a sale. Therefore every turn that has begun counts: with the time that it has taken, and for those that
 * go on with the time that is still expected of them. That time is a guess until whole sessions have passed.
 */
const measureLength = (queue: CountedQueue, policy: TurnPolicy) => {
  const { active, turns } = queue;
  const longest = policy.sessionSeconds + policy.holdSeconds;
  const session = sessionOf(policy);
  const guess = residualShare * session;
  const guessed = Math.max(0, 1 - queue.admittingSeconds / session);
  const spentSeconds = turns.activeMs / 1_000;
  const meanEnded = turns.ended === 0 ? guess : Math.min(longest, spentSeconds / turns.ended);
  const residual = guessed * guess + (1 - guessed) * meanEnded;
  // One more turn, of which nothing is known, keeps a queue without turns from dividing by 0.
  const goingOn = active + 1;
  const total = spentSeconds + goingOn * residual;
  const turnSeconds = total / (turns.ended + goingOn);
  const spread = residualSpread * ((goingOn * guessed * guess) / total);
  return {
    turnSeconds: Math.min(longest, Math.max(shortestSeconds, turnSeconds)),
    turnSpread: Math.hypot(1 / Math.sqrt(turns.ended + 2), spread),
  };
};

/** Seats a turn: the share of the users who buy, times the seats of a buyer. Begins at one of two, and two seats. */
const measureSeats = ({ holding, turns, sold }: CountedQueue, policy: TurnPolicy): number => {
  const buyers = turns.paid + payingShare * holding;
  const buyingShare = (buyers + 1) / (turns.ended + holding + 2);
  const seatsPerBuyer = (sold + 2) / (turns.buyers + 1);
  return buyingShare * Math.max(1, Math.min(policy.maxSeatsPerUser, seatsPerBuyer));
};

/** Measures how the users of a queue behave. Where little has been seen, a cautious guess takes its place. */
export const measureTurns = (queue: CountedQueue, policy: TurnPolicy): TurnMeasures => {
  const { turns, admittedTotal, skipped } = queue;
  const { turnSeconds, turnSpread } = measureLength(queue, policy);
  const weightMs = residualShare * sessionOf(policy) * 1_000;
  const shoppingMs = Math.max(0, turns.activeMs - turns.holdingMs) + shoppingShare * weightMs;
  const shopping = shoppingMs / (turns.activeMs + weightMs);
  return {
    turnSeconds,
    turnSpread,
    shoppingSeconds: Math.max(shortestSeconds, turnSeconds * shopping),
    seatsPerTurn: measureSeats(queue, policy),
    leavingPerSecond: (turns.leftWaiting * 1_000) / (turns.waitingMs + waitingWeightMs),
    absentShare: skipped / (admittedTotal + skipped + absentWeight),
  };
};
