import type { Database } from "#platform/postgres/database.ts";

/** Twice the 24 hours of the HTTP contract. */
const keptHours = 48;
const purgeMax = 5000;

/** Deletes stored answers that are older than 48 hours, up to 5,000 at a time. Returns whether there may be more. */
export const purgeAnswers = async (database: Database): Promise<"more" | "done"> => {
  const rows = await database.query<{ key: string }>({
    name: "sale-purge-answers",
    text: `
      delete from idempotency
      where (user_id, key) in (
        select user_id, key
        from idempotency
        where created_at < clock_timestamp() - interval '${keptHours} hours'
        order by created_at
        limit ${purgeMax}
        for update skip locked
      )
      returning key`,
  });
  return rows.length === purgeMax ? "more" : "done";
};
