import assert from "node:assert/strict";
import { test } from "node:test";
import { placeOrderOf, productWith } from "#test/support/goods.ts";
import { decideOrder, type ShelfState } from "./decide-order.ts";
import type { StockedProduct } from "./product.ts";

const shelf = (products: readonly StockedProduct[], owned: readonly number[] = []): ShelfState => ({
  products: new Map(products.map((one) => [one.productId, one])),
  owned: new Map(products.map(({ productId }, index) => [productId, owned[index] ?? 0])),
  nowMs: 1_000,
});

test("an order holds its pieces at the prices of now, until the end of the hold", () => {
  const [cap, bag] = [productWith({ price: 100 }), productWith({ name: "Bag", price: 30 })];
  const command = placeOrderOf([bag, cap], {
    items: [
      { productId: bag.productId, quantity: 3 },
      { productId: cap.productId, quantity: 1 },
    ],
  });
  const { orderId, userId } = command;
  assert.deepEqual(decideOrder(shelf([cap, bag]), command), {
    kind: "held",
    order: {
      orderId,
      userId,
      concertId: null,
      items: [
        { productId: bag.productId, name: "Bag", quantity: 3, price: 30 },
        { productId: cap.productId, name: "Cap", quantity: 1, price: 100 },
      ],
      amount: 190,
      currency: "KRW",
      status: "HELD",
      heldAtMs: 1_000,
      expiresAtMs: 61_000,
      payment: null,
    },
  });
});

test("an order of more pieces than are left names each such item and what is left, before any limit", () => {
  const cap = productWith({ stock: 5, held: 2, sold: 2, perUser: 1 });
  const [bag, pin] = [productWith(), productWith({ stock: 0 })];
  const [ofCap, ofBag, ofPin] = [cap, bag, pin].map(({ productId }) => ({
    productId,
    quantity: 2,
  }));
  assert.ok(ofCap && ofBag && ofPin);
  const items = [ofCap, ofBag, ofPin];
  assert.deepEqual(decideOrder(shelf([cap, bag, pin]), placeOrderOf([], { items })), {
    kind: "out-of-stock",
    items: [
      { ...ofCap, available: 1 },
      { ...ofPin, available: 0 },
    ],
  });
});

test("the last pieces can be ordered", () => {
  const cap = productWith({ stock: 5, held: 2, sold: 2 });
  assert.equal(decideOrder(shelf([cap]), placeOrderOf([cap])).kind, "held");
});

test("a user may have the limit of a product, with the pieces of earlier orders, and not one more", () => {
  const [bag, cap] = [productWith(), productWith({ perUser: 3 })];
  const order = placeOrderOf([bag, cap]);
  assert.equal(decideOrder(shelf([bag, cap], [3, 2]), order).kind, "held");
  assert.deepEqual(decideOrder(shelf([bag, cap], [0, 3]), order), {
    kind: "limit-exceeded",
    productId: cap.productId,
    perUser: 3,
    owned: 3,
  });
});

test("a product that was not loaded is a bug", () => {
  assert.throws(() => decideOrder(shelf([]), placeOrderOf([productWith()])), /not loaded/);
});
