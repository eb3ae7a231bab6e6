import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeAdmissions } from "./admission.ts";

/** `perPass` admissions every 100 ms, for `seconds`. */
const passes = (seconds: number, perPass: number): number[] =>
  Array.from({ length: seconds * 10 }, (_, pass) =>
    Array.from({ length: perPass }, () => 5_000 + pass * 100),
  ).flat();

test("an even stream deviates by nothing and exceeds by one pass", () => {
  const { deviation, excessMax } = judgeAdmissions(passes(20, 100), 1_000, 10_000);
  assert.ok(Math.abs(deviation) < 1e-9);
  assert.equal(excessMax, 100);
});

test("twice the rate, as from a second instance that counts for itself, is seen", () => {
  const { deviation, excessMax } = judgeAdmissions(passes(20, 200), 1_000, 10_000);
  assert.equal(deviation, 1);
  assert.ok(excessMax > 15_000);
});

test("a flood after a pause shows as excess although the sum is right", () => {
  const even = passes(20, 100);
  const flood = even.map((at) => (at >= 15_000 && at < 18_000 ? 18_000 : at));
  const { excessMax } = judgeAdmissions(flood, 1_000, 18_000);
  assert.ok(excessMax >= 3_000);
});

test("a run without an admission has no figure", () => {
  assert.throws(() => judgeAdmissions([], 1_000, 1_000), RangeError);
});
