import assert from "node:assert/strict";
import { test } from "node:test";
import { minorDigits } from "./money.ts";

test("the minor unit of a currency has the digits of ISO 4217", () => {
  assert.deepEqual(["KRW", "JPY", "HUF", "EUR", "KWD", "CLF"].map(minorDigits), [0, 0, 2, 2, 3, 4]);
});
