import assert from "node:assert/strict";
import { test } from "node:test";
import { balanceMax } from "#kernel/money.ts";
import { mintId } from "#platform/ids.ts";
import { orderWith } from "#test/support/goods.ts";
import { decideRefund } from "./decide-refund.ts";

const payment = { paymentId: mintId<"payment">(), balance: 7, paidAtMs: 2_000 };
const paid = orderWith({ status: "PAID", payment });
const money = { balance: 50, nowMs: 99_000 };

test("a paid order is refunded in full, also long after its hold", () => {
  assert.deepEqual(decideRefund(paid, money), {
    kind: "refunded",
    order: { ...paid, status: "REFUNDED" },
    balance: 250,
  });
});

test("a refund that the wallet has no room for is payable", () => {
  const outcome = decideRefund(paid, { ...money, balance: balanceMax - 199 });
  assert.ok(outcome.kind === "refunded");
  assert.equal(outcome.balance, null);
});

test("an order that was refunded is refunded again without an effect", () => {
  const order = orderWith({ status: "REFUNDED", payment });
  assert.deepEqual(decideRefund(order, money), { kind: "already-refunded", order });
});

test("an order for which nothing was paid cannot be refunded", () => {
  assert.deepEqual(decideRefund(null, money), { kind: "not-found" });
  for (const status of ["CANCELLED", "EXPIRED"] as const) {
    const outcome = decideRefund(orderWith({ status }), money);
    assert.deepEqual(outcome, { kind: "not-refundable", status });
  }
  const lapsed = decideRefund(orderWith(), money);
  assert.deepEqual(lapsed, { kind: "not-refundable", status: "EXPIRED" });
});
