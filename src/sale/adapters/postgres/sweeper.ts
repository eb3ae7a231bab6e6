import type { MintId, ReservationId, UserId } from "#kernel/ids.ts";
import type { Database } from "#platform/postgres/database.ts";
import type { Lapse } from "../../domain/commands.ts";
import { transact } from "./transact.ts";

/** Holds in one round: the more, the longer their seats are locked together. */
const sweepMax = 500;
/** A sweep passes locked rows over; only the writing of unlocked ones could wait, and does not. */
const lockTimeoutMs = 300;

/**
 * Makes lapsed holds visible: seats AVAILABLE, reservations EXPIRED, word for the queue. Any instance may
 * at any time; it waits for nobody, and nothing but what people see depends on it. Answers how many
 * there were and whether there may be more.
 */
export const sweep = async (options: {
  readonly database: Database;
  readonly mintId: MintId;
}): Promise<{ readonly sweptCount: number; readonly more: boolean }> => {
  const rows = await options.database.query<{
    reservation_id: ReservationId;
    user_id: UserId;
  }>({
    name: "sale-find-lapsed",
    text: `
      select reservation_id, user_id
      from reservation
      where status = 'HELD' and expires_at <= clock_timestamp()
      order by expires_at
      limit ${sweepMax}`,
  });
  if (rows.length === 0) return { sweptCount: 0, more: false };
  const commands = rows.map((row): Lapse => ({
    kind: "lapse",
    userId: row.user_id,
    reservationId: row.reservation_id,
  }));
  const outcomes = await transact(options.database, commands, {
    patience: "skip",
    uncertain: false,
    lockTimeoutMs,
    mintId: options.mintId,
  });
  const sweptCount = outcomes.filter((outcome) => outcome?.kind === "lapsed").length;
  return { sweptCount, more: sweptCount === sweepMax };
};
