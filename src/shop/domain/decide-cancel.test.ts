import assert from "node:assert/strict";
import { test } from "node:test";
import { mintId } from "#platform/ids.ts";
import { orderWith } from "#test/support/goods.ts";
import { decideCancel } from "./decide-cancel.ts";

test("a held order is cancelled, and one that has lapsed ends as EXPIRED", () => {
  const order = orderWith();
  assert.deepEqual(decideCancel(order, order.userId, 60_999), {
    kind: "cancelled",
    ended: { ...order, status: "CANCELLED" },
  });
  assert.deepEqual(decideCancel(order, order.userId, 61_000), {
    kind: "cancelled",
    ended: { ...order, status: "EXPIRED" },
  });
});

test("an order that has ended is cancelled again without an effect", () => {
  for (const status of ["CANCELLED", "EXPIRED"] as const) {
    const order = orderWith({ status });
    const outcome = decideCancel(order, order.userId, 2_000);
    assert.deepEqual(outcome, { kind: "cancelled", ended: null });
  }
});

test("an order that was paid cannot be cancelled, also not once it is refunded", () => {
  for (const status of ["PAID", "REFUNDED"] as const) {
    const order = orderWith({ status });
    assert.deepEqual(decideCancel(order, order.userId, 2_000), { kind: "not-cancellable" });
  }
});

test("no order, and another user's, are not found", () => {
  assert.deepEqual(decideCancel(null, mintId<"user">(), 2_000), { kind: "not-found" });
  assert.deepEqual(decideCancel(orderWith(), mintId<"user">(), 2_000), { kind: "not-found" });
});
