import assert from "node:assert/strict";
import { test } from "node:test";
import { layoutOf } from "../../shared/hall/layout.ts";
import { freeNear } from "./near.ts";
import { inRowsOfTen } from "./rows-of-ten.ts";

const row = { name: null, firstName: null, step: 1, curve: 0, x: 0, y: 0, places: null };
const section = { name: null, kind: "SEATED" as const, grade: "VIP", x: 0, y: 0, angle: 0 };

/** Fifty seats: VIP in the first row, R in the next two, S behind. */
const layout = layoutOf(
  inRowsOfTen({
    seatsTotal: 50,
    focus: { x: 0, y: 0 },
    grades: [
      { name: "VIP", price: 154_000 },
      { name: "R", price: 132_000 },
      { name: "S", price: 99_000 },
    ],
    sections: [
      {
        ...section,
        firstSeat: 1,
        lastSeat: 50,
        rows: [
          { ...row, grade: "VIP", firstSeat: 1, lastSeat: 10 },
          { ...row, grade: "R", firstSeat: 11, lastSeat: 30 },
          { ...row, grade: "S", firstSeat: 31, lastSeat: 50 },
        ],
      },
    ],
  }),
);

/** The seats that are offered in place of a lost one, while some are taken. */
const offered = (
  taken: readonly number[],
  lost: number,
  selected: readonly number[],
  countMax = 3,
): number[] => {
  const codes = Uint8Array.from({ length: 50 }, (_, n) => (taken.includes(n + 1) ? 2 : 0));
  return freeNear(layout, codes, { lost, selected, countMax });
};

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n + 1);

test("seats beside the selected ones are offered, nearest first", () => {
  assert.deepEqual(offered([12], 12, [13]), [14, 11, 15]);
});

test("without a selection, seats near the lost one are offered", () => {
  assert.deepEqual(offered([25], 25, [], 2), [24, 26]);
});

test("taken seats and the fan's own are never offered", () => {
  const found = offered([12, 14, 15], 12, [13, 16], 4);
  for (const seatNumber of [12, 13, 14, 15, 16]) assert.ok(!found.includes(seatNumber));
});

test("a seat of the lost seat's grade is offered before a nearer one of another grade", () => {
  assert.deepEqual(offered([10, 9], 10, [], 2), [8, 7]);
});

test("another grade is offered when no seat of the lost seat's grade is free", () => {
  assert.deepEqual(offered(numbers(10), 5, [], 1), [15]);
});

test("a distance of one row counts as three seats", () => {
  // The row of 15 is taken on both sides, up to 17; 25 is directly behind.
  assert.deepEqual(offered([15, 14, 16, 13, 17, 12, 18, 11, 19], 15, [], 1), [25]);
  assert.deepEqual(offered([15, 14, 16], 15, [], 1), [13]);
});

test("a free seat far from the lost one is not offered as near", () => {
  assert.deepEqual(offered(numbers(49), 1, []), []);
  assert.deepEqual(offered(numbers(49), 48, []), [50]);
});

test("without a free seat nothing is offered", () => {
  assert.deepEqual(offered(numbers(50), 1, []), []);
});

test("a grade that ends within a row of ten leaves its seats in their columns", () => {
  const split = inRowsOfTen({
    ...layout.plan,
    sections: [
      {
        ...section,
        ...{ firstSeat: 1, lastSeat: 50 },
        rows: [
          { ...row, grade: "VIP", firstSeat: 1, lastSeat: 14 },
          { ...row, grade: "R", firstSeat: 15, lastSeat: 50 },
        ],
      },
    ],
  });
  const { xs, ys } = layoutOf(split);
  assert.deepEqual([...xs], [...layout.xs]);
  assert.deepEqual([...ys], [...layout.ys]);
});
