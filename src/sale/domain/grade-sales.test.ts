import assert from "node:assert/strict";
import { test } from "node:test";
import { planFrom, smallHall } from "#test/support/halls.ts";
import { gradeSales, gradesOf } from "./grade-sales.ts";
import { wholeMap } from "./seat-map.ts";

const showOf = (statuses: string, ends: readonly [number, number][] = []) =>
  wholeMap({ date: "2031-05-01", startsAtMs: 9_000, statuses, ends: new Map(ends), version: 1 });

test("each seat has the grade that the plan gives it", () => {
  const grades = gradesOf(planFrom(smallHall));
  assert.deepEqual([grades.length, grades[0], grades[40], grades[99]], [100, "R", "S", "ST"]);
});

test("seats are counted by grade, in the order of the prices; a lapsed hold is available", () => {
  const show = showOf("AHHSSB", [
    [2, 1_000],
    [3, 2_000],
  ]);
  const hall = {
    grades: ["R", "R", "R", "R", "S", "S"],
    prices: new Map([
      ["S", 30],
      ["R", 50],
    ]),
  };
  const sold = new Map([
    [4, 45],
    [5, 30],
  ]);
  const common = { date: "2031-05-01" };
  assert.deepEqual(gradeSales(show, hall, sold, 1_500), [
    { ...common, grade: "S", price: 30, available: 0, held: 0, sold: 1, blocked: 1, revenue: 30 },
    { ...common, grade: "R", price: 50, available: 2, held: 1, sold: 1, blocked: 0, revenue: 45 },
  ]);
});

test("a grade without a seat in the show is left out", () => {
  const hall = {
    grades: ["R"],
    prices: new Map([
      ["R", 50],
      ["S", 30],
    ]),
  };
  assert.deepEqual(
    gradeSales(showOf("A"), hall, new Map(), 0).map(({ grade }) => grade),
    ["R"],
  );
});
