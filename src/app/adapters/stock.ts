import type { ConcertId } from "#kernel/ids.ts";
import type { Stock } from "#queue";
import { fresh } from "#platform/fresh.ts";
import type { SaleFeature } from "#sale";

export interface StockDeps {
  readonly sale: Pick<SaleFeature, "stock">;
  readonly monotonicMs: () => number;
}

/** The stock of a concert as the queue asks for it. */
export interface StockOfConcerts {
  /** For admitting: at most 1 s old, or null when it cannot be known now. */
  stock(concertId: ConcertId): Promise<Stock | null>;
  /**
   * For telling: as `stock` while the database answers, else as last known, without waiting for it; null
   * when it was never known here.
   */
  lastStock(concertId: ConcertId): Promise<Stock | null>;
}

/** Next to nothing: the sale's own picture is half a second old at most, and so is what is made of this. */
const ageMaxMs = 20;
/** Long enough for a database that is well, short enough for a crowd that asks while it is not. */
const patienceMs = 250;
const concertsMax = 1_000;

/** What the queue knows of the seats, so that only who is admitted depends on the database. */
export const stockOfConcerts = ({ sale, monotonicMs }: StockDeps): StockOfConcerts => {
  const counts = fresh<ConcertId, Stock>({
    load: (concertId) => sale.stock(concertId),
    maxAgeMs: ageMaxMs,
    nowMs: monotonicMs,
    entriesMax: concertsMax,
    patienceMs,
  });
  return {
    stock: (concertId) => sale.stock(concertId).catch(() => null),
    lastStock: (concertId) => counts.soon(concertId).catch(() => null),
  };
};
