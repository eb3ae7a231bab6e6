import assert from "node:assert/strict";
import { test } from "node:test";
import { freeNeighbours, gradesOf, type Seat } from "./neighbours.ts";

/** Fifty seats without the taken ones: VIP in the first row, R in the next two, S behind. */
const seatsWithout = (...taken: number[]): Seat[] =>
  Array.from({ length: 50 }, (_, n): Seat => {
    const seatNumber = n + 1;
    const [grade, price] = n < 10 ? ["VIP", 154_000] : n < 30 ? ["R", 132_000] : ["S", 99_000];
    const status = taken.includes(seatNumber) ? "SOLD" : "AVAILABLE";
    return { seatNumber, grade: String(grade), price: Number(price), status };
  });

test("seats beside the selected ones are offered, nearest first", () => {
  assert.deepEqual(freeNeighbours(seatsWithout(12), 12, [13]), [14, 11, 15]);
});

test("without a selection, seats near the lost one are offered", () => {
  assert.deepEqual(freeNeighbours(seatsWithout(25), 25, [], 2), [24, 26]);
});

test("taken seats and the fan's own are never offered", () => {
  const offered = freeNeighbours(seatsWithout(12, 14, 15), 12, [13, 16], 4);
  for (const seatNumber of [12, 13, 14, 15, 16]) assert.ok(!offered.includes(seatNumber));
});

test("a seat of the lost seat's grade is offered before a nearer one of another grade", () => {
  assert.deepEqual(freeNeighbours(seatsWithout(10, 9), 10, [], 2), [8, 7]);
});

test("another grade is offered when no seat of the lost seat's grade is free", () => {
  const vip = Array.from({ length: 10 }, (_, n) => n + 1);
  assert.deepEqual(freeNeighbours(seatsWithout(...vip), 5, [], 1), [15]);
});

test("a distance of one row counts as three seats", () => {
  // The row of 15 is taken on both sides, up to 17; 25 is directly behind.
  assert.deepEqual(
    freeNeighbours(seatsWithout(15, 14, 16, 13, 17, 12, 18, 11, 19), 15, [], 1),
    [25],
  );
  assert.deepEqual(freeNeighbours(seatsWithout(15, 14, 16), 15, [], 1), [13]);
});

test("without a free seat nothing is offered", () => {
  const all = Array.from({ length: 50 }, (_, n) => n + 1);
  assert.deepEqual(freeNeighbours(seatsWithout(...all), 1, []), []);
});

test("grades are listed by price, the highest first, with their free seats", () => {
  assert.deepEqual(gradesOf(seatsWithout(1, 2, 50)), [
    { name: "VIP", price: 154_000, free: 8 },
    { name: "R", price: 132_000, free: 20 },
    { name: "S", price: 99_000, free: 19 },
  ]);
});
