import type { ConcertId } from "#kernel/ids.ts";
import type { Database } from "#platform/postgres/database.ts";

/** The revenue of a concert in the minor unit, from the ledger. A text, because the sum may exceed 2^53. O(payments). */
export const readRevenue = async (database: Database, concertId: ConcertId): Promise<string> => {
  const [row] = await database.query<{ revenue: string }>({
    name: "revenue-of-concert",
    text: `select coalesce(sum(amount), 0)::text as revenue from ledger_entry
      where concert_id = $1 and account = 'REVENUE'`,
    values: [concertId],
  });
  return row?.revenue ?? "0";
};
