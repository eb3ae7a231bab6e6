import assert from "node:assert/strict";
import { test } from "node:test";
import { seatSpacing } from "../../../src/kernel/seating-plan.ts";
import { layoutOf, sectionAt } from "./layout.ts";
import { samplePlan } from "./sample-plan.ts";

const layout = layoutOf(samplePlan);
const at = (seatNumber: number): [number, number] => [
  layout.xs[seatNumber - 1] ?? NaN,
  layout.ys[seatNumber - 1] ?? NaN,
];

const near = (seen: readonly number[], expected: readonly number[]): void => {
  const isNear = seen.every((it, n) => Math.abs(it - (expected[n] ?? NaN)) < 1e-4);
  assert.ok(isNear, `${seen.join()} is not ${expected.join()}`);
};

test("seats of a row stand side by side around its middle", () => {
  near(at(1), [-seatSpacing, 4]);
  near(at(2), [0, 4]);
  near(at(3), [seatSpacing, 4]);
});

test("the ends of a curved row are nearer to the stage than its middle", () => {
  near(at(4), [-1.5 * seatSpacing, 5 - 0.9]);
  near(at(5), [-0.5 * seatSpacing, 5 - 0.1]);
});

test("a seat with a place of its own stands there, and has the grade of that place", () => {
  near(at(8), [-3, 6]);
  near(at(9), [3, 6]);
  assert.deepEqual([layout.grades[7], layout.grades[8]], [0, 1]);
});

test("a turned section is turned clockwise around its origin", () => {
  // 90 degrees: its rows run from top to bottom, behind each other to the left.
  near(at(10), [20, 10 - 0.5 * seatSpacing]);
  near(at(12), [19, 10 - 0.5 * seatSpacing]);
});

test("standing places have no coordinates, and their section has an outline by their number", () => {
  assert.ok(Number.isNaN(at(14)[0]));
  const standing = layout.sections[2];
  assert.equal(standing?.section.name, "Floor");
  const { left, top, right, bottom } = standing?.box ?? layout.box;
  near([left, top, right, bottom], [-5.6, 19.4, 5.6, 25.6]);
});

test("the section at a point is found, with a little space around its seats", () => {
  const nameAt = (x: number, y: number) => sectionAt(layout, { x, y })?.section.name ?? null;
  assert.equal(nameAt(0, 5), "Stalls");
  assert.equal(nameAt(19.5, 10), "Box");
  assert.equal(nameAt(4.5, 24), "Floor");
  assert.equal(nameAt(3.4, 6.3), "Stalls");
  assert.equal(nameAt(12, 12), null);
});

test("the box of the hall contains all sections and the focus", () => {
  const { left, top, right, bottom } = layout.box;
  assert.ok(left <= -5 && right >= 20 && top <= 0 && bottom >= 25);
});

test("a click finds its seat by the index of the layout", () => {
  assert.equal(layout.index.nearest(0.1, 4.1, 0.5), 2);
  assert.equal(layout.index.nearest(0, 22, 0.5), null);
});
