import assert from "node:assert/strict";
import { test } from "node:test";
import { dotPainter } from "./dots.ts";
import { layoutOf } from "./layout.ts";
import { pixelOf } from "./palette.ts";
import { samplePlan } from "./sample-plan.ts";
import { statusesAfter } from "./seat-statuses.ts";

const colours = ["#0b5cad", "#f0a81c"];
const palette = {
  ...{ card: "#ffffff", ink: "#000000", soft: "#555555", spot: "#ff0000", paper: "#ffffff" },
  edge: "#777777",
  font: "sans-serif",
  gradeColour: (rank: number) => colours[rank] ?? "",
  shade: () => "",
};

test("a free seat is a square in the colour of its price, a taken one a small grey square", () => {
  const layout = layoutOf(samplePlan);
  const statuses = statusesAfter(layout, null, {
    version: "1",
    statuses: `ASA${"A".repeat(110)}`,
  });
  assert.ok(statuses);
  const [size, density] = [{ width: 40, height: 30 }, 2];
  const pixels = new Uint32Array(80 * 60);
  // Row A: seats 1 to 3, with seat 2 in the middle of the canvas. A pixel is a twentieth of a metre.
  const view = { x: 0, y: 4, scale: 10 };
  const scene = { layout, statuses, ranks: Uint8Array.of(0, 1), palette, view, size, density };
  dotPainter(pixels, scene)(1, 3);
  const at = (x: number, y: number): number | undefined => pixels[y * 80 + x];
  const count = (colour: string): number =>
    pixels.filter((pixel) => pixel === pixelOf(colour)).length;
  assert.equal(at(29, 30), pixelOf("#0b5cad"));
  assert.equal(at(51, 30), pixelOf("#0b5cad"));
  assert.equal(at(40, 30), pixelOf("#777777"));
  assert.deepEqual([count("#0b5cad"), count("#777777")], [2 * 8 ** 2, 3 ** 2]);
});

test("a seat outside of the picture writes no pixel of another line", () => {
  const layout = layoutOf(samplePlan);
  const statuses = statusesAfter(layout, null, { version: "1", statuses: "A".repeat(113) });
  assert.ok(statuses);
  const pixels = new Uint32Array(20 * 20);
  const view = { x: -100, y: 4, scale: 10 };
  const scene = {
    ...{ layout, statuses, ranks: Uint8Array.of(0, 1), palette, view, density: 1 },
    size: { width: 20, height: 20 },
  };
  dotPainter(pixels, scene)(1, 13);
  assert.ok(pixels.every((pixel) => pixel === 0));
});
