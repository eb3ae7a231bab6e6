import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { GradeSales, Holders } from "../ports/holders.ts";

export type ListSalesOutcome =
  | { readonly kind: "concert-not-found" }
  | { readonly kind: "sales"; readonly sales: readonly GradeSales[]; readonly nowMs: InstantMs };

/** How many seats of each grade are free, held and sold on each date, as it stands. Throws Unavailable. */
export const listSales =
  ({ holders }: { readonly holders: Holders }) =>
  async (concertId: ConcertId): Promise<ListSalesOutcome> => {
    const { found, nowMs } = await holders.sales(concertId);
    if (found.length === 0) return { kind: "concert-not-found" };
    return { kind: "sales", sales: found, nowMs };
  };
