import type { CatalogueFeature, LiveFigures, ReadFigures } from "#catalogue";
import type { ConcertId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/trouble.ts";
import type { LineFeature, LineFigures } from "#line";
import type { SaleFeature } from "#sale";

export interface FiguresDeps {
  readonly line: Pick<LineFeature, "figures">;
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

/** What the line says; null, and nothing counted yet, while its store is away. */
const lineFigures = (queue: LineFigures | null) =>
  queue === null
    ? {
        waiting: null,
        active: null,
        admittedLastMinute: null,
        admittedTotal: 0,
        abandoned: { left: 0, lapsed: 0 },
      }
    : {
        waiting: queue.waiting,
        active: queue.active,
        admittedLastMinute: queue.admittedLastMinute,
        admittedTotal: queue.admittedTotal,
        abandoned: { left: queue.left, lapsed: queue.lapsed },
      };

/** How a sale goes, from the line, the seats and the ledger; null where the line's store is away. */
export const readFigures =
  ({ line, sale, catalogue }: FiguresDeps): ReadFigures =>
  async (concertId): Promise<LiveFigures> => {
    const [queue, stock, revenue, concert] = await Promise.all([
      lineOrAway(line, concertId),
      sale.stock(concertId),
      sale.revenue(concertId),
      catalogue.find(concertId),
    ]);
    return {
      ...lineFigures(queue),
      admissionsPerMinute: concert?.policy.admissionsPerMinute ?? 0,
      seatsAvailable: stock.available,
      seatsHeld: stock.held,
      seatsSold: stock.sold,
      seatsTotal: stock.total,
      revenue,
      waitSeconds: null,
    };
  };
