import type { UserId } from "#kernel/ids.ts";
import type { Database } from "#platform/postgres/database.ts";

/** The balance of a user, and the VALID tickets of shows that have not begun. Read as it stands. */
export const readHoldings = async (
  database: Database,
  userId: UserId,
): Promise<{ readonly balance: number; readonly validTickets: number }> => {
  const [row] = await database.query<{ balance: number; valid_tickets: number }>({
    name: "holdings-of-user",
    text: `select
        coalesce((select balance from wallet where user_id = $1), 0) as balance,
        (select count(*) from ticket
          join show using (concert_id, date)
          where user_id = $1 and status = 'VALID' and starts_at > clock_timestamp()) as valid_tickets`,
    values: [userId],
  });
  return { balance: row?.balance ?? 0, validTickets: row?.valid_tickets ?? 0 };
};
