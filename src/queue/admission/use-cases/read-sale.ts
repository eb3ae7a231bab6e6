import type { ConcertId } from "#kernel/ids.ts";
import { whenThere, type MaybePromise } from "#kernel/maybe-promise.ts";
import type { Stock } from "#kernel/stock.ts";
import type { QueueSchedule, Sales } from "../ports/sales.ts";

/** The sale of a concert, with its stock; null while that is unknown. */
export interface SaleOfQueue {
  readonly schedule: QueueSchedule;
  readonly stock: Stock | null;
}

/** The sale of a concert, at once when it is known, as it is for nearly every poll; null for an unknown concert. */
export const readSale = (
  sales: Pick<Sales, "find" | "stock">,
  concertId: ConcertId,
): MaybePromise<SaleOfQueue | null> =>
  whenThere(
    sales.find(concertId),
    (schedule) =>
      schedule && whenThere(sales.stock(concertId), (stock): SaleOfQueue => ({ schedule, stock })),
  );
