import type { SaleMonitor, SaleStats } from "#catalogue";
import type { QueueFeature, QueueMeasures } from "#queue";
import type { SaleFeature } from "#sale";

export interface SaleMonitorDeps {
  readonly queue: Pick<QueueFeature, "state" | "forecasts" | "measures">;
  readonly sale: Pick<SaleFeature, "stock" | "revenue" | "cancellation">;
}

/** The counters that only the queue's store knows; all null while it is away. */
const countersOf = (measures: QueueMeasures | null) => {
  const read = measures?.counters;
  return {
    waiting: read?.waiting ?? null,
    waitlisted: read?.waitingList === true ? read.waiting : null,
    skipped: read?.skipped ?? null,
    active: read?.active ?? null,
    admittedLastMinute: read?.admittedLastMinute ?? null,
  };
};

const noFlow: QueueMeasures["flow"] = { joined: 0, admitted: 0, left: 0, lapsed: 0 };

/** Rounded to four decimal places. */
const shareOf = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000;

/** Totals since the queue opened. PostgreSQL keeps them, so they include a store that was lost. */
const totalsOf = (measures: QueueMeasures | null) => {
  const { joined, admitted, left, lapsed } = measures?.flow ?? noFlow;
  return {
    admittedTotal: admitted,
    joinedTotal: joined,
    abandoned: { left, lapsed, share: shareOf(left + lapsed, joined) },
    waitSeconds: measures?.waitSeconds ?? null,
  };
};

/** Reads stats and forecasts of a concert from the queue, the seats and the ledger. */
export const saleMonitor = ({ queue, sale }: SaleMonitorDeps): SaleMonitor => ({
  // The queue knows no draft, which only operators read.
  getState: async (concertId) => (await queue.state(concertId)) ?? "SCHEDULED",

  getStats: async (concertId): Promise<SaleStats> => {
    // Counters and totals come from one snapshot: a second one could have more in the last minute than in all.
    const [measures, stock, revenue, cancellation] = await Promise.all([
      queue.measures(concertId),
      sale.stock(concertId),
      sale.revenue(concertId),
      sale.cancellation(concertId),
    ]);
    return {
      ...countersOf(measures),
      ...totalsOf(measures),
      seatsAvailable: stock.available,
      seatsHeld: stock.held,
      seatsSold: stock.sold,
      seatsTotal: stock.total,
      revenue,
      cancellation,
    };
  },

  forecast: (concert, policies) => queue.forecasts(concert, policies),
});
