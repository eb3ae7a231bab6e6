import assert from "node:assert/strict";
import { test } from "node:test";
import { histogram } from "./histogram.ts";

test("quantiles of small values are exact", () => {
  const values = histogram();
  for (let value = 1; value <= 100; value++) values.record(value);
  assert.equal(values.quantile(0.5), 50);
  assert.equal(values.quantile(0.99), 99);
  assert.equal(values.quantile(1), 100);
});

test("a quantile is within 1.6 % of the true value, over the whole range", () => {
  for (const value of [127, 128, 129, 255, 256, 1_000, 4_095, 65_537, 1_234_567, 59_000_000]) {
    const values = histogram();
    values.record(value);
    const found = values.quantile(0.5);
    assert.ok(Math.abs(found - value) <= value * 0.016, `${value} read as ${found}`);
  }
});

test("buckets rise with their values", () => {
  let last = -1;
  for (let value = 0; value < 100_000; value += 7) {
    const values = histogram();
    values.record(value);
    const found = values.quantile(1);
    assert.ok(found >= last);
    last = found;
  }
});

test("two histograms added are the histogram of both", () => {
  const [slow, fast, both] = [histogram(), histogram(), histogram()];
  for (const value of [10_000, 20_000, 30_000]) slow.record(value);
  for (const value of [10, 20, 30]) fast.record(value);
  both.add(slow.pairs());
  both.add(fast.pairs());
  assert.equal(both.count(), 6);
  assert.equal(both.quantile(0.5), 30);
  assert.equal(both.quantile(1), slow.quantile(1));
});

test("an empty histogram and values out of range are no trouble", () => {
  assert.equal(histogram().quantile(0.99), 0);
  const values = histogram();
  values.record(-1);
  values.record(Number.MAX_SAFE_INTEGER);
  assert.equal(values.count(), 2);
  assert.equal(values.quantile(0.5), 0);
});
