import assert from "node:assert/strict";
import { test } from "node:test";
import type { OrderRow } from "#test/support/goods-invariants.ts";
import { faultsIn, type Dump } from "#test/support/invariants.ts";

// Controls of the invariants of goods: a dump in which all is well, and changes to it that must be found.

const paid: OrderRow = {
  orderId: "o1",
  userId: "u1",
  amount: 30,
  status: "PAID",
  lapsed: true,
  paymentId: "p1",
  items: [
    { productId: "cap", quantity: 2, price: 10, status: "SOLD" },
    { productId: "bag", quantity: 1, price: 10, status: "SOLD" },
  ],
};
const held: OrderRow = {
  ...paid,
  orderId: "o2",
  amount: 10,
  status: "HELD",
  lapsed: false,
  paymentId: null,
  items: [{ productId: "cap", quantity: 1, price: 10, status: "HELD" }],
};
const entry = (transferId: string, account: string, amount: number, balance: number | null) => ({
  entryNo: balance ?? 0,
  transferId,
  account,
  type: transferId === "c1" ? "CHARGE" : "PAYMENT",
  userId: "u1",
  amount,
  balance,
});
const good: Dump = {
  seats: [],
  reservations: [],
  payments: [],
  products: [
    { productId: "cap", stock: 4, held: 1, sold: 2 },
    { productId: "bag", stock: 1, held: 0, sold: 1 },
  ],
  orders: [paid, held],
  entries: [
    entry("c1", "WALLET", 100, 100),
    entry("c1", "CASH", -100, null),
    entry("p1", "WALLET", -30, 70),
    entry("p1", "GOODS", 30, null),
  ],
  wallets: [{ userId: "u1", balance: 70 }],
  doors: [],
  refunds: [],
  chains: [],
};

const productsWith = (change: object): Dump["products"] =>
  good.products.map((it) => (it.productId === "cap" ? { ...it, ...change } : it));
const ordersWith = (orderId: string, change: object): Dump["orders"] =>
  good.orders.map((it) => (it.orderId === orderId ? { ...it, ...change } : it));

test("control: a dump of goods in which all is well has no fault", () => {
  assert.deepEqual(faultsIn(good), []);
});

const bad: readonly (readonly [string, RegExp, Partial<Dump>])[] = [
  ["a stock below the pieces", /^I32 .*cap: 2 pieces/, { products: productsWith({ stock: 2 }) }],
  ["a stock that is negative", /^I32 .*cap: -1 pieces/, { products: productsWith({ stock: -1 }) }],
  [
    "held pieces that no item holds",
    /^I32 .*counts 2 held, 2 sold; its items say 1/,
    { products: productsWith({ held: 2 }) },
  ],
  [
    "sold pieces without an item",
    /^I32 .*counts 1 held, 1 sold; its items say 1 and 2/,
    { products: productsWith({ sold: 1 }) },
  ],
  [
    "a paid order with a piece that is free again",
    /^I33 order o1 .*another status/,
    {
      orders: ordersWith("o1", {
        items: [{ productId: "cap", quantity: 3, price: 10, status: "RETURNED" }],
      }),
    },
  ],
  [
    "a held order that has lost a piece before it lapsed",
    /^I33 order o2 .*another status/,
    { orders: ordersWith("o2", { items: [{ ...held.items[0], status: "RETURNED" }] }) },
  ],
  [
    "a cancelled order that keeps its pieces",
    /^I33 order o2 .*another status/,
    { orders: ordersWith("o2", { status: "CANCELLED" }) },
  ],
  [
    "an order without items",
    /^I33 order o2 .*no items/,
    { orders: ordersWith("o2", { items: [] }) },
  ],
  [
    "an amount that is not the sum of its items",
    /^I33 order o2 .*not the sum/,
    { orders: ordersWith("o2", { amount: 11 }) },
  ],
  [
    "a paid order without a payment",
    /^I33 order o1 .*payment null/,
    { orders: ordersWith("o1", { paymentId: null }) },
  ],
  [
    "a paid order that the ledger does not have",
    /^I33 order o1 .*0 booked for 30/,
    { entries: good.entries.slice(0, 2) },
  ],
  [
    "a held order that has a payment and a debit",
    /^I33 order o2 .*30 booked/,
    { orders: ordersWith("o2", { paymentId: "p1" }) },
  ],
  ["goods that were paid for no order", /^I33 goods .*p1/, { orders: [held] }],
  [
    "an order that was paid from no balance",
    /^I13 user u1/,
    { entries: [...good.entries.slice(0, 2), { ...entry("p1", "GOODS", 30, null) }] },
  ],
];

for (const [name, fault, change] of bad)
  test(`control: ${name} is found`, () => {
    const found = faultsIn({ ...good, ...change });
    assert.ok(
      found.some((it) => fault.test(it)),
      `${fault} not in: ${found.join("; ")}`,
    );
  });

test("an order that has lapsed and is not swept yet may have lost a piece", () => {
  const orders = ordersWith("o2", {
    lapsed: true,
    items: [{ ...held.items[0], status: "RETURNED" }],
  });
  assert.deepEqual(faultsIn({ ...good, orders, products: productsWith({ held: 0 }) }), []);
});
