import type { ConcertId } from "#kernel/ids.ts";
import type { QueueForecasts } from "#kernel/queue-forecasts.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import { summarize } from "../domain/forecast-summary.ts";
import type { QueuePolicy } from "../domain/policy.ts";
import type { QueueStore } from "../ports/queue-store.ts";
import type { QueueSchedule, Sales } from "../ports/sales.ts";
import { forecastAt } from "../presenters/recent-forecasts.ts";

export interface ReadForecastsDeps {
  readonly store: Pick<QueueStore, "getSnapshot">;
  readonly sales: Pick<Sales, "stock">;
}

/**
 * Forecasts the admissions of a queue under policies that may not be in force, for operators.
 * Throws Unavailable, also while the stock is unknown. Cost: one store step.
 */
export const readForecasts =
  ({ store, sales }: ReadForecastsDeps) =>
  async (
    schedule: Pick<QueueSchedule, "resumedAtMs" | "rampSeconds"> & { concertId: ConcertId },
    policies: readonly [QueuePolicy, ...QueuePolicy[]],
  ): Promise<QueueForecasts> => {
    const { concertId } = schedule;
    const [{ atMs, counters }, stock] = await Promise.all([
      store.getSnapshot(concertId),
      sales.stock(concertId),
    ]);
    if (stock === null) throw new Unavailable("the stock cannot be read");
    const forecastUnder = (policy: QueuePolicy) =>
      forecastAt({ schedule: { ...schedule, policy }, stock, counters, atMs });
    const [first, ...others] = policies;
    const now = forecastUnder(first);
    const isMeasured = counters.turns.ended > 0;
    return {
      waiting: counters.waiting,
      active: counters.active,
      seatsAvailable: stock.available,
      turnSeconds: isMeasured ? now.measured.turnSeconds : null,
      seatsPerTurn: isMeasured ? now.measured.seatsPerTurn : null,
      forecasts: [now, ...others.map(forecastUnder)].map(summarize),
    };
  };
