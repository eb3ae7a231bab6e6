import type { PolicyForecast, Limit } from "#kernel/queue-forecasts.ts";
import { estimateWait, wholeSeconds } from "./estimate.ts";
import { pointAt, type AdmissionForecast } from "./forecast.ts";

const limits: readonly Limit[] = ["RATE", "CAP", "STOCK"];

const longestLimit = ({ limited }: AdmissionForecast): Limit | null => {
  const [longest] = limits.toSorted((a, b) => limited[b] - limited[a]);
  return longest === undefined || limited[longest] <= 0 ? null : longest;
};

const noTurn: PolicyForecast = {
  ends: "NEVER",
  endsAfterSeconds: null,
  lastWaitSeconds: null,
  lastWaitP90Seconds: null,
  turns: 0,
  admissionsPerMinute: 0,
  limitedBy: "STOCK",
};

const emptyQueue: PolicyForecast = {
  ...noTurn,
  ends: "LINE_EMPTY",
  endsAfterSeconds: 0,
  lastWaitSeconds: 0,
  lastWaitP90Seconds: 0,
  limitedBy: null,
};

/**
 * Sums a forecast up. Outcomes, first that applies:
 * - `LINE_EMPTY`  every waiting user is admitted, was absent or has left; an empty queue ends at once
 * - `NEVER`       no seat is available, or no user is admitted within a year
 * - `SOLD_OUT`    the seats run out before the queue does
 */
export const summarize = (forecast: AdmissionForecast): PolicyForecast => {
  const { waiting, seatsAvailable, points, endsSoldOut } = forecast;
  if (waiting === 0) return emptyQueue;
  const last = pointAt(forecast, waiting);
  const end = last ?? (endsSoldOut ? points.at(-1) : undefined);
  if (seatsAvailable <= 0 || end === undefined) return noTurn;
  const sum = {
    turns: Math.floor(end.admitted),
    admissionsPerMinute: Math.round((end.admitted / end.seconds) * 60),
    limitedBy: longestLimit(forecast),
  };
  const wait = estimateWait(forecast, waiting);
  if (wait === null)
    return { ...noTurn, ...sum, ends: "SOLD_OUT", endsAfterSeconds: wholeSeconds(end.seconds) };
  const { p50Seconds, p90Seconds } = wait;
  return {
    ...sum,
    ends: "LINE_EMPTY",
    endsAfterSeconds: p50Seconds,
    lastWaitSeconds: p50Seconds,
    lastWaitP90Seconds: p90Seconds,
  };
};
