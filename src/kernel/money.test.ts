import assert from "node:assert/strict";
import { test } from "node:test";
import { balanceMax, credit, debit, minorDigits } from "./money.ts";

test("the minor unit of a currency has the digits of ISO 4217", () => {
  assert.deepEqual(["KRW", "JPY", "HUF", "EUR", "KWD", "CLF"].map(minorDigits), [0, 0, 2, 2, 3, 4]);
});

test("a credit is refused beyond the largest balance", () => {
  const table: [balance: number, amount: number, then: number | null][] = [
    [0, 1, 1],
    [balanceMax - 5, 5, balanceMax],
    [balanceMax - 5, 6, null],
    [balanceMax, 1, null],
  ];
  for (const [balance, amount, then] of table) assert.equal(credit(balance, amount), then);
});

test("a debit is refused beyond the balance", () => {
  const table: [balance: number, amount: number, then: number | null][] = [
    [5, 4, 1],
    [5, 5, 0],
    [5, 6, null],
    [0, 1, null],
  ];
  for (const [balance, amount, then] of table) assert.equal(debit(balance, amount), then);
});
