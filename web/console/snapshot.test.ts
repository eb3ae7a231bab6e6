import assert from "node:assert/strict";
import { test } from "node:test";
import { reconciled, type Snapshot } from "./snapshot.ts";

const row = (date: string, grade: string, counts: readonly number[]) => {
  const [seatsAvailable = 0, seatsHeld = 0, seatsSold = 0, revenue = 0, seatsBlocked = 0] = counts;
  return { date, grade, seatsAvailable, seatsHeld, seatsSold, seatsBlocked, revenue };
};
const seat = (grade: string, status: string) => ({ grade, status, price: 100 });

test("rows of the selected date follow its seats, and the totals are the sums of the rows", () => {
  const snapshot = {
    concert: {
      dates: [
        { date: "2026-12-23", startsAt: "2026-12-23T10:00:00.000Z" },
        { date: "2026-12-24", startsAt: "2026-12-24T10:00:00.000Z" },
      ],
    },
    stats: {
      waiting: 3,
      seatsAvailable: 9,
      seatsHeld: 9,
      seatsSold: 9,
      revenue: 900,
      seatsTotal: 27,
    },
    sales: {
      serverTime: "2026-12-24T09:00:00.000Z",
      items: [
        row("2026-12-23", "R", [1, 0, 1, 70]),
        row("2026-12-24", "R", [2, 0, 0, 0]),
        row("2026-12-24", "S", [2, 0, 0, 0]),
      ],
    },
    date: "2026-12-24",
    seating: {
      date: "2026-12-24",
      items: [
        seat("R", "HELD"),
        seat("R", "SOLD"),
        seat("S", "AVAILABLE"),
        seat("S", "SOLD"),
        seat("S", "BLOCKED"),
      ],
    },
  } as unknown as Snapshot;
  const { stats, sales } = reconciled(snapshot);
  assert.deepEqual(sales.items, [
    row("2026-12-23", "R", [1, 0, 1, 70]),
    row("2026-12-24", "R", [0, 1, 1, 100]),
    row("2026-12-24", "S", [1, 0, 1, 100, 1]),
  ]);
  const { waiting, seatsAvailable, seatsHeld, seatsSold, seatsTotal, revenue } = stats;
  // The free seat of the show that has begun is not free.
  assert.deepEqual(
    [waiting, seatsAvailable, seatsHeld, seatsSold, seatsTotal, revenue],
    [3, 1, 1, 3, 7, 270],
  );
});

test("without the seats of a date its rows are those of the server, and the totals their sums", () => {
  const items = [row("2026-12-24", "R", [2, 1, 3, 300, 4])];
  const snapshot = {
    concert: { dates: [{ date: "2026-12-24", startsAt: "2026-12-24T10:00:00.000Z" }] },
    stats: { seatsAvailable: 9, seatsHeld: 9, seatsSold: 9, revenue: 900, seatsTotal: 27 },
    sales: { serverTime: "2026-12-24T09:00:00.000Z", items },
    date: "2026-12-24",
    seating: null,
  } as unknown as Snapshot;
  const { stats, sales } = reconciled(snapshot);
  assert.deepEqual(sales.items, items);
  const { seatsAvailable, seatsHeld, seatsSold, seatsTotal, revenue } = stats;
  assert.deepEqual([seatsAvailable, seatsHeld, seatsSold, seatsTotal, revenue], [2, 1, 3, 10, 300]);
});
