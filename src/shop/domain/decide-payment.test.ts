import assert from "node:assert/strict";
import { test } from "node:test";
import { mintId } from "#platform/ids.ts";
import { orderWith } from "#test/support/goods.ts";
import { decidePayment, type PayOrder } from "./decide-payment.ts";
import type { Order } from "./order.ts";

const payOf = ({ orderId, userId }: Order): PayOrder => ({
  paymentId: mintId<"payment">(),
  userId,
  orderId,
  intent: { key: "k", fingerprint: "f" },
});
const money = { balance: 200, nowMs: 60_999 };
const whole = (order: Order) => ({ order, isWhole: true });

test("a held order is paid from the balance", () => {
  const order = orderWith();
  const pay = payOf(order);
  assert.deepEqual(decidePayment(whole(order), pay, money), {
    kind: "paid",
    order: {
      ...order,
      status: "PAID",
      payment: { paymentId: pay.paymentId, balance: 0, paidAtMs: 60_999 },
    },
  });
});

test("no order, and another user's, are not found", () => {
  const order = orderWith();
  assert.deepEqual(decidePayment(null, payOf(order), money), { kind: "not-found" });
  const pay = payOf(orderWith());
  assert.deepEqual(decidePayment(whole(order), pay, money), { kind: "not-found" });
});

test("an order cannot be paid from the end of its hold on, nor once it has lost a piece", () => {
  const order = orderWith();
  const expired = { kind: "expired" };
  const late = { ...money, nowMs: 61_000 };
  assert.deepEqual(decidePayment(whole(order), payOf(order), late), expired);
  assert.deepEqual(decidePayment({ order, isWhole: false }, payOf(order), money), expired);
  const swept = orderWith({ status: "EXPIRED" });
  assert.deepEqual(decidePayment(whole(swept), payOf(swept), money), expired);
});

test("an order that was cancelled or refunded cannot be paid", () => {
  for (const status of ["CANCELLED", "REFUNDED"] as const) {
    const order = orderWith({ status });
    const outcome = decidePayment(whole(order), payOf(order), money);
    assert.deepEqual(outcome, { kind: "not-payable", status });
  }
});

test("a balance below the amount is refused with both", () => {
  const order = orderWith();
  assert.deepEqual(decidePayment(whole(order), payOf(order), { ...money, balance: 199 }), {
    kind: "insufficient-balance",
    balance: 199,
    amount: 200,
  });
});

test("an order that is paid already keeps its payment, also without money and after the hold", () => {
  const payment = { paymentId: mintId<"payment">(), balance: 7, paidAtMs: 2_000 };
  const order = orderWith({ status: "PAID", payment });
  const late = { balance: 0, nowMs: 99_000 };
  const outcome = decidePayment({ order, isWhole: false }, payOf(order), late);
  assert.deepEqual(outcome, { kind: "already-paid", order });
});

test("a payment whose first COMMIT had no answer finds itself", () => {
  const pay = payOf(orderWith());
  const payment = { paymentId: pay.paymentId, balance: 7, paidAtMs: 2_000 };
  const order = orderWith({ userId: pay.userId, status: "PAID", payment });
  const outcome = decidePayment({ order, isWhole: false }, pay, money);
  assert.deepEqual(outcome, { kind: "paid", order });
});

test("a paid order without its payment is a bug", () => {
  const order = orderWith({ status: "PAID" });
  assert.throws(() => decidePayment(whole(order), payOf(order), money), /without its payment/);
});
