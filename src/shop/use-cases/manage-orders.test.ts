import assert from "node:assert/strict";
import { test } from "node:test";
import { mintId } from "#platform/ids.ts";
import { orderWith } from "#test/support/goods.ts";
import type { PayOrder } from "../domain/decide-payment.ts";
import { listOrders, payOrder, readOrder, refundOrder } from "./manage-orders.ts";

const lapsed = orderWith();
const read = async () => ({ orders: [lapsed], nowMs: 61_000 });

test("an order that has lapsed reads EXPIRED, and another user's does not exist", async () => {
  const reading = readOrder({ orders: { find: read } });
  const order = { ...lapsed, status: "EXPIRED" };
  assert.deepEqual(await reading(lapsed.orderId, lapsed.userId), { order, nowMs: 61_000 });
  assert.equal(await reading(lapsed.orderId, mintId<"user">()), null);
});

test("a page of orders has the status of now, and a cursor while there are more", async () => {
  const list = async ({ limit }: { limit: number }) => ({
    orders: [lapsed, orderWith({ status: "PAID" }), orderWith()].slice(0, limit),
    nowMs: 61_000,
  });
  const query = { userId: null, concertId: null, after: null, limit: 2 };
  const page = await listOrders({ orders: { list } })(query);
  assert.deepEqual(
    page.items.map((it) => it.order.status),
    ["EXPIRED", "PAID"],
  );
  assert.equal(page.next, page.items[1]?.order.orderId);
});

test("each payment has an id of its own", async () => {
  const paid: PayOrder[] = [];
  const pay = payOrder({
    mintId,
    orders: {
      pay: async (command) => {
        paid.push(command);
        return { kind: "expired" };
      },
    },
  });
  const intent = { key: "k", fingerprint: "f" };
  await pay(lapsed.userId, lapsed.orderId, intent);
  await pay(lapsed.userId, lapsed.orderId, intent);
  assert.equal(new Set(paid.map((it) => it.paymentId)).size, 2);
});

test("a refund goes to the buyer of the order, and an order that does not exist is not found", async () => {
  const refunded: unknown[] = [];
  const refund = async (command: object) => {
    refunded.push(command);
    return { kind: "already-refunded", order: lapsed } as const;
  };
  const note = { actor: "kim", reason: "broken" };
  const { outcome } = await refundOrder({ orders: { find: read, refund } })(lapsed.orderId, note);
  assert.equal(outcome.kind, "already-refunded");
  const { orderId, userId } = lapsed;
  assert.deepEqual(refunded, [{ orderId, userId, ...note }]);
  const none = async () => ({ orders: [], nowMs: 0 });
  const missing = await refundOrder({ orders: { find: none, refund } })(orderId, note);
  assert.deepEqual(missing.outcome, { kind: "not-found" });
  assert.equal(refunded.length, 1);
});
