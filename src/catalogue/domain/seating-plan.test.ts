import assert from "node:assert/strict";
import { test } from "node:test";
import { seatLabel } from "#kernel/seating-plan.ts";
import type { PlanInput } from "./plan-input.ts";
import { buildPlan, gradeRuns } from "./seating-plan.ts";

const input: PlanInput = {
  grades: [
    { name: "R", price: 10 },
    { name: "S", price: 5 },
  ],
  sections: [
    {
      name: "Stalls",
      kind: "SEATED",
      grade: "R",
      rows: [
        { name: "A", seats: [1, 5] },
        { name: "B", seats: [1, 9], step: 2, reverse: true, grade: "S" },
        { name: "C", places: [{ name: "box" }, { name: "aisle", grade: "S", x: 7 }] },
      ],
    },
    { name: "Pit", kind: "STANDING", grade: "S", capacity: 100 },
    { name: "Balcony", kind: "SEATED", grade: "R", y: 40, rows: [{ name: "A", seats: [7, 8] }] },
  ],
};
const plan = buildPlan(input);

test("seats are numbered from 1 in the order of sections, rows and places", () => {
  assert.equal(plan.seatsTotal, 114);
  const spans = plan.sections.map(({ firstSeat, lastSeat }) => [firstSeat, lastSeat]);
  assert.deepEqual(spans, [
    [1, 12],
    [13, 112],
    [113, 114],
  ]);
  const table: [seatNumber: number, ...label: (string | null)[]][] = [
    [1, "Stalls", "A", "1", "R"],
    [6, "Stalls", "B", "9", "S"],
    [10, "Stalls", "B", "1", "S"],
    [11, "Stalls", "C", "box", "R"],
    [12, "Stalls", "C", "aisle", "S"],
    [13, "Pit", null, null, "S"],
    [113, "Balcony", "A", "7", "R"],
  ];
  for (const [seatNumber, section, row, name, grade] of table) {
    assert.deepEqual(seatLabel(plan, seatNumber), { section, row, name, grade });
  }
});

test("coordinates that are left out are derived, given ones stay", () => {
  const [stalls, pit, balcony] = plan.sections;
  assert.deepEqual(plan.focus, { x: 0, y: 0 });
  assert.deepEqual([stalls?.x, stalls?.y, stalls?.angle], [0, 4, 0]);
  assert.deepEqual([stalls?.rows[1]?.x, stalls?.rows[1]?.y], [0, 0.95]);
  const places = stalls?.rows[2]?.places?.map(({ x, y }) => [x, y]);
  assert.deepEqual(places, [
    [-0.28, 1.9],
    [7, 1.9],
  ]);
  assert.ok((pit?.y ?? 0) > 4 + 3 * 0.95);
  assert.equal(balcony?.y, 40);
});

test("the grades of all seats are given in as few runs as there are", () => {
  assert.deepEqual(
    gradeRuns(plan).map(({ grade, firstSeat, lastSeat }) => [grade, firstSeat, lastSeat]),
    [
      ["R", 1, 5],
      ["S", 6, 10],
      ["R", 11, 11],
      ["S", 12, 112],
      ["R", 113, 114],
    ],
  );
});
