import type { ConcertId } from "#kernel/ids.ts";
import type { Concert } from "../domain/concert.ts";
import type { Violation } from "../domain/violation.ts";
import {
  changedPolicy,
  fixedViolations,
  policyViolations,
  type PolicyInput,
} from "../domain/policy.ts";
import type { ConcertRecords } from "../ports/concert-records.ts";
import type { PolicyForecast, QueueForecasts } from "#kernel/queue-forecasts.ts";
import type { SaleMonitor } from "../ports/sale-monitor.ts";
import type { ConcertCache } from "../ports/concert-cache.ts";

export interface PreviewPolicyDeps {
  readonly records: Pick<ConcertRecords, "nowMs">;
  readonly cache: Pick<ConcertCache, "find">;
  readonly monitor: Pick<SaleMonitor, "forecast">;
}

export interface PreviewPolicy {
  readonly concertId: ConcertId;
  readonly input: PolicyInput;
}

export interface PolicyPreview {
  readonly concert: Concert;
  /** The queue and the measurements that both forecasts start from. */
  readonly queue: Omit<QueueForecasts, "forecasts">;
  /** The forecast under the policy of now, and the one under the changed policy. */
  readonly now: PolicyForecast;
  readonly changed: PolicyForecast;
}

export type PreviewPolicyOutcome =
  | { readonly kind: "concert-not-found" }
  | { readonly kind: "invalid"; readonly violations: readonly Violation[] }
  | { readonly kind: "closed" }
  | { readonly kind: "previewed"; readonly preview: PolicyPreview };

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
    const { forecasts, ...queue } = await deps.monitor.forecast(concert, [concert.policy, policy]);
    const [now, changed] = forecasts;
    if (now === undefined || changed === undefined) throw new Error("a forecast is missing");
    return { kind: "previewed", preview: { concert, queue, now, changed } };
  };
