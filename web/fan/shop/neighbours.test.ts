import assert from "node:assert/strict";
import { test } from "node:test";
import { freeNeighbours, gradesOf, type Seat } from "./neighbours.ts";

/** Fifty seats, of which these are taken: VIP in the first row, R in the next two, S behind. */
const hall = (...taken: number[]): Seat[] =>
  Array.from({ length: 50 }, (_, n): Seat => {
    const seatNumber = n + 1;
    const [grade, price] = n < 10 ? ["VIP", 154_000] : n < 30 ? ["R", 132_000] : ["S", 99_000];
    const status = taken.includes(seatNumber) ? "SOLD" : "AVAILABLE";
    return { seatNumber, grade: String(grade), price: Number(price), status };
  });

test("beside the seats that are still chosen, nearest first", () => {
  assert.deepEqual(freeNeighbours(hall(12), 12, [13]), [14, 11, 15]);
});

test("without any other, near the one that was lost", () => {
  assert.deepEqual(freeNeighbours(hall(25), 25, [], 2), [24, 26]);
});

test("a taken seat and one's own are never offered", () => {
  const offered = freeNeighbours(hall(12, 14, 15), 12, [13, 16], 4);
  for (const seatNumber of [12, 13, 14, 15, 16]) assert.ok(!offered.includes(seatNumber));
});

test("the lost seat's grade comes before a nearer seat of another", () => {
  assert.deepEqual(freeNeighbours(hall(10, 9), 10, [], 2), [8, 7]);
});

test("another grade is offered when nothing of the lost one's is left", () => {
  const vip = Array.from({ length: 10 }, (_, n) => n + 1);
  assert.deepEqual(freeNeighbours(hall(...vip), 5, [], 1), [15]);
});

test("a row apart counts as much as three seats", () => {
  // The row of 15 up to 17 is taken on both sides; 25 lies straight behind.
  assert.deepEqual(freeNeighbours(hall(15, 14, 16, 13, 17, 12, 18, 11, 19), 15, [], 1), [25]);
  assert.deepEqual(freeNeighbours(hall(15, 14, 16), 15, [], 1), [13]);
});

test("a hall that is full has nothing to offer", () => {
  const all = Array.from({ length: 50 }, (_, n) => n + 1);
  assert.deepEqual(freeNeighbours(hall(...all), 1, []), []);
});

test("grades come dearest first, with their free seats", () => {
  assert.deepEqual(gradesOf(hall(1, 2, 50)), [
    { name: "VIP", price: 154_000, free: 8 },
    { name: "R", price: 132_000, free: 20 },
    { name: "S", price: 99_000, free: 19 },
  ]);
});
