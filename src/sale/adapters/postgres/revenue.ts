import type { ConcertId } from "#kernel/ids.ts";
import type { Database } from "#platform/postgres/database.ts";

/** The sum of a concert's payments from the ledger: exact at any size, so it comes as text. O(payments). */
export const readRevenue = async (database: Database, concertId: ConcertId): Promise<string> => {
  const [row] = await database.query<{ revenue: string }>({
    name: "revenue-of-concert",
    text: `select coalesce(sum(amount), 0)::text as revenue from ledger_entry
      where concert_id = $1 and account = 'REVENUE'`,
    values: [concertId],
  });
  return row?.revenue ?? "0";
};
