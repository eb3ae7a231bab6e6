import type { Policy } from "./policy.ts";

/** What bounds how fast people are admitted. */
export type Limit = "RATE" | "CAP" | "STOCK";

/** A queue and its sale at one moment, as far as they decide how it goes on. */
export interface ForecastInput {
  readonly waiting: number;
  readonly active: number;
  readonly seatsAvailable: number;
  /** How long an admitted person keeps the slot, on average. */
  readonly turnSeconds: number;
  /** Seats that an admitted person takes, on average; null: nobody knows yet, and no seat is counted off. */
  readonly seatsPerTurn: number | null;
}

export type ForecastPolicy = Pick<Policy, "admissionsPerMinute" | "maxActive" | "shoppersPerSeat">;

/** How a queue goes on. */
export interface AdmissionForecast {
  readonly ends: "LINE_EMPTY" | "SOLD_OUT" | "NEVER";
  /** Whole seconds; null when it never ends. */
  readonly endsAfterSeconds: number | null;
  /** Until the last person who waits now is admitted; null when he never is. */
  readonly lastWaitSeconds: number | null;
  /** How many of those who wait now get their turn. */
  readonly turns: number;
  /** On average, until it ends. */
  readonly admissionsPerMinute: number;
  /** What held it back for most of that time; null when nothing had to be waited for. */
  readonly limitedBy: Limit | null;
}

/** Finer, nobody would see a difference; coarser, the last seats would be wrong. */
const strides = 2_000;

/** What thousands of strides may have gathered; it is not worth a second. */
const rounding = 1e-6;

interface Walk {
  seconds: number;
  active: number;
  seats: number;
  readonly spent: Record<Limit, number>;
}

/** The most people who may be ACTIVE at once, and why no more. */
const room = (policy: ForecastPolicy, seats: number): { readonly most: number; limit: Limit } => {
  // The flow divides seats, a hall does not: the last one is whole until it is taken.
  const shoppers = policy.shoppersPerSeat * Math.max(1, seats);
  return shoppers < policy.maxActive
    ? { most: shoppers, limit: "STOCK" }
    : { most: policy.maxActive, limit: "CAP" };
};

/** Slots given back over a time, where as many as `perSecond` are taken anew. */
const settle = (walk: Walk, turnSeconds: number, perSecond: number, seconds: number): void => {
  const kept = Math.exp(-seconds / turnSeconds);
  walk.active = walk.active * kept + perSecond * turnSeconds * (1 - kept);
  walk.seconds += seconds;
};

/** Admits some people, at the speed that the policy allows at this moment of the walk. */
const stride = (
  walk: Walk,
  present: ForecastInput,
  policy: ForecastPolicy,
  people: number,
): void => {
  const { most, limit } = room(policy, walk.seats);
  const { turnSeconds } = present;
  if (walk.active > most) {
    const seconds = turnSeconds * Math.log(walk.active / most);
    settle(walk, turnSeconds, 0, seconds);
    walk.spent[limit] += seconds;
  }
  const rate = policy.admissionsPerMinute / 60;
  const isFull = walk.active + people > most;
  const perSecond = isFull ? Math.min(rate, most / turnSeconds) : rate;
  const seconds = people / perSecond;
  settle(walk, turnSeconds, perSecond, seconds);
  walk.spent[perSecond < rate ? limit : "RATE"] += seconds;
  walk.seats -= people * (present.seatsPerTurn ?? 0);
};

const mostOf = (spent: Readonly<Record<Limit, number>>): Limit | null => {
  const limits: readonly Limit[] = ["RATE", "CAP", "STOCK"];
  const [most] = limits.toSorted((a, b) => spent[b] - spent[a]);
  return most === undefined || spent[most] <= 0 ? null : most;
};

/** Nobody is ever admitted. */
const stuck: AdmissionForecast = {
  ends: "NEVER",
  endsAfterSeconds: null,
  lastWaitSeconds: null,
  turns: 0,
  admissionsPerMinute: 0,
  limitedBy: "STOCK",
};

/**
 * How the queue goes on under a policy, if people go on as they did: those who wait now are admitted in
 * turn, as fast as rate, cap and stock allow, each keeps the slot for `turnSeconds` and takes
 * `seatsPerTurn` seats. Nobody joins, and nobody gives up; both are what an operator cannot set.
 *
 * Calculated as a flow in small strides; cost is the same for every queue.
 */
export const forecastAdmission = (
  present: ForecastInput,
  policy: ForecastPolicy,
): AdmissionForecast => {
  const { waiting, seatsAvailable, seatsPerTurn } = present;
  if (waiting === 0)
    return {
      ...stuck,
      ends: "LINE_EMPTY",
      endsAfterSeconds: 0,
      lastWaitSeconds: 0,
      limitedBy: null,
    };
  if (seatsAvailable <= 0) return stuck;
  const enough =
    seatsPerTurn === null || seatsPerTurn === 0 ? Infinity : seatsAvailable / seatsPerTurn;
  const turns = Math.min(waiting, enough);
  const walk: Walk = {
    seconds: 0,
    active: present.active,
    seats: seatsAvailable,
    spent: { RATE: 0, CAP: 0, STOCK: 0 },
  };
  for (let n = 0; n < strides; n += 1) stride(walk, present, policy, turns / strides);
  const seconds = Math.ceil(walk.seconds - rounding);
  const isServed = waiting <= enough;
  return {
    ends: isServed ? "LINE_EMPTY" : "SOLD_OUT",
    endsAfterSeconds: seconds,
    lastWaitSeconds: isServed ? seconds : null,
    turns: Math.floor(turns),
    admissionsPerMinute: Math.round((turns / walk.seconds) * 60),
    limitedBy: mostOf(walk.spent),
  };
};
