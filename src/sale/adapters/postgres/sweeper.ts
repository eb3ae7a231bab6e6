import type { MintId } from "#kernel/ids.ts";
import type { Database } from "#platform/postgres/database.ts";
import type { Lapse } from "../../domain/commands.ts";
import { knownShows } from "./known-shows.ts";
import { transact } from "./transact.ts";

/** Reservations in one transaction. More keep their seats locked for longer. */
const sweepMax = 500;
/** A sweep skips locked rows, so it does not wait for a lock in normal operation. */
const lockTimeoutMs = 300;

/**
 * Makes lapsed holds visible in the tables: reservations EXPIRED, seats AVAILABLE, an outbox event for the
 * queue. All instances may run it at the same time. No rule depends on it: every rule treats a lapsed hold
 * as EXPIRED by itself.
 *
 * Returns the number of reservations, and whether there may be more.
 */
export const sweep = async (options: {
  readonly database: Database;
  readonly mintId: MintId;
}): Promise<{ readonly sweptCount: number; readonly more: boolean }> => {
  const rows = await options.database.query<Omit<Lapse, "kind">>({
    name: "sale-find-lapsed",
    text: `
      select reservation_id as "reservationId", user_id as "userId"
      from reservation
      where status = 'HELD' and expires_at <= clock_timestamp()
      order by expires_at
      limit ${sweepMax}`,
  });
  if (rows.length === 0) return { sweptCount: 0, more: false };
  const commands = rows.map((hold): Lapse => ({ kind: "lapse", ...hold }));
  const outcomes = await transact(options.database, commands, {
    lockWait: "skip",
    uncertain: false,
    lockTimeoutMs,
    mintId: options.mintId,
    knownShows: knownShows(),
  });
  const sweptCount = outcomes.filter((outcome) => outcome?.kind === "lapsed").length;
  return { sweptCount, more: sweptCount === sweepMax };
};
