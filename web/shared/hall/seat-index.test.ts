import assert from "node:assert/strict";
import { test } from "node:test";
import { seatIndexOf } from "./seat-index.ts";

// 30 rows of 40 seats, half a metre apart, and a standing place without coordinates.
const xs = Float32Array.from([...Array.from({ length: 1_200 }, (_, n) => (n % 40) * 0.5), NaN]);
const ys = Float32Array.from([...Array.from({ length: 1_200 }, (_, n) => Math.floor(n / 40)), NaN]);
const bounds = { left: 0, top: 0, right: 19.5, bottom: 29 };
const index = seatIndexOf(xs, ys, bounds);

test("the nearest seat to a point is found, as a search of all seats finds it", () => {
  for (let n = 0; n < 500; n += 1) {
    const [x, y] = [(n * 7.31) % 22, (n * 3.17) % 32];
    const distances = [...xs].map((seatX, at) => Math.hypot(seatX - x, (ys[at] ?? 0) - y));
    const least = Math.min(...distances.filter((it) => !Number.isNaN(it)));
    const found = index.nearest(x, y, 1);
    if (least > 1) assert.equal(found, null);
    else assert.ok(Math.abs((distances[(found ?? 0) - 1] ?? NaN) - least) < 1e-6, `${x}, ${y}`);
  }
});

test("each seat of a box is visited once, and none without coordinates", () => {
  const seen: number[] = [];
  index.each({ left: -5, top: -5, right: 100, bottom: 100 }, (seatNumber) => seen.push(seatNumber));
  assert.deepEqual(
    seen.toSorted((a, b) => a - b),
    Array.from({ length: 1_200 }, (_, n) => n + 1),
  );
  const few: number[] = [];
  index.each({ left: 3, top: 3, right: 4, bottom: 4 }, (seatNumber) => few.push(seatNumber));
  for (const row of [3, 4])
    for (const seat of [7, 8, 9]) assert.ok(few.includes(row * 40 + seat), `${row}/${seat}`);
  assert.ok(few.length < 60, String(few.length));
});

test("a hall without seats has an index too", () => {
  const none = seatIndexOf(new Float32Array(), new Float32Array(), bounds);
  assert.equal(none.nearest(0, 0, 100), null);
});
