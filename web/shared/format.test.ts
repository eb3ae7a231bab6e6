import assert from "node:assert/strict";
import { test } from "node:test";
import { formatMoment, formatMoney, formatZoned, parseAmount } from "./format.ts";
import { language } from "./language.ts";

const withDigits = (minorDigits: string): void => {
  Object.assign(globalThis, { document: { documentElement: { dataset: { minorDigits } } } });
};

test("an amount has the fraction digits that the server tells, not those of the browser", () => {
  language.value = "en";
  withDigits("0");
  assert.equal(formatMoney(123_456, "HUF").replaceAll(/[^\d.,]/g, ""), "123,456");
  withDigits("2");
  assert.equal(formatMoney(123_456, "HUF").replaceAll(/[^\d.,]/g, ""), "1,234.56");
});

// fraction digits | typed | amount in the minor unit
const amounts: [string, string, number | null][] = [
  ["0", "12000", 12_000],
  ["0", "12000.00", 12_000],
  ["0", "12000.4", null],
  ["2", "12", 1_200],
  ["2", " 12.5 ", 1_250],
  ["2", "0.07", 7],
  ["2", "12.505", null],
  ["2", "1,000", null],
  ["2", "1e3", null],
  ["2", "-1", null],
  ["2", "", null],
  ["3", "1.005", 1_005],
  ["2", "999999999999999", null],
];
for (const [digits, typed, amount] of amounts)
  test(`"${typed}" with ${digits} fraction digits is ${amount ?? "no amount"}`, () => {
    withDigits(digits);
    assert.equal(parseAmount(typed), amount);
  });

test("an amount in a currency that the browser refuses is shown with its code", () => {
  withDigits("2");
  assert.equal(formatMoney(123_456, "K-W"), "1,234.56 K-W");
});

test("a dash stands for text that is no moment", () => {
  for (const at of ["", "soon", "2026-13-45T99:00:00Z"])
    for (const zone of ["UTC", "Mars/Olympus"]) assert.equal(formatMoment(at, zone), "–");
});

test("a moment in a time zone that the browser does not know is shown in UTC", () => {
  language.value = "en";
  const at = "2026-12-24T10:00:00.000Z";
  assert.equal(formatMoment(at, "Asia/Seoul", { timeStyle: "short" }), "19:00");
  assert.equal(formatMoment(at, "Mars/Olympus", { timeStyle: "short" }), "10:00 UTC");
  assert.equal(formatZoned(at, "Asia/Seoul"), "24 Dec 2026, 19:00 GMT+9");
  assert.equal(formatZoned(at, "Mars/Olympus"), "24 Dec 2026, 10:00 UTC");
});
