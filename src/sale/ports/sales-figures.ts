import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { GradeSales } from "../domain/grade-sales.ts";

/** The figures of a sale for operators. Takes no lock. */
export interface SalesFigures {
  /**
   * By date, then by grade, all as of one moment after the call; empty when there is no such concert. O(seats) in this
   * process; the database reads what has changed since the last call. Throws Unavailable.
   */
  read(concertId: ConcertId): Promise<{
    readonly found: readonly GradeSales[];
    readonly nowMs: InstantMs;
  }>;
}
