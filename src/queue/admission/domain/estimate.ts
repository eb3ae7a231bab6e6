import type { InstantMs } from "#kernel/instant.ts";

/** The admissions of a queue, as its store counts them. */
export interface RecentAdmissions {
  /** In the last 60 seconds. */
  readonly admittedLastMinute: number;
  /** Null before the first admission. */
  readonly firstAdmittedAtMs: InstantMs | null;
}

export interface WaitEstimate {
  readonly p50Seconds: number;
  readonly p90Seconds: number;
}

const windowMs = 60_000;

/**
 * Admissions a second, measured over the last minute; over the time since the first admission, or since the
 * end of a pause, where that is shorter. Null when no user was admitted in that time: the speed is unknown.
 */
export const admissionsPerSecond = (
  recent: RecentAdmissions,
  resumedAtMs: InstantMs | null,
  nowMs: InstantMs,
): number | null => {
  if (recent.admittedLastMinute <= 0 || recent.firstAdmittedAtMs === null) return null;
  const movingSinceMs = Math.max(recent.firstAdmittedAtMs, resumedAtMs ?? 0);
  // The first pass admits its whole bucket at once, so less than a second shows no speed.
  const measuredMs = Math.min(windowMs, Math.max(1_000, nowMs - movingSinceMs));
  return (recent.admittedLastMinute * 1_000) / measuredMs;
};

/** The standard normal quantile of 0.9. */
const z90 = 1.2816;

/**
 * The wait of the user at a position, at the measured speed, in whole seconds rounded up. Null when the
 * speed is unknown.
 *
 * Admissions are a Poisson stream, so the wait for the k-th of them follows a gamma distribution. Wilson
 * and Hilferty's approximation gives its quantiles, within 2 % from k = 3 on.
 */
export const estimateWait = (position: number, perSecond: number | null): WaitEstimate | null => {
  if (perSecond === null || perSecond <= 0) return null;
  const quantile = (z: number): number => {
    const root = 1 - 1 / (9 * position) + z / (3 * Math.sqrt(position));
    return Math.ceil((position * root ** 3) / perSecond);
  };
  return { p50Seconds: quantile(0), p90Seconds: quantile(z90) };
};
