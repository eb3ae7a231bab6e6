import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { GradeSales } from "../domain/grade-sales.ts";
import type { SalesFigures } from "../ports/sales-figures.ts";

export type ListSalesOutcome =
  | { readonly kind: "concert-not-found" }
  | { readonly kind: "sales"; readonly sales: readonly GradeSales[]; readonly nowMs: InstantMs };

/**
 * Lists the numbers of available, held and sold seats of each grade on each date, never older than the
 * call. Throws Unavailable.
 */
export const listSales =
  ({ figures }: { readonly figures: SalesFigures }) =>
  async (concertId: ConcertId): Promise<ListSalesOutcome> => {
    const { found, nowMs } = await figures.read(concertId);
    if (found.length === 0) return { kind: "concert-not-found" };
    return { kind: "sales", sales: found, nowMs };
  };
