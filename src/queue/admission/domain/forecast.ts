import type { Limit } from "#kernel/queue-forecasts.ts";
import type { QueuePolicy } from "./policy.ts";
import { measureTurns, type CountedQueue, type TurnMeasures } from "./turns.ts";

export type ForecastPolicy = Pick<
  QueuePolicy,
  | "admissionsPerMinute"
  | "maxActive"
  | "shoppersPerSeat"
  | "sessionSeconds"
  | "holdSeconds"
  | "maxSeatsPerUser"
>;

/** A rate that grows after a pause: the share in force now, 0 to 1, and the time until it is whole. */
export interface Ramp {
  readonly share: number;
  readonly secondsLeft: number;
}

/** The state of a queue and its sale at one moment. */
export interface ForecastInput extends CountedQueue {
  readonly policy: ForecastPolicy;
  readonly ramp: Ramp;
  readonly waiting: number;
  readonly seatsAvailable: number;
}

/** The queue at a later moment. Users are a continuous flow, so numbers of them are fractions. */
export interface ForecastPoint {
  readonly seconds: number;
  /** The waiting users of now who have had their turn, were absent, or have left. */
  readonly position: number;
  /** Of them, those who are admitted. */
  readonly admitted: number;
  /** The time in which cap or stock set the pace, and the turns that ended in it: how fast depends on their users. */
  readonly boundSeconds: number;
  readonly boundTurns: number;
}

export interface AdmissionForecast {
  readonly waiting: number;
  readonly seatsAvailable: number;
  readonly measured: TurnMeasures;
  /** In order of time; the first one is now. */
  readonly points: readonly ForecastPoint[];
  /** Whether the seats are gone after the last point. Otherwise further users are admitted then. */
  readonly endsSoldOut: boolean;
  /** Seconds for which each limit set the pace. */
  readonly limited: Readonly<Record<Limit, number>>;
}

/** A step takes this share of the time so far; smaller steps change no visible digit. */
const stepShare = 0.03;
/** No sale waits for a year, and its user neither. */
const secondsMax = 365 * 86_400;
/** Less than half a seat is none: the flow takes fractions of the last one. */
const seatsMin = 0.5;
/** Users who may join before the forecast is made anew. */
const newcomersShare = 1.02;
const newcomersMin = 100;
/** At least e to minus this power of the users, 22 %, stay: a burst of users who leave does not go on for ever. */
const exponentMax = 1.5;

interface Occupancy {
  readonly shoppers: number;
  readonly holding: number;
  readonly seats: number;
  /** Of this step. */
  readonly admitted: number;
  readonly ended: number;
  readonly limit: Limit;
}

/** The shares of shoppers and of holders who are still there after a step, and of the shoppers who then hold. */
const sharesOf = ({ turnSeconds, shoppingSeconds, seatsPerTurn }: TurnMeasures, step: number) => {
  const holdShare = Math.min(1, seatsPerTurn);
  const holdSeconds = Math.max(0, turnSeconds - shoppingSeconds) / holdShare;
  return {
    shopping: shoppingSeconds / (shoppingSeconds + step),
    holding: holdSeconds / (holdSeconds + step),
    holdShare,
  };
};

/**
 * One step of the flow: shoppers are admitted, as many as rate, cap and stock allow at the end of the step; they
 * take seats and hold them, or go. The step is implicit, so that it is stable whatever its length.
 */
const advance = (
  flow: Pick<Occupancy, "shoppers" | "holding" | "seats">,
  { policy, measured }: { readonly policy: ForecastPolicy; readonly measured: TurnMeasures },
  step: number,
  rate: number,
): Occupancy => {
  const { shopping, holding, holdShare } = sharesOf(measured, step);
  const going = 1 - shopping;
  const { shoppersPerSeat, maxActive } = policy;
  const taken = measured.seatsPerTurn * going;
  const byLimit = {
    RATE: flow.shoppers + rate * step,
    CAP: (maxActive - flow.holding * holding) / (shopping + holdShare * going * holding),
    STOCK: (shoppersPerSeat * flow.seats) / (shopping + shoppersPerSeat * taken),
  };
  const limit = byLimit.RATE <= Math.min(byLimit.CAP, byLimit.STOCK) ? "RATE" : boundOf(byLimit);
  const inside = Math.max(flow.shoppers, byLimit[limit]);
  const toHold = holdShare * going * inside;
  return {
    shoppers: shopping * inside,
    holding: holding * (flow.holding + toHold),
    seats: flow.seats - taken * inside,
    admitted: inside - flow.shoppers,
    ended: going * inside,
    limit,
  };
};

const boundOf = ({ CAP, STOCK }: Readonly<Record<Limit, number>>): Limit =>
  CAP <= STOCK ? "CAP" : "STOCK";

/** The position up to which a forecast is made. */
export const reachOf = (waiting: number): number => waiting * newcomersShare + newcomersMin;

const start: ForecastPoint = {
  seconds: 0,
  position: 0,
  admitted: 0,
  boundSeconds: 0,
  boundTurns: 0,
};

/**
 * Forecasts how the waiting users are admitted: in order, as fast as rate, cap and stock allow. Each user keeps
 * the slot, buys, leaves or is absent as users of this queue did so far. No user joins ahead of a waiting one, so
 * newcomers change nothing.
 *
 * The forecast serves every user of the queue, and operators. Cost: a few hundred steps for any queue.
 */
export const forecastAdmission = (input: ForecastInput): AdmissionForecast => {
  const { policy, ramp, waiting, seatsAvailable } = input;
  const measured = measureTurns(input, policy);
  const { leavingPerSecond, absentShare, shoppingSeconds } = measured;
  const fullRate = policy.admissionsPerMinute / 60;
  const rateAt = (seconds: number): number =>
    fullRate * Math.min(1, ramp.share + ((1 - ramp.share) * seconds) / (ramp.secondsLeft || 1));
  const through = reachOf(waiting);

  let flow: Pick<Occupancy, "shoppers" | "holding" | "seats"> = {
    shoppers: Math.max(0, input.active - input.holding),
    holding: input.holding,
    seats: seatsAvailable,
  };
  let point = start;
  const points = [point];
  const limited = { RATE: 0, CAP: 0, STOCK: 0 };
  const firstStep = Math.min(1, shoppingSeconds / 4, 1 / fullRate);
  while (point.position < through && flow.seats >= seatsMin && point.seconds < secondsMax) {
    const step = Math.max(firstStep, stepShare * point.seconds);
    const middle = point.seconds + step / 2;
    const next = advance(flow, { policy, measured }, step, rateAt(middle));
    limited[next.limit] += step;
    const isBound = next.limit !== "RATE";
    // Of the users who now wait, some are gone before their turn: each admission moves the others further.
    const stay = Math.exp(-Math.min(exponentMax, leavingPerSecond * middle)) * (1 - absentShare);
    point = {
      seconds: point.seconds + step,
      position: point.position + next.admitted / stay,
      admitted: point.admitted + next.admitted,
      boundSeconds: point.boundSeconds + (isBound ? step : 0),
      boundTurns: point.boundTurns + (isBound ? next.ended : 0),
    };
    points.push(point);
    flow = next;
  }
  return { waiting, seatsAvailable, measured, points, endsSoldOut: flow.seats < seatsMin, limited };
};

/** The forecast at a position, between two of its points; null behind its last point. */
export const pointAt = (
  { points }: Pick<AdmissionForecast, "points">,
  position: number,
): ForecastPoint | null => {
  let [low, high] = [0, points.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle] ?? start).position < position) low = middle + 1;
    else high = middle;
  }
  const to = points[low];
  if (to === undefined || to.position < position) return null;
  const from = points[low - 1] ?? start;
  const span = to.position - from.position;
  const share = span === 0 ? 1 : (position - from.position) / span;
  const between = (name: keyof ForecastPoint): number =>
    from[name] + share * (to[name] - from[name]);
  return {
    seconds: between("seconds"),
    position,
    admitted: between("admitted"),
    boundSeconds: between("boundSeconds"),
    boundTurns: between("boundTurns"),
  };
};
