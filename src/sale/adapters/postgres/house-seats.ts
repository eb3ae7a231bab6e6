import type { MintId } from "#kernel/ids.ts";
import { readClock } from "#platform/postgres/clock.ts";
import type { Database, Queryable } from "#platform/postgres/database.ts";
import { emptyState, hasChanged, type BatchState } from "../../domain/batch-state.ts";
import { decideBlock, type BlockSeats } from "../../domain/block-seats.ts";
import { seatKey } from "../../domain/seat.ts";
import type { HouseSeats } from "../../ports/house-seats.ts";
import { beginBatch } from "./load-batch.ts";
import { lockSeats } from "./lock-rows.ts";
import { lockSetOf } from "./lock-set.ts";
import { saveBatch } from "./save-batch.ts";

/** A batch that reserves a seat holds its lock far shorter. */
const lockTimeoutMs = 2000;

/** 12,000 seats take 0.3 s and 60,000 a few seconds; a busy disk makes it several times that. */
const changeWithinMs = 20_000;

/**
 * Counts the changed seats in `blocked_seats`. Its rows are locked last, sorted, so two commands in one show wait for each
 * other's commit here, and neither waits for a seat meanwhile.
 */
const countBlocked = async (
  tx: Queryable,
  { changes, seats }: BatchState,
  { concertId, date, to }: BlockSeats,
): Promise<void> => {
  const counts = new Map<string, number>();
  for (const key of changes.seats) {
    const { grade = "" } = seats.get(key) ?? {};
    counts.set(grade, (counts.get(grade) ?? 0) + (to === "BLOCKED" ? 1 : -1));
  }
  await tx.query({
    name: "sale-count-blocked",
    text: `
      insert into blocked_seats (concert_id, date, grade, seats)
      select $1, $2, changed.grade, changed.seats
      from unnest($3::text[], $4::int4[]) as changed (grade, seats)
      order by changed.grade
      on conflict (concert_id, date, grade) do update set seats = blocked_seats.seats + excluded.seats`,
    values: [concertId, date, [...counts.keys()], [...counts.values()]],
  });
};

/**
 * House seats in PostgreSQL. Of the rows that batches lock, the command locks only seats, the last of them: it waits for
 * batches, and those that meet its locks wait or choose other seats. Its counts come after the seats.
 */
export const pgHouseSeats = (options: {
  readonly database: Database;
  readonly mintId: MintId;
}): HouseSeats => ({
  change: (command) =>
    options.database.transaction(
      async (tx) => {
        const { concertId, date } = command;
        const lockSet = lockSetOf([]);
        for (const seatNumber of command.seatNumbers)
          lockSet.seats.set(seatKey(concertId, date, seatNumber), { concertId, date, seatNumber });
        const [, seats, nowMs] = await Promise.all([
          beginBatch(tx, lockTimeoutMs),
          lockSeats(tx, lockSet, "wait"),
          readClock(tx),
        ]);
        const state = emptyState(options.mintId);
        for (const seat of seats) state.seats.set(seatKey(concertId, date, seat.seatNumber), seat);
        const outcome = decideBlock(state, command, nowMs);
        if (hasChanged(state)) {
          await saveBatch(tx, state);
          await countBlocked(tx, state, command);
        }
        return outcome;
      },
      { withinMs: changeWithinMs },
    ),
});
