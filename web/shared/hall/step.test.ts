import assert from "node:assert/strict";
import { test } from "node:test";
import { layoutOf } from "./layout.ts";
import { samplePlan } from "./sample-plan.ts";
import { stepFrom } from "./step.ts";

const layout = layoutOf(samplePlan);
const left = { dx: -1, dy: 0 } as const;
const right = { dx: 1, dy: 0 } as const;
const up = { dx: 0, dy: -1 } as const;
const down = { dx: 0, dy: 1 } as const;

test("arrow keys go along a row and to the row behind", () => {
  assert.equal(stepFrom(layout, 1, right), 2);
  assert.equal(stepFrom(layout, 2, left), 1);
  assert.equal(stepFrom(layout, 3, left), 2);
  // Row B is curved; its inner seats are half a seat beside seat 2.
  assert.ok([5, 6].includes(stepFrom(layout, 2, down) ?? 0));
  assert.ok([1, 2].includes(stepFrom(layout, 5, up) ?? 0));
});

test("an arrow key crosses to the next section, and stops at the end of the hall", () => {
  assert.equal(stepFrom(layout, 9, right), 12);
  assert.equal(stepFrom(layout, 1, up), null);
});

test("in a turned section an arrow key goes in its direction on the screen", () => {
  assert.equal(stepFrom(layout, 10, down), 11);
  assert.equal(stepFrom(layout, 10, left), 12);
});
