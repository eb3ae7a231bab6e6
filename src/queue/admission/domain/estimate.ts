import { pointAt, type AdmissionForecast } from "./forecast.ts";

export interface WaitEstimate {
  readonly p50Seconds: number;
  readonly p90Seconds: number;
}

/** Whether a seat is likely to be free when a user's turn comes; `none-left`: none is free now. */
export type SeatsLikely = "likely" | "unlikely" | "none-left";

/** The standard normal quantile of 0.9. */
const z90 = 1.2816;
// The constants below were chosen by the simulated sales of forecast-calibration.test.ts.
/** The variance of turns, as a multiple of their mean squared; 1 for exponential ones. */
const turnVariance = 1.5;
/** Users will not behave exactly as they did: the standard deviation of the logarithm of a wait. */
const changeSpread = 0.12;
/** By how much absent users make the wait uneven while the rate sets the pace. */
const absentSpread = 1.3;
/** Fewer turns than one cannot end before the next admission. */
const boundTurnsMin = 0.5;
const medianMin = 0.4;

/** Subtracted before rounding up: the rounding errors of all steps together stay below it. */
const roundingErrorSeconds = 1e-6;
/** Whole seconds, rounded up. */
export const wholeSeconds = (seconds: number): number =>
  Math.max(1, Math.ceil(seconds - roundingErrorSeconds));

/**
 * The wait of the user at a position, in whole seconds, 1 or more. Null when the seats are gone before the turn.
 *
 * The time in which the rate sets the pace is certain. The rest is the time in which a number of turns end. Its
 * median is that of a gamma distribution (by Wilson and Hilferty's approximation), and its 90th percentile that
 * of a log-normal one, which is wider: turns are uneven, and their mean is itself only measured.
 */
export const estimateWait = (
  forecast: AdmissionForecast,
  position: number,
): WaitEstimate | null => {
  const point = pointAt(forecast, position);
  if (point === null) return null;
  const { turnSpread, absentShare } = forecast.measured;
  const turns = Math.max(boundTurnsMin, point.boundTurns);
  const shape = Math.max(1, turns / turnVariance);
  const median = point.boundSeconds * Math.max(medianMin, (1 - 1 / (9 * shape)) ** 3);
  const spread = Math.hypot(Math.sqrt(turnVariance / turns), turnSpread, changeSpread);
  const certain = point.seconds - point.boundSeconds;
  const uneven = 1 + absentSpread * Math.sqrt(absentShare / Math.max(1, position));
  return {
    p50Seconds: wholeSeconds(certain + median),
    p90Seconds: wholeSeconds(certain * uneven + median * Math.exp(z90 * spread)),
  };
};

/** Whether a seat is free for the user at a position of a waiting list, where each user ahead gets one. */
export const seatsLikelyOnList = (seatsFree: number, position: number): SeatsLikely => {
  if (seatsFree <= 0) return "none-left";
  return position <= seatsFree ? "likely" : "unlikely";
};

/** Whether seats are likely to be left for the user at a position. */
export const seatsLikely = (forecast: AdmissionForecast, position: number): SeatsLikely => {
  if (forecast.seatsAvailable <= 0) return "none-left";
  const { points, endsSoldOut } = forecast;
  return endsSoldOut && position > (points.at(-1)?.position ?? 0) ? "unlikely" : "likely";
};
