import type { CatalogueFeature, LiveFigures, ReadFigures, ReadPace } from "#catalogue";
import type { ConcertId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/trouble.ts";
import type { LineFeature, LineFigures, LineMeasures } from "#line";
import type { SaleFeature } from "#sale";

export interface FiguresDeps {
  readonly line: Pick<LineFeature, "figures" | "measures">;
  readonly sale: Pick<SaleFeature, "stock" | "revenue">;
  readonly catalogue: Pick<CatalogueFeature, "find">;
}

const lineOrAway = async (
  line: FiguresDeps["line"],
  concertId: ConcertId,
): Promise<LineFigures | null> => {
  try {
    return await line.figures(concertId);
  } catch (error) {
    if (error instanceof Unavailable) return null;
    throw error;
  }
};

/** What the line's store says of this moment; null while it is away. */
const momentOf = (queue: LineFigures | null) => ({
  waiting: queue?.waiting ?? null,
  aside: queue?.aside ?? null,
  active: queue?.active ?? null,
  admittedLastMinute: queue?.admittedLastMinute ?? null,
});

const nobody: LineMeasures["flow"] = { joined: 0, admitted: 0, left: 0, lapsed: 0 };

/** A ten-thousandth is as fine as anybody reads it. */
const shareOf = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000;

/** What was measured since the line opened, also by stores that it has lost. */
const courseOf = (measures: LineMeasures | null) => {
  const { joined, admitted, left, lapsed } = measures?.flow ?? nobody;
  return {
    admittedTotal: admitted,
    joinedTotal: joined,
    abandoned: { left, lapsed, share: shareOf(left + lapsed, joined) },
    waitSeconds: measures?.waitSeconds ?? null,
  };
};

/** How a sale goes, from the line, the seats and the ledger; null where the line's store is away. */
export const readFigures =
  ({ line, sale, catalogue }: FiguresDeps): ReadFigures =>
  async (concertId): Promise<LiveFigures> => {
    const [queue, measures, stock, revenue, concert] = await Promise.all([
      lineOrAway(line, concertId),
      line.measures(concertId),
      sale.stock(concertId),
      sale.revenue(concertId),
      catalogue.find(concertId),
    ]);
    return {
      ...momentOf(queue),
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
 * What decides how a line goes on. Seats are counted a turn, of the turns in which somebody has taken
 * seats or gone: one that goes on without has not decided. Throws Unavailable.
 */
export const readPace =
  ({ line, sale }: Pick<FiguresDeps, "line" | "sale">): ReadPace =>
  async (concertId) => {
    const [queue, measures, stock] = await Promise.all([
      line.figures(concertId),
      line.measures(concertId),
      sale.stock(concertId),
    ]);
    const { admitted } = measures?.flow ?? nobody;
    const turns = admitted - (queue.active - queue.holding);
    return {
      waiting: queue.waiting,
      active: queue.active,
      seatsAvailable: stock.available,
      turnSeconds: measures?.turnSeconds ?? null,
      seatsPerTurn: turns <= 0 ? null : (stock.held + stock.sold) / turns,
    };
  };
