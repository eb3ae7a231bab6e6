import type { InstantMs } from "#kernel/instant.ts";

/** How fast the queue moved lately, as its store counted it. */
export interface RecentAdmissions {
  /** Admissions of the last 60 seconds. */
  readonly admittedLastMinute: number;
  /** When the first person of this queue was admitted; null when nobody was. */
  readonly firstAdmittedAtMs: InstantMs | null;
}

export interface WaitEstimate {
  readonly p50Seconds: number;
  readonly p90Seconds: number;
}

const windowMs = 60_000;

/**
 * People a second, measured over the last minute, or over the time since the queue began to move
 * where that is shorter (`movingSinceMs`: its first admission, or the end of a pause). Null when
 * nobody was admitted in that time: then nothing is known.
 */
export const admissionsPerSecond = (
  drain: RecentAdmissions,
  resumedAtMs: InstantMs | null,
  nowMs: InstantMs,
): number | null => {
  if (drain.admittedLastMinute <= 0 || drain.firstAdmittedAtMs === null) return null;
  const movingSinceMs = Math.max(drain.firstAdmittedAtMs, resumedAtMs ?? 0);
  // Less than a second says nothing about speed: the first pass admits its whole bucket at once.
  const measuredMs = Math.min(windowMs, Math.max(1_000, nowMs - movingSinceMs));
  return (drain.admittedLastMinute * 1_000) / measuredMs;
};

/** The standard normal quantile of 0.9. */
const z90 = 1.2816;

/**
 * When the person at a position can expect to be admitted, at the measured speed.
 *
 * Admissions are counted as a Poisson stream, so the wait for the k-th of them follows a gamma
 * distribution; its quantiles are taken by Wilson and Hilferty's approximation (within 2 % from
 * k = 3 on). Whole seconds, rounded up. Null when the speed is unknown.
 */
export const estimateWait = (position: number, perSecond: number | null): WaitEstimate | null => {
  if (perSecond === null || perSecond <= 0) return null;
  const quantile = (z: number): number => {
    const root = 1 - 1 / (9 * position) + z / (3 * Math.sqrt(position));
    return Math.ceil((position * root ** 3) / perSecond);
  };
  return { p50Seconds: quantile(0), p90Seconds: quantile(z90) };
};
