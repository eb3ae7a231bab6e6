import assert from "node:assert/strict";
import { test } from "node:test";
import { refundViolations } from "./refund-policy.ts";

const fees = [
  { daysBefore: 9, percent: 10 },
  { daysBefore: 2, percent: 30 },
];

for (const [name, refunds, expected] of [
  ["no refunds", null, []],
  ["usual rules", { until: 24, fees }, []],
  ["no fees, and refunds until the show begins", { until: 0, fees: [] }, []],
  ["a negative time", { until: -1, fees }, ["/refunds/until out-of-range"]],
  ["a time of more than a year", { until: 8_761, fees }, ["/refunds/until out-of-range"]],
  ["a part of an hour", { until: 1.5, fees }, ["/refunds/until not-a-whole-number"]],
  [
    "more than 20 fees",
    { until: 1, fees: Array.from({ length: 21 }, (_, n) => ({ daysBefore: n, percent: 1 })) },
    ["/refunds/fees out-of-range"],
  ],
  [
    "a fee above the price, after more than a year",
    { until: 1, fees: [{ daysBefore: 366, percent: 101 }] },
    ["/refunds/fees/0/daysBefore out-of-range", "/refunds/fees/0/percent out-of-range"],
  ],
  [
    "two fees for the same days",
    { until: 1, fees: [...fees, { daysBefore: 9, percent: 20 }] },
    ["/refunds/fees/2/daysBefore duplicate-days"],
  ],
] as const)
  test(`the rules for refunds with ${name}`, () => {
    const found = refundViolations(refunds).map(({ pointer, rule }) => `${pointer} ${rule}`);
    assert.deepEqual(found, expected);
  });
