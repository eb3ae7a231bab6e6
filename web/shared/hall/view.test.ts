import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bounded,
  covers,
  fitted,
  grown,
  moved,
  toHall,
  toScreen,
  visibleBox,
  zoomed,
} from "./view.ts";

const hall = { left: -50, top: 0, right: 50, bottom: 40 };
const size = { width: 324, height: 400 };

test("a hall fits the canvas with a margin, in its middle", () => {
  const view = fitted(hall, size);
  assert.deepEqual(view, { x: 0, y: 20, scale: 3 });
  assert.deepEqual(toScreen(view, size, { x: -50, y: 0 }), { x: 12, y: 140 });
});

test("a small part is never shown larger than the largest scale", () => {
  assert.equal(fitted({ left: 0, top: 0, right: 0.5, bottom: 0.5 }, size).scale, 80);
});

test("points of the screen and of the hall convert both ways", () => {
  const view = { x: 7, y: 3, scale: 13 };
  const at = { x: 20, y: 380 };
  const back = toScreen(view, size, toHall(view, size, at));
  assert.ok(Math.abs(back.x - at.x) < 1e-9 && Math.abs(back.y - at.y) < 1e-9);
});

test("zooming keeps the point under the finger", () => {
  const view = fitted(hall, size);
  const at = { x: 30, y: 150 };
  const before = toHall(view, size, at);
  const after = toHall(zoomed(view, size, at, 4), size, at);
  assert.ok(Math.abs(before.x - after.x) < 1e-9 && Math.abs(before.y - after.y) < 1e-9);
});

test("the hall cannot be pulled out of the canvas, and not made smaller than the canvas", () => {
  const whole = fitted(hall, size);
  assert.deepEqual(bounded({ ...whole, scale: 0.1 }, hall, size), whole);
  const near = { x: 0, y: 20, scale: 30 };
  const { right } = visibleBox(bounded(moved(near, -1e6, 0), hall, size), size);
  assert.ok(Math.abs(right - (hall.right + 12 / 30)) < 1e-9, String(right));
  assert.deepEqual(bounded(near, hall, size), near);
});

test("a box covers another one when only empty space outside of the hall is missing", () => {
  const box = { left: -60, top: 10, right: 0, bottom: 50 };
  assert.deepEqual(grown(box, 0.5), { left: -90, top: -10, right: 30, bottom: 70 });
  assert.equal(covers(box, { left: -90, top: 10, right: 0, bottom: 90 }, hall), true);
  assert.equal(covers(box, { left: -20, top: 9, right: 0, bottom: 20 }, hall), false);
  assert.equal(covers(box, { left: -20, top: 10, right: 1, bottom: 20 }, hall), false);
});
