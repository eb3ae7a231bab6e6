import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { hasMembers, refused, succeeded, type Members } from "#test/support/client.ts";
import { eventually, sleep, outlastsTwoAnswers } from "#test/support/concurrency.ts";
import { members } from "#test/support/contract.ts";
import { openShop, settledState, type OrderBody } from "#test/support/goods.ts";
import { stateDigest, sweep } from "#test/support/invariants.ts";
import { dateIn, openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";

// Goods over HTTP: each sentence of the contract, and each refusal with its code.

const deployment = await startDeployment({ instances: 2, env: { HOUSE_HOLD_SECONDS: "577" } });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const shop = openShop(sale);
const { call } = sale;

const concert = await sale.onSale({ policy: { holdSeconds: 544 } });
const other = await sale.onSale();
const quick = await sale.onSale({ policy: { holdSeconds: outlastsTwoAnswers } });

interface Shown extends Members {
  readonly productId: string;
  readonly available: number;
}
type Page = { items: Shown[]; nextCursor: string | null };

const one = (productId: string, quantity = 1) => [{ productId, quantity }];
const holdMs = (order: OrderBody) => Date.parse(order.expiresAt) - Date.parse(order.heldAt);

/** The faults of an INVALID_REQUEST as "pointer message". */
const faultsOf = (problem: Members): string[] =>
  (problem["errors"] as { pointer: string; message: string }[]).map(
    (it) => `${it.pointer} ${it.message}`,
  );

test("an operator makes a product of a concert and one of the house, and fans read them", async () => {
  const facts = { name: "Light stick", description: "Two batteries", price: 35_000, stock: 5 };
  const input = { ...facts, perUser: 2, concertId: concert.concertId, requiresTurn: true };
  const made = await shop.product(input);
  hasMembers(made, members.product);
  const ofHouse = await shop.product();
  assert.deepEqual(
    [ofHouse.concertId, ofHouse.description, ofHouse.requiresTurn],
    [null, null, false],
  );
  const path = `/api/v1/products/${made.productId}`;
  const { held: _, sold: __, ...shown } = made;
  assert.deepEqual(shown, { ...shown, ...input, available: 5, currency: "KRW" });
  assert.deepEqual(succeeded(await call({ path }), 200), shown);

  const list = async (query: string) =>
    succeeded<Page>(await call({ path: `/api/v1/products${query}` }), 200);
  const ofConcert = await list(`?concertId=${concert.concertId}`);
  assert.deepEqual(ofConcert.items, [shown]);
  const all = await list("?limit=2");
  assert.deepEqual(
    all.items.map((it) => it.productId),
    [ofHouse.productId, made.productId],
  );
  const first = await list("?limit=1");
  const second = await list(`?limit=1&cursor=${first.nextCursor}`);
  assert.deepEqual([...first.items, ...second.items], all.items);
  refused(await call({ path: `/api/v1/products/${randomUUID()}` }), "PRODUCT_NOT_FOUND");
  refused(await call({ path: "/api/v1/products?cursor=x" }), "INVALID_REQUEST");
});

test("a product of a draft is shown to operators only, and cannot be ordered", async () => {
  const soon = new Date(Date.now() + 3_600_000).toISOString();
  const draft = succeeded<{ concertId: string }>(
    await sale.admin("POST", "/concerts", {
      title: "Draft",
      dates: [{ date: dateIn(30) }],
      price: 1,
      publishedAt: soon,
      policy: { opensAt: soon },
    }),
    201,
  );
  const made = await shop.product({ concertId: draft.concertId });
  refused(await call({ path: `/api/v1/products/${made.productId}` }), "PRODUCT_NOT_FOUND");
  const path = `/api/v1/products?concertId=${draft.concertId}`;
  assert.deepEqual(succeeded<Page>(await call({ path }), 200).items, []);
  refused(await shop.order(await sale.fan(), one(made.productId)), "PRODUCT_NOT_FOUND");
  assert.equal((await shop.read(made.productId)).available, 10);
});

test("a product needs a concert that exists, and one of the house has no queue", async () => {
  const facts = { name: "Cap", price: 1, stock: 1, perUser: 1 };
  const post = (body: object) => sale.admin("POST", "/products", { ...facts, ...body });
  refused(await post({ concertId: randomUUID() }), "CONCERT_NOT_FOUND");
  const faults = faultsOf(refused(await post({ requiresTurn: true }), "INVALID_REQUEST"));
  assert.match(faults.join(), /^\/requiresTurn must be false/);
  for (const [pointer, change] of [
    ["/price", { price: 0 }],
    ["/stock", { stock: -1 }],
    ["/perUser", { perUser: 0 }],
    ["/name", { name: "\u200b" }],
    ["/held", { held: 1 }],
  ] as const)
    assert.match(
      faultsOf(refused(await post(change), "INVALID_REQUEST")).join(),
      RegExp(`^${pointer} `),
    );
});

test("an operator corrects a product; an order keeps its price; the audit trail has before and after", async () => {
  const made = await shop.product({ concertId: concert.concertId });
  const fan = await sale.fan({ balance: 1000 });
  const held = await shop.ordered(fan, one(made.productId, 2));
  const path = `/products/${made.productId}`;
  const change = { name: "Hat", price: 150, stock: 12, perUser: 9 };
  const corrected = succeeded(await sale.admin("PATCH", path, change), 200);
  assert.deepEqual(corrected, { ...made, ...change, available: 10, held: 2 });
  assert.deepEqual(succeeded(await sale.admin("PATCH", path, {}), 200), corrected);
  const payment = succeeded(await shop.pay(fan, held.orderId), 201);
  assert.equal(payment["amount"], 200);
  type Audit = { items: { action: string; before: Members | null; after: Members }[] };
  const { items } = succeeded<Audit>(
    await sale.admin("GET", `/audit?concertId=${concert.concertId}&limit=2`),
    200,
  );
  assert.deepEqual(
    items.map((it) => [it.action, it.before?.["stock"], it.after["stock"]]),
    [
      ["product.corrected", 10, 12],
      ["product.created", undefined, 10],
    ],
  );
  refused(
    await sale.admin("PATCH", `/products/${randomUUID()}`, { stock: 1 }),
    "PRODUCT_NOT_FOUND",
  );
});

test("the stock cannot fall below the pieces that are held and sold; a lapsed order does not count", async () => {
  const made = await shop.product({ concertId: quick.concertId });
  const patch = (stock: number) => sale.admin("PATCH", `/products/${made.productId}`, { stock });
  const fan = await sale.fan({ balance: 1000 });
  const bought = await shop.ordered(fan, one(made.productId, 3));
  succeeded(await shop.pay(fan, bought.orderId), 201);
  const lapsing = await shop.ordered(fan, one(made.productId));
  const problem = refused(await patch(3), "INVALID_REQUEST");
  assert.match(faultsOf(problem).join(), /^\/stock must be >= 4/);
  await sleep(Date.parse(lapsing.expiresAt) - Date.now() + 5);
  assert.equal(succeeded<Shown>(await patch(3), 200).available, 0);
  refused(await patch(2), "INVALID_REQUEST");
});

test("an order holds all pieces for the time of the policy, or of the house, and the buyer reads it", async () => {
  const [cap, bag] = [await shop.product({ concertId: concert.concertId }), await shop.product()];
  const fan = await sale.fan();
  const items = [...one(bag.productId, 2), ...one(cap.productId)];
  const held = await shop.ordered(fan, items);
  hasMembers(held, members.order);
  assert.deepEqual(
    held.items,
    items.map((it) => ({ ...it, name: "Cap", price: 100 })),
  );
  assert.deepEqual([held.amount, held.status, held.userId], [300, "HELD", fan.userId]);
  assert.equal(holdMs(held), 544_000);
  assert.equal((await shop.read(bag.productId)).held, 2);
  const { serverTime, ...read } = succeeded<OrderBody>(
    await shop.readOrder(fan, held.orderId),
    200,
  );
  assert.deepEqual({ ...read, serverTime: held.serverTime }, held);
  assert.ok(serverTime >= held.serverTime);
  const ofHouse = await shop.ordered(fan, one(bag.productId));
  assert.equal(holdMs(ofHouse), 577_000);
  const path = `/api/v1/users/${fan.userId}/orders`;
  type Orders = { items: OrderBody[]; nextCursor: string | null };
  const list = async (query = "") =>
    succeeded<Orders>(await call({ path: path + query, token: fan.accessToken }), 200);
  assert.deepEqual(
    (await list()).items.map((it) => it.orderId),
    [ofHouse.orderId, held.orderId],
  );
  const first = await list("?limit=1");
  assert.equal((await list(`?limit=1&cursor=${first.nextCursor}`)).items[0]?.orderId, held.orderId);
  refused(await call({ path: `${path}?cursor=x`, token: fan.accessToken }), "INVALID_REQUEST");
  type AllOrders = { items: OrderBody[] };
  const own = succeeded<AllOrders>(await sale.admin("GET", `/orders?userId=${fan.userId}`), 200);
  assert.deepEqual(
    own.items.map((it) => it.orderId),
    [ofHouse.orderId, held.orderId],
  );
  const ofConcert = await Promise.all(
    [concert, other].map(async ({ concertId }) => {
      const path = `/orders?userId=${fan.userId}&concertId=${concertId}`;
      const { items } = succeeded<AllOrders>(await sale.admin("GET", path), 200);
      return items.map((it) => it.orderId);
    }),
  );
  assert.deepEqual(ofConcert, [[held.orderId], []]);
  const all = succeeded<AllOrders>(await sale.admin("GET", "/orders?limit=1"), 200);
  assert.deepEqual(
    all.items.map((it) => it.orderId),
    [ofHouse.orderId],
  );
});

test("another user's order does not exist", async () => {
  const made = await shop.product();
  const [fan, stranger] = [await sale.fan(), await sale.fan({ balance: 1000 })];
  const { orderId } = await shop.ordered(fan, one(made.productId));
  refused(await shop.readOrder(stranger, orderId), "ORDER_NOT_FOUND");
  refused(await shop.cancel(stranger, orderId), "ORDER_NOT_FOUND");
  refused(await shop.pay(stranger, orderId), "ORDER_NOT_FOUND");
  refused(await shop.readOrder(fan, randomUUID()), "ORDER_NOT_FOUND");
  const path = `/api/v1/users/${fan.userId}/orders`;
  refused(await call({ path, token: stranger.accessToken }), "NOT_FOUND");
});

test("OUT_OF_STOCK names the items and what is left, and nothing is held", async () => {
  const [cap, bag] = [await shop.product({ stock: 3 }), await shop.product()];
  const fan = await sale.fan();
  const before = await settledState(deployment.sql);
  const items = [...one(bag.productId), ...one(cap.productId, 4)];
  const problem = refused(await shop.order(fan, items), "OUT_OF_STOCK");
  assert.deepEqual(problem["items"], [{ productId: cap.productId, quantity: 4, available: 3 }]);
  assert.equal(await stateDigest(deployment.sql), before);
});

test("PRODUCT_LIMIT_EXCEEDED counts what the user holds and has bought, and names the product", async () => {
  const made = await shop.product({ perUser: 3 });
  const fan = await sale.fan({ balance: 1000 });
  const bought = await shop.ordered(fan, one(made.productId, 2));
  succeeded(await shop.pay(fan, bought.orderId), 201);
  const problem = refused(await shop.order(fan, one(made.productId, 2)), "PRODUCT_LIMIT_EXCEEDED");
  assert.equal(problem["productId"], made.productId);
  assert.equal(problem["detail"], "A user may have at most 3 of this product; you have 2.");
  const held = await shop.ordered(fan, one(made.productId));
  refused(await shop.order(fan, one(made.productId)), "PRODUCT_LIMIT_EXCEEDED");
  succeeded(await shop.cancel(fan, held.orderId), 204);
  await shop.ordered(fan, one(made.productId));
});

test("a bad order is refused with a pointer, and nothing is held", async () => {
  const mine = await shop.product({ concertId: concert.concertId });
  const theirs = await shop.product({ concertId: other.concertId });
  const fan = await sale.fan();
  const before = await settledState(deployment.sql);
  const many = Array.from({ length: 21 }, () => one(randomUUID())).flat();
  for (const [items, fault] of [
    [one(mine.productId, 0), /^\/items\/0\/quantity must be >= 1/],
    [one(mine.productId, 1e9), /^\/items\/0\/quantity must be <= 1000/],
    [one(mine.productId, 1.5), /^\/items\/0\/quantity /],
    [one("no-id"), /^\/items\/0\/productId /],
    [
      [...one(mine.productId), ...one(mine.productId.toUpperCase())],
      /^\/items\/1\/productId must not be repeated/,
    ],
    [
      [...one(mine.productId), ...one(theirs.productId)],
      /^\/items\/1\/productId must be of the same concert/,
    ],
    [[], /^\/items must NOT have fewer than 1/],
    [many, /^\/items must NOT have more than 20/],
    [[{ productId: mine.productId }], /^\/items\/0\/quantity is required/],
    [[{ ...one(mine.productId)[0], price: 1 }], /^\/items\/0\/price is not known/],
  ] as const) {
    const problem = refused(await shop.order(fan, items as never), "INVALID_REQUEST");
    assert.match(faultsOf(problem).join(), fault);
  }
  const unknown = [...one(mine.productId), ...one(randomUUID())];
  const problem = refused(await shop.order(fan, unknown), "PRODUCT_NOT_FOUND");
  assert.match(String(problem["detail"]), /^\/items\/1\/productId /);
  assert.equal(await stateDigest(deployment.sql), before);
});

test("a product behind the queue needs a token of its concert that is ACTIVE; one free of it takes either token", async () => {
  const behind = await shop.product({
    concertId: concert.concertId,
    requiresTurn: true,
    perUser: 9,
  });
  const free = await shop.product({ concertId: concert.concertId });
  const narrow = await sale.onSale({ policy: { maxActive: 1 } });
  const behindNarrow = await shop.product({ concertId: narrow.concertId, requiresTurn: true });
  const fan = await sale.fan({ balance: 1000 });
  const placed = await sale.admitted(fan, concert.concertId);
  const elsewhere = await sale.admitted(fan, other.concertId);
  refused(await shop.order(fan, one(behind.productId)), "QUEUE_TOKEN_INVALID");
  for (const { productId } of [behind, free]) {
    const answer = await shop.order(fan, one(productId), { token: elsewhere.queueToken });
    refused(answer, "QUEUE_TOKEN_MISMATCH");
  }
  await sale.admitted(await sale.fan(), narrow.concertId);
  const waiting = await sale.placed(await sale.fan(), narrow.concertId);
  const early = await shop.order(waiting, one(behindNarrow.productId), {
    token: waiting.queueToken,
  });
  refused(early, "QUEUE_NOT_ACTIVE");

  const token = placed.queueToken;
  const held = await shop.ordered(fan, [...one(behind.productId), ...one(free.productId)], {
    token,
  });
  await shop.ordered(fan, one(free.productId), { token });
  succeeded(await shop.pay(fan, held.orderId), 201);
  assert.equal((await sale.status(placed)).status, "ACTIVE", "paying goods ends no place");
  const key = randomUUID();
  const kept = await shop.order(fan, one(behind.productId), { token, key });
  succeeded(await sale.leave(placed), 204);
  refused(await shop.order(fan, one(behind.productId), { token }), "QUEUE_TOKEN_ENDED");
  await shop.ordered(fan, one(free.productId), { token });
  const again = await shop.order(fan, one(behind.productId), { token, key });
  assert.equal(again.headers["idempotent-replayed"], "true");
  assert.equal(again.text, kept.text);
});

test("a payment debits the balance once; the buyer's ledger has it; a second one answers 200 with the same", async () => {
  const made = await shop.product({ concertId: concert.concertId });
  const fan = await sale.fan({ balance: 1000 });
  const { orderId } = await shop.ordered(fan, one(made.productId, 3));
  const key = randomUUID();
  const path = `/api/v1/orders/${orderId}/payment`;
  const keyless = await call({ method: "POST", path, token: fan.accessToken });
  refused(keyless, "IDEMPOTENCY_KEY_REQUIRED");
  const first = await shop.pay(fan, orderId, { key });
  const payment = succeeded(first, 201);
  hasMembers(payment, members.orderPayment);
  assert.deepEqual(
    [payment["orderId"], payment["amount"], payment["balance"]],
    [orderId, 300, 700],
  );
  const replayed = await shop.pay(fan, orderId, { key });
  assert.equal(replayed.text, first.text);
  assert.equal(replayed.status, 201);
  assert.equal(replayed.headers["idempotent-replayed"], "true");
  const later = await shop.pay(fan, orderId);
  assert.deepEqual(succeeded(later, 200), payment);
  assert.equal(await sale.balanceOf(fan), 700);
  const read = succeeded<OrderBody>(await shop.readOrder(fan, orderId), 200);
  assert.deepEqual([read.status, read.paymentId], ["PAID", payment["paymentId"]]);
  const entries = await call({
    path: `/api/v1/users/${fan.userId}/balance/entries`,
    token: fan.accessToken,
  });
  const [entry] = succeeded<{ items: Members[] }>(entries, 200).items;
  assert.deepEqual(
    [entry?.["type"], entry?.["amount"], entry?.["balance"], entry?.["referenceId"]],
    ["PAYMENT", -300, 700, payment["paymentId"]],
  );
  const { held, sold, available } = await shop.read(made.productId);
  assert.deepEqual([held, sold, available], [0, 3, 7]);
  refused(await shop.cancel(fan, orderId), "ORDER_NOT_CANCELLABLE");
  const stats = succeeded(await sale.admin("GET", `/concerts/${concert.concertId}/stats`), 200);
  assert.equal(JSON.stringify(stats).includes('"revenue":0'), true, "the revenue is that of seats");
});

test("a key names one request, whatever it is of", async () => {
  const made = await shop.product();
  const fan = await sale.fan({ balance: 1000 });
  const key = randomUUID();
  const first = await shop.order(fan, one(made.productId), { key });
  assert.equal((await shop.order(fan, one(made.productId), { key })).text, first.text);
  refused(await shop.order(fan, one(made.productId, 2), { key }), "IDEMPOTENCY_KEY_REUSED");
  refused(await sale.charge(fan, 1, { key }), "IDEMPOTENCY_KEY_REUSED");
  const { orderId } = succeeded<OrderBody>(first, 201);
  refused(await shop.pay(fan, orderId, { key }), "IDEMPOTENCY_KEY_REUSED");
  assert.equal((await shop.read(made.productId)).held, 1);
});

test("a balance that is too small is refused with both amounts, and the order stays HELD", async () => {
  const made = await shop.product();
  const fan = await sale.fan({ balance: 99 });
  const { orderId } = await shop.ordered(fan, one(made.productId));
  const key = randomUUID();
  const problem = refused(await shop.pay(fan, orderId, { key }), "INSUFFICIENT_BALANCE");
  assert.deepEqual([problem["balance"], problem["amount"]], [99, 100]);
  const penniless = await sale.fan();
  const theirs = await shop.ordered(penniless, one(made.productId));
  assert.equal(
    refused(await shop.pay(penniless, theirs.orderId), "INSUFFICIENT_BALANCE")["balance"],
    0,
  );
  await sale.charge(fan, 1);
  succeeded(await shop.pay(fan, orderId, { key }), 201);
});

test("a cancelled order frees its pieces, cancels again, and cannot be paid", async () => {
  const made = await shop.product({ stock: 4 });
  const fan = await sale.fan({ balance: 1000 });
  const { orderId } = await shop.ordered(fan, one(made.productId, 4));
  succeeded(await shop.cancel(fan, orderId), 204);
  assert.equal((await shop.read(made.productId)).available, 4);
  succeeded(await shop.cancel(fan, orderId), 204);
  const problem = refused(await shop.pay(fan, orderId), "ORDER_NOT_PAYABLE");
  assert.equal(problem["detail"], "The order was cancelled.");
  const read = succeeded<OrderBody>(await shop.readOrder(fan, orderId), 200);
  assert.equal(read.status, "CANCELLED");
  await shop.ordered(await sale.fan(), one(made.productId, 4));
});

test("a lapsed order reads EXPIRED, cannot be paid, and its pieces are free for another user", async () => {
  const made = await shop.product({ concertId: quick.concertId, stock: 2, perUser: 2 });
  const [fan, late] = [await sale.fan({ balance: 1000 }), await sale.fan()];
  const lapsed = await shop.ordered(fan, one(made.productId, 2));
  refused(await shop.order(late, one(made.productId)), "OUT_OF_STOCK");
  await sleep(Date.parse(lapsed.expiresAt) - Date.now() + 5);
  assert.equal(
    succeeded<OrderBody>(await shop.readOrder(fan, lapsed.orderId), 200).status,
    "EXPIRED",
  );
  await shop.ordered(late, one(made.productId, 2));
  refused(await shop.pay(fan, lapsed.orderId), "ORDER_EXPIRED");
  succeeded(await shop.cancel(fan, lapsed.orderId), 204);
  assert.equal(await sale.balanceOf(fan), 1000);
});

test("an operator refunds a paid order in full: the balance, the pieces, the ledger and the audit trail have it once", async () => {
  const made = await shop.product({ concertId: concert.concertId });
  const fan = await sale.fan({ balance: 1000 });
  const { orderId } = await shop.ordered(fan, one(made.productId, 3));
  const refund = (id: string, body?: object) => sale.admin("POST", `/orders/${id}/refund`, body);
  refused(await refund(randomUUID()), "ORDER_NOT_FOUND");
  const early = refused(await refund(orderId), "ORDER_NOT_REFUNDABLE");
  assert.equal(early["detail"], "Nothing was paid for the order: it is HELD.");
  const payment = succeeded(await shop.pay(fan, orderId), 201);
  const refunded = succeeded<OrderBody>(await refund(orderId, { reason: "Broken" }), 200);
  hasMembers(refunded, members.order);
  assert.deepEqual([refunded.status, refunded.paymentId], ["REFUNDED", payment["paymentId"]]);
  assert.equal(succeeded<OrderBody>(await refund(orderId), 200).status, "REFUNDED");
  assert.equal(await sale.balanceOf(fan), 1000);
  const { sold, available } = await shop.read(made.productId);
  assert.deepEqual([sold, available], [0, 10]);
  const problem = refused(await shop.pay(fan, orderId), "ORDER_NOT_PAYABLE");
  assert.equal(problem["detail"], "The order was refunded.");
  refused(await shop.cancel(fan, orderId), "ORDER_NOT_CANCELLABLE");
  const path = `/api/v1/users/${fan.userId}/balance/entries`;
  const { items } = succeeded<{ items: Members[] }>(
    await call({ path, token: fan.accessToken }),
    200,
  );
  assert.deepEqual(
    items.slice(0, 2).map((it) => [it["type"], it["amount"], it["referenceId"]]),
    [
      ["REFUND", 300, payment["paymentId"]],
      ["PAYMENT", -300, payment["paymentId"]],
    ],
  );
  type Audit = { items: { action: string; after: Members }[] };
  const audit = succeeded<Audit>(await sale.admin("GET", "/audit?limit=1"), 200);
  assert.deepEqual(
    [audit.items[0]?.action, audit.items[0]?.after["reason"], audit.items[0]?.after["amount"]],
    ["order.refunded", "Broken", 300],
  );
});

test("the top sellers are the products with the most pieces paid in the last days", async () => {
  const [cap, bag, pin] = [await shop.product(), await shop.product(), await shop.product()];
  const fan = await sale.fan({ balance: 10_000 });
  const buy = async (productId: string, quantity: number): Promise<string> => {
    const { orderId } = await shop.ordered(fan, one(productId, quantity));
    succeeded(await shop.pay(fan, orderId), 201);
    return orderId;
  };
  await buy(cap.productId, 1);
  await buy(bag.productId, 4);
  const old = await buy(pin.productId, 3);
  await shop.ordered(fan, one(cap.productId, 2));
  await deployment.sql(
    "update shop_order set paid_at = paid_at - interval '4 days' where order_id = $1",
    [old],
  );
  const mine = new Set<string>([cap, bag, pin].map((it) => it.productId));
  const top = async (query: string) => {
    const answer = await call({ path: `/api/v1/products/top${query}` });
    return succeeded<Page>(answer, 200).items.filter((it) => mine.has(it.productId));
  };
  const { value } = await eventually("the ranking has the payments", async () => {
    const items = await top("?days=5");
    return items.length === 3 && items.map((it) => [it.productId, it["piecesPaid"]]);
  });
  assert.deepEqual(value, [
    [bag.productId, 4],
    [pin.productId, 3],
    [cap.productId, 1],
  ]);
  const recent = [bag.productId, cap.productId];
  for (const query of ["?days=3", ""])
    assert.deepEqual(
      (await top(query)).map((it) => it.productId),
      recent,
    );
  for (const days of ["0", "91", "x"])
    refused(await call({ path: `/api/v1/products/top?days=${days}` }), "INVALID_REQUEST");
});

test("after all of this the books are in order", async () => {
  await sweep(deployment.sql);
});
