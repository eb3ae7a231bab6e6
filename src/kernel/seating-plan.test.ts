import assert from "node:assert/strict";
import { test } from "node:test";
import { areTogether, rowSpan, seatLabel, type SeatingPlan } from "./seating-plan.ts";

const at = { x: 0, y: 0 };
const row = { ...at, curve: 0, places: null, step: 1, grade: "R" };

/** Row A has seats 1 to 3 and 4 to 5 of another grade; B is numbered from the right; then 10 standing places. */
const plan: SeatingPlan = {
  seatsTotal: 20,
  focus: at,
  sections: [
    {
      ...at,
      name: "Floor",
      kind: "SEATED",
      grade: "R",
      firstSeat: 1,
      lastSeat: 10,
      angle: 0,
      rows: [
        { ...row, name: "A", firstSeat: 1, lastSeat: 3, firstName: 1 },
        { ...row, name: "A", firstSeat: 4, lastSeat: 5, firstName: 4, grade: "S" },
        { ...row, name: "B", firstSeat: 6, lastSeat: 8, firstName: 5, step: -2 },
        {
          ...row,
          name: "C",
          firstSeat: 9,
          lastSeat: 10,
          firstName: null,
          places: [
            { ...at, name: "left", grade: "R" },
            { ...at, name: "right", grade: "S" },
          ],
        },
      ],
    },
    {
      ...at,
      name: "Standing",
      kind: "STANDING",
      grade: "ST",
      firstSeat: 11,
      lastSeat: 20,
      angle: 0,
      rows: [],
    },
  ],
};

test("a seat is called by its section, row, name and grade", () => {
  const table: [seatNumber: number, ...label: (string | null)[]][] = [
    [1, "Floor", "A", "1", "R"],
    [5, "Floor", "A", "5", "S"],
    [6, "Floor", "B", "5", "R"],
    [8, "Floor", "B", "1", "R"],
    [9, "Floor", "C", "left", "R"],
    [10, "Floor", "C", "right", "S"],
    [11, "Standing", null, null, "ST"],
    [20, "Standing", null, null, "ST"],
  ];
  for (const [seatNumber, ...expected] of table) {
    const { section, row: of, name, grade } = seatLabel(plan, seatNumber);
    assert.deepEqual([section, of, name, grade], expected);
  }
  for (const none of [0, 21]) assert.throws(() => seatLabel(plan, none), /no seat/);
});

test("parts of a row that have one name are one row; a standing place is in no row", () => {
  assert.deepEqual(rowSpan(plan, 4), { name: "A", firstSeat: 1, lastSeat: 5 });
  assert.deepEqual(rowSpan(plan, 8), { name: "B", firstSeat: 6, lastSeat: 8 });
  assert.equal(rowSpan(plan, 11), null);
});

test("seats are together side by side in one row, standing places in one section", () => {
  const table: [seatNumbers: number[], together: boolean][] = [
    [[3], true],
    [[3, 4], true],
    [[1, 3], false],
    [[5, 6], false],
    [[10, 11], false],
    [[11, 15], true],
  ];
  for (const [seatNumbers, together] of table) {
    assert.equal(areTogether(plan, seatNumbers), together, String(seatNumbers));
  }
});
