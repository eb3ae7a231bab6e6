import type { Policy } from "./policy.ts";

/** The setting that bounds the rate of admission: admissionsPerMinute, maxActive or shoppersPerSeat. */
export type Limit = "RATE" | "CAP" | "STOCK";

/** The state of a queue and its sale from which a forecast starts. */
export interface ForecastInput {
  readonly waiting: number;
  readonly active: number;
  readonly seatsAvailable: number;
  /** Average time for which an admitted user keeps the slot; above 0. */
  readonly turnSeconds: number;
  /** Average number of seats that an admitted user takes; null: not measured, and counted as 0. */
  readonly seatsPerTurn: number | null;
}

export type ForecastPolicy = Pick<Policy, "admissionsPerMinute" | "maxActive" | "shoppersPerSeat">;

export interface AdmissionForecast {
  readonly ends: "LINE_EMPTY" | "SOLD_OUT" | "NEVER";
  /** Whole seconds; null when `ends` is NEVER. */
  readonly endsAfterSeconds: number | null;
  /** Whole seconds until the last waiting user is admitted; null when that user is never admitted. */
  readonly lastWaitSeconds: number | null;
  /** The number of waiting users who are admitted. */
  readonly turns: number;
  /** Average until the end. */
  readonly admissionsPerMinute: number;
  /** The limit that applied for most of the time; null for an empty queue. */
  readonly limitedBy: Limit | null;
}

/** More steps change no visible digit; fewer make the time of the last seats wrong. */
const stepCount = 2_000;

/** Subtracted before rounding up: the rounding errors of all steps together stay below it. */
const roundingErrorSeconds = 1e-6;

/** The state of the simulation; the numbers are fractions because users are a continuous flow. */
interface Simulation {
  seconds: number;
  active: number;
  seats: number;
  /** Seconds for which each limit applied. */
  readonly limited: Record<Limit, number>;
}

/** The most users who may be ACTIVE at once, and the limit that says so. */
const activeLimit = (
  policy: ForecastPolicy,
  seats: number,
): { readonly most: number; limit: Limit } => {
  // The simulation takes fractions of a seat, but the last seat counts as whole until it is taken.
  const shoppers = policy.shoppersPerSeat * Math.max(1, seats);
  return shoppers < policy.maxActive
    ? { most: shoppers, limit: "STOCK" }
    : { most: policy.maxActive, limit: "CAP" };
};

/** Advances the time: slots end at an exponential rate, while `perSecond` new ones begin. */
const advance = (
  simulation: Simulation,
  turnSeconds: number,
  perSecond: number,
  seconds: number,
): void => {
  const kept = Math.exp(-seconds / turnSeconds);
  simulation.active = simulation.active * kept + perSecond * turnSeconds * (1 - kept);
  simulation.seconds += seconds;
};

/** Admits `users` at the rate that the policy allows in the present state. */
const admit = (
  simulation: Simulation,
  input: ForecastInput,
  policy: ForecastPolicy,
  users: number,
): void => {
  const { most, limit } = activeLimit(policy, simulation.seats);
  const { turnSeconds } = input;
  if (simulation.active > most) {
    const seconds = turnSeconds * Math.log(simulation.active / most);
    advance(simulation, turnSeconds, 0, seconds);
    simulation.limited[limit] += seconds;
  }
  const rate = policy.admissionsPerMinute / 60;
  const isFull = simulation.active + users > most;
  const perSecond = isFull ? Math.min(rate, most / turnSeconds) : rate;
  const seconds = users / perSecond;
  advance(simulation, turnSeconds, perSecond, seconds);
  simulation.limited[perSecond < rate ? limit : "RATE"] += seconds;
  simulation.seats -= users * (input.seatsPerTurn ?? 0);
};

const longestLimit = (limited: Readonly<Record<Limit, number>>): Limit | null => {
  const limits: readonly Limit[] = ["RATE", "CAP", "STOCK"];
  const [longest] = limits.toSorted((a, b) => limited[b] - limited[a]);
  return longest === undefined || limited[longest] <= 0 ? null : longest;
};

const noAdmission: AdmissionForecast = {
  ends: "NEVER",
  endsAfterSeconds: null,
  lastWaitSeconds: null,
  turns: 0,
  admissionsPerMinute: 0,
  limitedBy: "STOCK",
};

/**
 * Forecasts how the waiting users are admitted under a policy.
 *
 * The waiting users are admitted in order, as fast as rate, cap and stock allow. Each keeps the slot
 * for `turnSeconds` and takes `seatsPerTurn` seats. No user joins or leaves, because the policy does
 * not decide that.
 *
 * Outcomes, first that applies:
 * - `LINE_EMPTY`  every waiting user is admitted; an empty queue ends at once
 * - `NEVER`       no seat is available, so no user is admitted
 * - `SOLD_OUT`    the seats run out before the queue does
 *
 * Cost: a simulation of `stepCount` steps for any queue.
 */
export const forecastAdmission = (
  input: ForecastInput,
  policy: ForecastPolicy,
): AdmissionForecast => {
  const { waiting, seatsAvailable, seatsPerTurn } = input;
  if (waiting === 0)
    return {
      ...noAdmission,
      ends: "LINE_EMPTY",
      endsAfterSeconds: 0,
      lastWaitSeconds: 0,
      limitedBy: null,
    };
  if (seatsAvailable <= 0) return noAdmission;
  const turnsMax =
    seatsPerTurn === null || seatsPerTurn === 0 ? Infinity : seatsAvailable / seatsPerTurn;
  const turns = Math.min(waiting, turnsMax);
  const simulation: Simulation = {
    seconds: 0,
    active: input.active,
    seats: seatsAvailable,
    limited: { RATE: 0, CAP: 0, STOCK: 0 },
  };
  for (let n = 0; n < stepCount; n += 1) admit(simulation, input, policy, turns / stepCount);
  const seconds = Math.ceil(simulation.seconds - roundingErrorSeconds);
  const isEmptied = waiting <= turnsMax;
  return {
    ends: isEmptied ? "LINE_EMPTY" : "SOLD_OUT",
    endsAfterSeconds: seconds,
    lastWaitSeconds: isEmptied ? seconds : null,
    turns: Math.floor(turns),
    admissionsPerMinute: Math.round((turns / simulation.seconds) * 60),
    limitedBy: longestLimit(simulation.limited),
  };
};
