import type { CatalogueFeature, LiveFigures, ReadFigures, ReadPace } from "#catalogue";
import type { ConcertId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/trouble.ts";
import type { QueueFeature, QueueCounters, QueueMeasures } from "#queue";
import type { SaleFeature } from "#sale";

export interface FiguresDeps {
  readonly queue: Pick<QueueFeature, "figures" | "measures">;
  readonly sale: Pick<SaleFeature, "stock" | "revenue">;
  readonly catalogue: Pick<CatalogueFeature, "find">;
}

const queueOrAway = async (
  queue: FiguresDeps["queue"],
  concertId: ConcertId,
): Promise<QueueCounters | null> => {
  try {
    return await queue.figures(concertId);
  } catch (error) {
    if (error instanceof Unavailable) return null;
    throw error;
  }
};

/** What the queue's store says of this moment; null while it is away. */
const momentOf = (queue: QueueCounters | null) => ({
  waiting: queue?.waiting ?? null,
  aside: queue?.aside ?? null,
  active: queue?.active ?? null,
  admittedLastMinute: queue?.admittedLastMinute ?? null,
});

const nobody: QueueMeasures["flow"] = { joined: 0, admitted: 0, left: 0, lapsed: 0 };

/** A ten-thousandth is as fine as anybody reads it. */
const shareOf = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000;

/** What was measured since the queue opened, also by stores that it has lost. */
const courseOf = (measures: QueueMeasures | null) => {
  const { joined, admitted, left, lapsed } = measures?.flow ?? nobody;
  return {
    admittedTotal: admitted,
    joinedTotal: joined,
    abandoned: { left, lapsed, share: shareOf(left + lapsed, joined) },
    waitSeconds: measures?.waitSeconds ?? null,
  };
};

/** How a sale goes, from the queue, the seats and the ledger; null where the queue's store is away. */
export const readFigures =
  ({ queue, sale, catalogue }: FiguresDeps): ReadFigures =>
  async (concertId): Promise<LiveFigures> => {
    const [counters, measures, stock, revenue, concert] = await Promise.all([
      queueOrAway(queue, concertId),
      queue.measures(concertId),
      sale.stock(concertId),
      sale.revenue(concertId),
      catalogue.find(concertId),
    ]);
    return {
      ...momentOf(counters),
      ...courseOf(measures),
      admissionsPerMinute: concert?.policy.admissionsPerMinute ?? 0,
      seatsAvailable: stock.available,
      seatsHeld: stock.held,
      seatsSold: stock.sold,
      seatsTotal: stock.total,
      revenue,
    };
  };

/**
 * What decides how a queue goes on. Seats are counted a turn, of the turns in which somebody has taken
 * seats or gone: one that goes on without has not decided. Throws Unavailable.
 */
export const readPace =
  ({ queue, sale }: Pick<FiguresDeps, "queue" | "sale">): ReadPace =>
  async (concertId) => {
    const [counters, measures, stock] = await Promise.all([
      queue.figures(concertId),
      queue.measures(concertId),
      sale.stock(concertId),
    ]);
    const { admitted } = measures?.flow ?? nobody;
    const turns = admitted - (counters.active - counters.holding);
    return {
      waiting: counters.waiting,
      active: counters.active,
      seatsAvailable: stock.available,
      turnSeconds: measures?.turnSeconds ?? null,
      seatsPerTurn: turns <= 0 ? null : (stock.held + stock.sold) / turns,
    };
  };
