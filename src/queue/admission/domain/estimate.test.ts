import assert from "node:assert/strict";
import { test } from "node:test";
import { admissionsPerSecond, estimateWait } from "./estimate.ts";

const drain = (admittedLastMinute: number, firstAdmittedAtMs: number | null) => ({
  admittedLastMinute,
  firstAdmittedAtMs,
});

const speeds: readonly [string, Parameters<typeof admissionsPerSecond>, number | null][] = [
  ["over a whole minute", [drain(120, 0), null, 200_000], 2],
  ["over the time since the first admission", [drain(20, 100_000), null, 110_000], 2],
  ["over the time since the queue was resumed", [drain(20, 0), 100_000, 110_000], 2],
  ["over no less than a second", [drain(20, 100_000), null, 100_010], 20],
  ["unknown without an admission in the last minute", [drain(0, 0), null, 200_000], null],
  ["unknown before the first admission", [drain(3, null), null, 200_000], null],
];

for (const [name, args, expected] of speeds) {
  test(`the speed of a queue is measured ${name}`, () => {
    assert.equal(admissionsPerSecond(...args), expected);
  });
}

test("a wait is unknown while the speed is unknown", () => {
  assert.equal(estimateWait(1, null), null);
  assert.equal(estimateWait(1, 0), null);
});

/** The quantile of a gamma distribution with whole shape, by summing its Poisson terms. */
const exactQuantile = (shape: number, perSecond: number, share: number): number => {
  const below = (seconds: number): number => {
    const mean = seconds * perSecond;
    let term = Math.exp(-mean);
    let sum = 0;
    for (let k = 0; k < shape; k += 1) {
      sum += term;
      term *= mean / (k + 1);
    }
    return 1 - sum;
  };
  let [low, high] = [0, (10 * (shape + 10)) / perSecond];
  for (let step = 0; step < 100; step += 1) {
    const middle = (low + high) / 2;
    if (below(middle) < share) low = middle;
    else high = middle;
  }
  return high;
};

for (const position of [1, 2, 5, 30, 200]) {
  test(`the estimate at position ${position} is the median and the 90th percentile of its wait`, () => {
    const estimate = estimateWait(position, 0.1);
    assert.ok(estimate);
    const near = (estimate: number, share: number): void => {
      const exact = exactQuantile(position, 0.1, share);
      assert.ok(
        Math.abs(estimate - exact) <= Math.max(1.5, exact * 0.03),
        `${estimate} for ${exact}`,
      );
    };
    near(estimate.p50Seconds, 0.5);
    near(estimate.p90Seconds, 0.9);
  });
}

test("an estimate is a whole number of seconds, 1 or more", () => {
  assert.deepEqual(estimateWait(1, 1_000), { p50Seconds: 1, p90Seconds: 1 });
});
