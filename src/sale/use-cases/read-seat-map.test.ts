import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Unavailable } from "#kernel/unavailable.ts";
import {
  concert,
  concertWith,
  date,
  hall,
  nowMs,
  otherDate,
  price,
  showWith,
} from "#test/support/batch.ts";
import type { SeatMap } from "../domain/seat-map.ts";
import type { FanSeatStatus, SeatStatus } from "../domain/seat.ts";
import { countConcertStock, listDates, listSeats } from "./read-seat-map.ts";

const show = (
  of: string,
  statuses: readonly [SeatStatus, number?][],
  startsAtMs: number,
): SeatMap => showWith(statuses, startsAtMs, of);

const open = show(date, [["AVAILABLE"], ["HELD", nowMs], ["HELD", nowMs + 1], ["SOLD"]], nowMs + 1);
const soldOut = show(otherDate, [["SOLD"], ["HELD", nowMs + 1]], nowMs + 1);
const onlyLapsed = show("2026-12-26", [["HELD", nowMs]], nowMs + 1);
const begun = show("2026-12-20", [["AVAILABLE"]], nowMs);
const deps = {
  seatMaps: { get: async () => ({ shows: [begun, open, soldOut, onlyLapsed], nowMs }) },
  plans: { find: async () => hall },
  concerts: { find: async () => concertWith({ R: price }) },
};

describe("dates and seats of a concert", () => {
  it("dates are listed that have not begun and have an AVAILABLE seat; a lapsed hold is AVAILABLE", async () => {
    assert.deepEqual(await listDates(deps)(concert), [
      { date, startsAtMs: nowMs + 1, seatsAvailable: 2, seatsTotal: 4 },
      { date: "2026-12-26", startsAtMs: nowMs + 1, seatsAvailable: 1, seatsTotal: 1 },
    ]);
  });

  it("all seats of a show are listed, or those in one status at this moment", async () => {
    const table: [FanSeatStatus | null, numbers: number[]][] = [
      [null, [1, 2, 3, 4]],
      ["AVAILABLE", [1, 2]],
      ["HELD", [3]],
      ["SOLD", [4]],
    ];
    for (const [status, numbers] of table) {
      const outcome = await listSeats(deps)({ concertId: concert, date, status });
      if (outcome.kind !== "seats") assert.fail(outcome.kind);
      assert.deepEqual(
        outcome.seats.map((seat) => seat.seatNumber),
        numbers,
      );
      assert.equal(outcome.seatsAvailable, 2);
    }
  });

  it("an unknown date is date-not-found", async () => {
    const outcome = await listSeats(deps)({ concertId: concert, date: "2027-01-01", status: null });
    assert.deepEqual(outcome, { kind: "date-not-found" });
  });

  it("the stock has the free seats of dates that have not begun, and all others of all dates", async () => {
    const stock = { available: 3, held: 2, mayReturn: 2, sold: 2, total: 8, hasEnded: false };
    assert.deepEqual(await countConcertStock(deps)(concert), stock);
  });

  it("a cancelled concert has no date to book and no seat to sell", async () => {
    const cancelled = { ...concertWith({ R: price }), cancelledAtMs: nowMs };
    const over = { ...deps, concerts: { find: async () => cancelled } };
    assert.deepEqual(await listDates(over)(concert), []);
    const stock = { available: 0, held: 2, mayReturn: 0, sold: 2, total: 8, hasEnded: false };
    assert.deepEqual(await countConcertStock(over)(concert), stock);
  });

  it("without a known show the stock is unknown: that is neither sold out nor ended", async () => {
    const none = { ...deps, seatMaps: { get: async () => ({ shows: [], nowMs }) } };
    await assert.rejects(countConcertStock(none)(concert), Unavailable);
  });

  it("the stock is counted again when a hold has lapsed", async () => {
    const shows = [show(date, [["HELD", nowMs + 5]], nowMs + 100)];
    let at = nowMs;
    const seatMaps = { get: async () => ({ shows, nowMs: at }) };
    const count = countConcertStock({ ...deps, seatMaps });
    const heldAt = async (ms: number) => {
      at = ms;
      return (await count(concert)).held;
    };
    assert.deepEqual(
      [await heldAt(nowMs), await heldAt(nowMs + 4), await heldAt(nowMs + 5)],
      [1, 1, 0],
    );
  });
});
