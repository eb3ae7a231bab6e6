import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Intent } from "#kernel/idempotency.ts";
import { mintId } from "#platform/ids.ts";
import { placeOrderOf, productWith } from "#test/support/goods.ts";
import { eventually, sleep } from "#test/support/concurrency.ts";
import { openShelf } from "#test/support/shelf.ts";
import type { PlaceOrder } from "../../domain/decide-order.ts";
import type { Order } from "../../domain/order.ts";
import type { Product } from "../../domain/product.ts";
import { sweepOrders } from "./sweep-orders.ts";

const shelf = await openShelf();
after(() => shelf[Symbol.asyncDispose]());
const { orders, database } = shelf;

const commandOf = (products: readonly Product[], changes: Partial<PlaceOrder> = {}): PlaceOrder =>
  placeOrderOf(products.map(productWith), changes);

const heldBy = async (command: PlaceOrder, by = orders): Promise<Order> => {
  const outcome = await by.place(command);
  assert.ok(outcome.kind === "held", outcome.kind);
  return outcome.order;
};

const intentOf = (key: string): Intent => ({ key, fingerprint: "f" });
const payOf = ({ orderId, userId }: Order, key: string = mintId()) => ({
  paymentId: mintId<"payment">(),
  orderId,
  userId,
  intent: intentOf(key),
});

const statusOf = async (order: Order): Promise<string | undefined> => {
  const { orders: found } = await orders.find(order.orderId);
  return found[0]?.status;
};

const untilLapsed = async ({ expiresAtMs }: Order): Promise<void> => {
  await sleep(expiresAtMs - Date.now() + 20);
};

test("an order, its items, the counts of the products and the stored answer are written together", async () => {
  const [cap, bag] = [await shelf.product(), await shelf.product({ price: 30 })];
  const command = commandOf([bag, cap], { intent: intentOf("k1") });
  const order = await heldBy(command);
  assert.deepEqual((await orders.find(order.orderId)).orders, [order]);
  assert.deepEqual(
    [await shelf.pieces(cap), await shelf.pieces(bag)],
    [
      [1, 0],
      [1, 0],
    ],
  );
  const again = { ...command, orderId: mintId<"order">() };
  assert.deepEqual(await orders.place(again), { kind: "replayed", answer: order });
  const other = { ...again, intent: { key: "k1", fingerprint: "g" } };
  assert.deepEqual(await orders.place(other), { kind: "key-reused" });
  assert.deepEqual(await shelf.pieces(cap), [1, 0]);
});

test("a refused order writes nothing, also when another of its products has enough", async () => {
  const [cap, bag] = [await shelf.product(), await shelf.product({ stock: 0 })];
  assert.equal((await orders.place(commandOf([cap, bag]))).kind, "out-of-stock");
  assert.deepEqual(
    [await shelf.pieces(cap), await shelf.pieces(bag)],
    [
      [0, 0],
      [0, 0],
    ],
  );
});

test("a payment moves the money and the pieces, and its ledger entries are those of goods", async () => {
  const cap = await shelf.product();
  const order = await heldBy(commandOf([cap]));
  await shelf.setBalance(order.userId, 150);
  const pay = payOf(order);
  const paid = await orders.pay(pay);
  assert.ok(paid.kind === "paid");
  assert.deepEqual([paid.order.status, paid.order.payment.balance], ["PAID", 50]);
  assert.equal(await shelf.balance(order.userId), 50);
  assert.deepEqual(await shelf.pieces(cap), [0, 1]);
  assert.deepEqual((await orders.find(order.orderId)).orders, [paid.order]);
  const entries = await database.query({
    text: `select account, type, amount, balance from ledger_entry where transfer_id = $1 order by account`,
    values: [pay.paymentId],
  });
  assert.deepEqual(entries, [
    { account: "GOODS", type: "PAYMENT", amount: 100, balance: null },
    { account: "WALLET", type: "PAYMENT", amount: -100, balance: 50 },
  ]);
  const again = await orders.pay({ ...pay, paymentId: mintId<"payment">() });
  assert.deepEqual(again, { kind: "replayed", answer: paid });
  const other = await orders.pay(payOf(order));
  assert.deepEqual(other, { kind: "already-paid", order: paid.order });
});

test("the pieces of a lapsed order are free before the sweeper has run, and it cannot be paid", async () => {
  const cap = await shelf.product({ stock: 1 });
  const lapsed = await heldBy(commandOf([cap], { holdSeconds: 3 }));
  await shelf.setBalance(lapsed.userId, 500);
  assert.equal((await orders.place(commandOf([cap]))).kind, "out-of-stock");
  await untilLapsed(lapsed);
  const [read] = await shelf.products.find([cap.productId]);
  assert.equal(read?.held, 0);
  assert.deepEqual(await shelf.pieces(cap), [1, 0], "no sweeper has run");
  assert.deepEqual(await orders.pay(payOf(lapsed)), { kind: "expired" });
  await heldBy(commandOf([cap]));
  assert.deepEqual(await orders.pay(payOf(lapsed)), { kind: "expired" });
  assert.deepEqual(await shelf.pieces(cap), [1, 0]);
  assert.equal(await shelf.balance(lapsed.userId), 500);
});

test("a lapsed order that has lost a piece frees the others once, by a sweep or by cancelling", async () => {
  const [cap, bag] = [await shelf.product({ stock: 1 }), await shelf.product({ stock: 1 })];
  for (const end of ["sweep", "cancel"]) {
    const lapsed = await heldBy(commandOf([cap, bag], { holdSeconds: 1 }));
    await untilLapsed(lapsed);
    const taker = await heldBy(commandOf([cap]));
    assert.deepEqual(
      [await shelf.pieces(cap), await shelf.pieces(bag)],
      [
        [1, 0],
        [1, 0],
      ],
    );
    if (end === "sweep") await sweepOrders(database);
    else await orders.cancel(lapsed.orderId, lapsed.userId);
    assert.equal(await statusOf(lapsed), "EXPIRED");
    assert.deepEqual(
      [await shelf.pieces(cap), await shelf.pieces(bag)],
      [
        [1, 0],
        [0, 0],
      ],
    );
    await orders.cancel(taker.orderId, taker.userId);
  }
});

test("the sweeper expires lapsed orders, leaves those with a locked product, and no others", async () => {
  const [cap, bag] = [await shelf.product(), await shelf.product()];
  const [both, capOnly] = [
    await heldBy(commandOf([cap, bag], { holdSeconds: 1 })),
    await heldBy(commandOf([cap], { holdSeconds: 1 })),
  ];
  const live = await heldBy(commandOf([cap]));
  await untilLapsed(capOnly);
  await database.transaction(async (tx) => {
    await tx.query({
      text: "select from product where product_id = $1 for update",
      values: [bag.productId],
    });
    assert.equal(await sweepOrders(database), "done");
  });
  const statuses = async () => Promise.all([both, capOnly, live].map(statusOf));
  assert.deepEqual(await statuses(), ["HELD", "EXPIRED", "HELD"]);
  await sweepOrders(database);
  assert.deepEqual(await statuses(), ["EXPIRED", "EXPIRED", "HELD"]);
  assert.deepEqual(
    [await shelf.pieces(cap), await shelf.pieces(bag)],
    [
      [1, 0],
      [0, 0],
    ],
  );
});

test("a payment that waited for a lock past the end of its hold is refused", async () => {
  const cap = await shelf.product();
  const order = await heldBy(commandOf([cap], { holdSeconds: 1 }));
  await shelf.setBalance(order.userId, 500);
  let paying: ReturnType<typeof orders.pay> | undefined;
  await database.transaction(async (tx) => {
    await tx.query({
      text: "select from product where product_id = $1 for update",
      values: [cap.productId],
    });
    paying = orders.pay(payOf(order));
    await eventually("the payment waits for the product", async () => {
      const rows = await database.query({
        text: `select from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`,
      });
      return rows.length > 0 || undefined;
    });
    await untilLapsed(order);
  });
  assert.deepEqual(await paying, { kind: "expired" });
});

test("a key that another transaction has taken is in progress, and nothing waits for it", async () => {
  const cap = await shelf.product();
  const [taken, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const user = mintId<"user">();
  const intent = intentOf("busy");
  await shelf.setBalance(user, 500);
  const order = await heldBy(commandOf([cap], { userId: user }));
  const first = database.transaction(async (tx) => {
    await shelf.bookings.claimKey(tx, user, intent);
    taken.resolve();
    await gate.promise;
  });
  await taken.promise;
  const another = commandOf([cap], { userId: user, intent });
  assert.deepEqual(await orders.place(another), { kind: "key-in-progress" });
  assert.deepEqual(await orders.pay(payOf(order, "busy")), { kind: "key-in-progress" });
  gate.resolve();
  await first;
  assert.equal((await orders.pay(payOf(order, "busy"))).kind, "paid");
});

test("an order and a payment whose COMMIT had no answer are made once, and the caller gets their outcome", async () => {
  const cap = await shelf.product();
  for (const intent of [null, intentOf("lost")]) {
    const command = commandOf([cap], { intent });
    const order = await heldBy(command, shelf.withLostAnswer().orders);
    await shelf.setBalance(order.userId, 500);
    const paid = await shelf.withLostAnswer().orders.pay(payOf(order));
    assert.equal(paid.kind, "paid");
    assert.equal(await shelf.balance(order.userId), 400);
  }
  assert.deepEqual(await shelf.pieces(cap), [0, 2]);
});

test("a refund that the wallet has no room for is payable, and a refund is made once", async () => {
  const cap = await shelf.product();
  const order = await heldBy(commandOf([cap]));
  await shelf.setBalance(order.userId, 100);
  const pay = payOf(order);
  assert.equal((await orders.pay(pay)).kind, "paid");
  await database.query({
    text: "update wallet set balance = $2 where user_id = $1",
    values: [order.userId, Number.MAX_SAFE_INTEGER - 99],
  });
  const { orderId, userId } = order;
  const refund = { orderId, userId, actor: "kim", reason: null };
  const outcomes = await Promise.all([orders.refund(refund), orders.refund(refund)]);
  assert.deepEqual(outcomes.map(({ kind }) => kind).toSorted(), ["already-refunded", "refunded"]);
  const entries = await database.query({
    text: `select account, amount, balance from ledger_entry
      where transfer_id = $1 and type = 'REFUND' order by account`,
    values: [pay.paymentId],
  });
  assert.deepEqual(entries, [
    { account: "GOODS", amount: -100, balance: null },
    { account: "PAYABLE", amount: 100, balance: null },
  ]);
  assert.equal(await shelf.balance(userId), Number.MAX_SAFE_INTEGER - 99);
  assert.deepEqual(await shelf.pieces(cap), [0, 0]);
});
