import type { InstantMs } from "#kernel/instant.ts";
import type { Queryable } from "./database.ts";

/** The database's clock now, in a transaction too. */
export const readClock = async (db: Queryable): Promise<InstantMs> => {
  const [row] = await db.query<{ now: InstantMs }>({
    name: "read-clock",
    text: "select clock_timestamp() as now",
  });
  if (!row) throw new Error("the clock did not answer");
  return row.now;
};
