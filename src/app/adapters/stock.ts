import type { ConcertId } from "#kernel/ids.ts";
import type { MaybePromise } from "#kernel/maybe-promise.ts";
import type { Stock } from "#kernel/stock.ts";
import { loadingCache } from "#platform/loading-cache.ts";
import type { SaleFeature } from "#sale";

export interface StockDeps {
  readonly sale: Pick<SaleFeature, "stock">;
  readonly monotonicMs: () => number;
}

/** The number of seats of a concert, for the queue. */
export interface StockOfConcerts {
  /** For admission: at most 1 s old; null while the database is away. */
  stock(concertId: ConcertId): Promise<Stock | null>;
  /**
   * For answers to users: like `stock` while the database answers. Otherwise the last value, without
   * waiting for the database; null when this instance has never read it.
   */
  lastStock(concertId: ConcertId): MaybePromise<Stock | null>;
}

/** Short, because the seat map cache behind it may already be 500 ms old. */
const ageMaxMs = 20;
/** Longer than a healthy database needs; bounds the wait of a request while the database is silent. */
const staleAfterMs = 250;
const concertsMax = 1_000;

/** Reads the stock from the sale. Only admission depends on the database; answers to users do not. */
export const stockOfConcerts = ({ sale, monotonicMs }: StockDeps): StockOfConcerts => {
  const counts = loadingCache<ConcertId, Stock>({
    load: (concertId) => sale.stock(concertId),
    maxAgeMs: ageMaxMs,
    nowMs: monotonicMs,
    entriesMax: concertsMax,
    staleAfterMs,
  });
  return {
    stock: (concertId) => sale.stock(concertId).catch(() => null),
    lastStock(concertId) {
      const stock = counts.getOrStale(concertId);
      return stock instanceof Promise ? stock.catch(() => null) : stock;
    },
  };
};
