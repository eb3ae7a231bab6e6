import type { ConcertId } from "#kernel/ids.ts";
import type { Concert } from "../domain/concert.ts";
import type { Violation } from "../domain/violation.ts";
import { forecastAdmission, type AdmissionForecast } from "../domain/admission-forecast.ts";
import {
  changedPolicy,
  fixedViolations,
  type Policy,
  policyViolations,
  type PolicyInput,
} from "../domain/policy.ts";
import type { ConcertRecords } from "../ports/concert-records.ts";
import type { QueueThroughput, SaleMonitor } from "../ports/sale-monitor.ts";
import type { ConcertCache } from "../ports/concert-cache.ts";

export interface PreviewPolicyDeps {
  readonly records: Pick<ConcertRecords, "nowMs">;
  readonly cache: Pick<ConcertCache, "find">;
  readonly monitor: Pick<SaleMonitor, "getThroughput">;
}

export interface PreviewPolicy {
  readonly concertId: ConcertId;
  readonly input: PolicyInput;
}

export interface PolicyPreview {
  readonly concert: Concert;
  /** The measurements that both forecasts start from. */
  readonly throughput: QueueThroughput;
  /** The forecast under the policy of now, and the one under the changed policy. */
  readonly now: AdmissionForecast & { readonly turnSeconds: number };
  readonly changed: AdmissionForecast & { readonly turnSeconds: number };
}

export type PreviewPolicyOutcome =
  | { readonly kind: "concert-not-found" }
  | { readonly kind: "invalid"; readonly violations: readonly Violation[] }
  | { readonly kind: "closed" }
  | { readonly kind: "previewed"; readonly preview: PolicyPreview };

/**
 * The average length of a turn under a policy, at least 0.1 s. Session plus hold bound a turn. Without
 * a measurement it is the whole session, so that the forecast is too long rather than too short.
 */
const turnSecondsUnder = (measured: number | null, policy: Policy): number => {
  const longest = policy.sessionSeconds + policy.holdSeconds;
  return Math.max(0.1, Math.min(measured ?? policy.sessionSeconds, longest));
};

const forecastUnder = (throughput: QueueThroughput, policy: Policy) => {
  const turnSeconds = turnSecondsUnder(throughput.turnSeconds, policy);
  return { ...forecastAdmission({ ...throughput, turnSeconds }, policy), turnSeconds };
};

/**
 * Forecasts the wait of the users in the queue under a changed policy. Stores nothing.
 *
 * Outcomes, first that applies, the same as for the change itself:
 * - `concert-not-found`
 * - `invalid`    every violation of the changed policy, and every setting that may no longer change
 * - `closed`     the queue is closed, so no user waits
 * - `previewed`
 *
 * Throws Unavailable when PostgreSQL or the queue's store is away.
 */
export const previewPolicy =
  (deps: PreviewPolicyDeps) =>
  async ({ concertId, input }: PreviewPolicy): Promise<PreviewPolicyOutcome> => {
    const concert = await deps.cache.find(concertId);
    if (concert === null) return { kind: "concert-not-found" };
    const policy = changedPolicy(concert.policy, input);
    const nowMs = await deps.records.nowMs();
    const violations = [
      ...policyViolations(policy),
      ...fixedViolations(concert.policy, policy, nowMs),
    ];
    if (violations.length > 0) return { kind: "invalid", violations };
    if (concert.closedAtMs !== null) return { kind: "closed" };
    const throughput = await deps.monitor.getThroughput(concertId);
    const now = forecastUnder(throughput, concert.policy);
    const changed = forecastUnder(throughput, policy);
    return { kind: "previewed", preview: { concert, throughput, now, changed } };
  };
