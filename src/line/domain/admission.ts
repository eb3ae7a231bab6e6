import type { InstantMs } from "#kernel/instant.ts";
import { finalState, queueState, type Circumstances, type FinalState } from "./queue-state.ts";

/** What one admission pass may do; the line's store applies it in one step, by its own clock. */
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
  /** At most this many people are admitted, and as many lapse, in one step. */
  readonly peopleMax: number;
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
export const effectiveRate = (line: AdmissionCircumstances, nowMs: InstantMs): number => {
  const { admissionsPerMinute } = line.policy;
  const rampMs = (line.rampSeconds ?? 0) * 1_000;
  if (line.resumedAtMs === null || rampMs <= 0) return admissionsPerMinute;
  const share = Math.min(1, Math.max(0, (nowMs - line.resumedAtMs) / rampMs));
  return Math.floor(admissionsPerMinute * share);
};

/**
 * The terms of a pass at a moment. Nobody is admitted while the line is paused, recovering, sold out
 * or closed, nor while the stock is unknown or empty. The opening itself is judged by the store's clock.
 */
export const passTerms = (line: AdmissionCircumstances, nowMs: InstantMs): PassTerms => {
  const { policy, stock } = line;
  const final = finalState(queueState(line, nowMs));
  const stopped = final !== null || line.pausedAtMs !== null || line.recovering;
  return {
    sessionMs: policy.sessionSeconds * 1_000,
    claimMs: policy.claimSeconds * 1_000,
    admissionsPerMinute: effectiveRate(line, nowMs),
    maxActive: policy.maxActive,
    shoppersMax: Math.floor(policy.shoppersPerSeat * Math.max(0, stock?.available ?? 0)),
    admitsFromMs: stopped ? null : (policy.admitsAtMs ?? policy.opensAtMs),
    final,
    peopleMax: passPeopleMax,
  };
};
