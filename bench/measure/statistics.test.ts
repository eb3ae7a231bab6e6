import assert from "node:assert/strict";
import { test } from "node:test";
import { median, quantile, ratios, summarise } from "./statistics.ts";

test("the median is the middle, or between the two middles, in any order", () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([7]), 7);
  assert.throws(() => median([]), RangeError);
});

test("one odd round moves the spread, not the median", () => {
  const { median: middle, min, max, spread } = summarise([100, 101, 10]);
  assert.deepEqual([middle, min, max], [100, 10, 101]);
  assert.equal(spread, 0.91);
});

test("ratios pair each round with the floor of the same round", () => {
  // The machine was twice as slow in the second round: the ratio stays.
  const found = ratios([50, 25, 50], [100, 50, 100]);
  assert.equal(found.median, 0.5);
  assert.equal(found.spread, 0);
  assert.throws(() => ratios([1, 2], [1]), RangeError);
});

test("a quantile is a value that so many of the values do not exceed", () => {
  const values = [30, 10, 40, 20];
  assert.deepEqual(
    [0.25, 0.5, 0.99, 1].map((share) => quantile(values, share)),
    [10, 20, 40, 40],
  );
  assert.equal(quantile([], 0.5), Number.NaN);
});
