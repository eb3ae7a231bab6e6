import assert from "node:assert/strict";
import { test } from "node:test";
import { barChart, shareChart, shares } from "./plot.ts";

test("a bar is as long as its value says, and its mark stands where the bound is", () => {
  const svg = barChart("Ratios", [
    { label: "B1", parts: [{ name: "ratio", value: 1 }], note: "1.00 ×", mark: 0.5 },
    { label: "B2", parts: [{ name: "ratio", value: 0.25 }], note: "0.25 ×" },
  ]);
  const widths = [...svg.matchAll(/height="22" /g)].length;
  assert.equal(widths, 2);
  assert.match(svg, /width="360" height="22"/);
  assert.match(svg, /width="90" height="22"/);
  assert.match(svg, /x1="430" x2="430"/);
});

test("text is escaped, so that every picture is well-formed", () => {
  const svg = barChart("a < b & c", [{ label: "<&>", parts: [], note: "&" }]);
  assert.match(svg, /a &lt; b &amp; c/);
  assert.doesNotMatch(svg, />[^<]*&(?!amp;|lt;|gt;)/);
});

test("a share chart has a point for each share", () => {
  const values = shares.map((_, index) => 0.1 * 10 ** (index / 4));
  const curve = { label: "B1", dashed: false, colour: 0, values };
  const svg = shareChart("Latency", "ms", [curve, { ...curve, dashed: true }]);
  const points = /polyline points="([^"]+)"/.exec(svg)?.[1]?.split(" ") ?? [];
  assert.equal(points.length, shares.length);
  const ys = points.map((point) => Number(point.split(",")[1]));
  assert.deepEqual(
    ys,
    ys.toSorted((a, b) => b - a),
  );
  assert.equal([...svg.matchAll(/stroke-dasharray/g)].length, 2);
  assert.doesNotMatch(svg, /NaN/);
});
