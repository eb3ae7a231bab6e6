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
      waiting: queue?.waiting ?? null,
      active: queue?.active ?? null,
      admissionsPerMinute: concert?.policy.admissionsPerMinute ?? 0,
      admittedLastMinute: queue?.admittedLastMinute ?? null,
      admittedTotal: queue?.admittedTotal ?? 0,
      seatsAvailable: stock.available,
      seatsHeld: stock.held,
      seatsSold: stock.sold,
      seatsTotal: stock.total,
      revenue,
      waitSeconds: null,
      abandoned: { left: queue?.left ?? 0, lapsed: queue?.lapsed ?? 0 },
    };
  };
