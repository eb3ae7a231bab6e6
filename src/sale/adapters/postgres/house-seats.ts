import type { MintId } from "#kernel/ids.ts";
import { readClock } from "#platform/postgres/clock.ts";
import type { Database } from "#platform/postgres/database.ts";
import { emptyState, hasChanged } from "../../domain/batch-state.ts";
import { decideBlock } from "../../domain/block-seats.ts";
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
 * House seats in PostgreSQL. Of the rows that batches lock, the command locks only seats, the last of them: it waits for
 * batches, and those that meet its locks wait or choose other seats.
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
        if (hasChanged(state)) await saveBatch(tx, state);
        return outcome;
      },
      { withinMs: changeWithinMs },
    ),
});
