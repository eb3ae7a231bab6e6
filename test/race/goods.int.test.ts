import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { succeeded, verdict, type Answer } from "#test/support/client.ts";
import { isOverloaded, mapConcurrently, race, sleep, times } from "#test/support/concurrency.ts";
import { openShop, type OrderBody } from "#test/support/goods.ts";
import { sweep } from "#test/support/invariants.ts";
import { openSale, patiently, type Fan } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { eitherOr, exactlyWon, oneIntent, oneOwner, type Deadline } from "./checkers.ts";

// Goods under a start gate, on three processes. Controls: checkers.test.ts, goods-invariants.test.ts.

const deployment = await startDeployment({ instances: 3 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const shop = openShop(sale);

const one = (productId: string, quantity = 1) => [{ productId, quantity }];

interface Buyer {
  readonly fan: Fan;
  readonly order: OrderBody;
}

/** Buyers with an order of one piece each. */
const buyersOf = async (count: number, productId: string, balance: number): Promise<Buyer[]> =>
  mapConcurrently(await sale.fans(count, { balance }), 20, async (fan) => ({
    fan,
    order: succeeded<OrderBody>(await patiently(() => shop.order(fan, one(productId))), 201),
  }));

test("500 buyers of the last 50 pieces on three instances get exactly these", async () => {
  const cap = await shop.product({ stock: 70, perUser: 20 });
  await shop.ordered(await sale.fan(), one(cap.productId, 20));
  const fans = await sale.fans(500);
  const answers = await race(
    fans.map((fan, index) => () => {
      const key = randomUUID();
      return patiently(() => shop.order(fan, one(cap.productId), { key, on: index % 3 }));
    }),
  );
  assert.deepEqual(exactlyWon(answers.map(verdict), 50, ["409 OUT_OF_STOCK"]), []);
  const { held, sold, available } = await shop.read(cap.productId);
  assert.deepEqual([held, sold, available], [70, 0, 0]);
  await sweep(deployment.sql);
});

test("orders of the same products in opposite orders: each has all of its pieces or none, and none deadlocks", async () => {
  const products = await Promise.all(times(4, () => shop.product({ stock: 12, perUser: 3 })));
  const ids = products.map(({ productId }) => productId);
  const fans = await sale.fans(60);
  const answers = await race(
    fans.map((fan, index) => () => {
      const own = index % 2 === 0 ? ids : ids.toReversed();
      const items = own.slice(index % 3).map((productId) => ({ productId, quantity: 2 }));
      return patiently(() => shop.order(fan, items, { key: randomUUID(), on: index % 3 }));
    }),
  );
  const words = answers.map(verdict);
  const odd = words.filter((it) => it !== "201" && it !== "409 OUT_OF_STOCK");
  assert.deepEqual(odd, []);
  const left = await Promise.all(ids.map(async (id) => (await shop.read(id)).available));
  assert.ok(left.includes(0), `no product was wanted by too many: ${left.join()}`);
  await sweep(deployment.sql);
});

test("ten orders of one user at once never exceed the limit of a product", async () => {
  const cap = await shop.product({ stock: 100, perUser: 3 });
  for (const fan of await sale.fans(10)) {
    const answers = await race(
      times(10, (index) => () => shop.order(fan, one(cap.productId), { on: index % 3 })),
    );
    assert.deepEqual(exactlyWon(answers.map(verdict), 3, ["409 PRODUCT_LIMIT_EXCEEDED"]), []);
  }
});

test("one key twenty times on three instances orders once, then pays once", async () => {
  const cap = await shop.product();
  const keyed = (answers: readonly Answer[]) =>
    answers.map((it) => ({ verdict: verdict(it), text: it.text }));
  for (const fan of await sale.fans(5, { balance: 1000 })) {
    const [ordering, paying] = [randomUUID(), randomUUID()];
    const ordered = await race(
      times(20, (n) => () => shop.order(fan, one(cap.productId), { key: ordering, on: n % 3 })),
    );
    assert.deepEqual(oneIntent(keyed(ordered)), []);
    const { orderId } = succeeded<OrderBody>(
      ordered.find((it) => it.status === 201) as Answer,
      201,
    );
    const paid = await race(
      times(20, (n) => () => shop.pay(fan, orderId, { key: paying, on: n % 3 })),
    );
    assert.deepEqual(oneIntent(keyed(paid)), []);
    assert.equal(await sale.balanceOf(fan), 900);
  }
  assert.equal((await shop.read(cap.productId)).sold, 5);
});

test("twenty payments of one order, each with a key of its own, debit it once", async () => {
  const cap = await shop.product();
  for (const { fan, order } of await buyersOf(4, cap.productId, 1000)) {
    const answers = await race(times(20, (n) => () => shop.pay(fan, order.orderId, { on: n % 3 })));
    assert.deepEqual(exactlyWon(answers.map(verdict), 1, ["200"]), []);
    assert.equal(new Set(answers.map((it) => it.text)).size, 1);
    assert.equal(await sale.balanceOf(fan), 900);
  }
});

test("with money for an order or a seat, one of the two is paid", async () => {
  const concert = await sale.onSale({ price: 100 });
  const cap = await shop.product({ stock: 20 });
  const buyers = await buyersOf(20, cap.productId, 150);
  const bills = await mapConcurrently(buyers, 20, async (buyer, index) => {
    const place = await sale.admitted(buyer.fan, concert.concertId);
    const wanted = { date: concert.dates[0] ?? "", seatNumbers: [index + 1] };
    return { ...buyer, place, held: await sale.reserved(place, wanted) };
  });
  const answers = await race(
    bills.flatMap(({ fan, order, place, held }, index) => [
      () => shop.pay(fan, order.orderId, { on: index % 3 }),
      () => sale.pay(place, held.reservationId, { on: (index + 1) % 3 }),
    ]),
  );
  for (const [index, { fan }] of bills.entries()) {
    const pair = answers.slice(index * 2, index * 2 + 2).map(verdict);
    assert.deepEqual(exactlyWon(pair, 1, ["402 INSUFFICIENT_BALANCE"]), []);
    assert.equal(await sale.balanceOf(fan), 50);
  }
  await sweep(deployment.sql);
});

test("cancel against payment of an order: paid and not cancellable, or cancelled and not payable", async () => {
  const cap = await shop.product({ stock: 40 });
  const mine = await buyersOf(40, cap.productId, 100);
  const answers = await race(
    mine.flatMap(({ fan, order }, index) => [
      () => shop.pay(fan, order.orderId, { on: index % 3 }),
      () => shop.cancel(fan, order.orderId, (index + 1) % 3),
    ]),
  );
  const words = answers.map(verdict);
  const trials = mine.map((_, n) => [words[n * 2] ?? "", words[n * 2 + 1] ?? ""] as const);
  assert.deepEqual(
    eitherOr(trials, ["201 & 409 ORDER_NOT_CANCELLABLE", "409 ORDER_NOT_PAYABLE & 204"]),
    [],
  );
  for (const [index, { fan }] of mine.entries())
    assert.equal(await sale.balanceOf(fan), trials[index]?.[0] === "201" ? 0 : 100);
  await sweep(deployment.sql);
});

test("the stock is corrected while users order: it never falls below the pieces", async () => {
  const cap = await shop.product({ stock: 30 });
  const fans = await sale.fans(60);
  const path = `/products/${cap.productId}`;
  const answers = await race([
    ...fans.map(
      (fan, index) => () =>
        patiently(() => shop.order(fan, one(cap.productId), { key: randomUUID(), on: index % 3 })),
    ),
    ...times(10, (index) => () => sale.admin("PATCH", path, { stock: 10 + index }, index % 3)),
  ]);
  const words = answers.slice(0, 60).map(verdict);
  const { stock, held, available } = await shop.read(cap.productId);
  assert.deepEqual(exactlyWon(words, held, ["409 OUT_OF_STOCK"]), []);
  assert.ok(available >= 0 && held + available === stock, `${stock} ${held} ${available}`);
  for (const answer of answers.slice(60))
    assert.match(verdict(answer), /^(200|400 INVALID_REQUEST)$/);
  await sweep(deployment.sql);
});

const timed = async (atMs: number, ask: () => Promise<Answer>) => {
  await sleep(atMs - Date.now());
  const sentAtMs = Date.now();
  const answer = await ask();
  return { verdict: verdict(answer), sentAtMs, answeredAtMs: Date.now() };
};

test("payment at the end of a hold against a rival for the last piece: it has one owner", async () => {
  const { concertId } = await sale.onSale({ policy: { holdSeconds: 3 } });
  const products = await mapConcurrently(
    times(40, (n) => n),
    5,
    () => shop.product({ concertId, stock: 1 }),
  );
  const [fans, rivals] = [await sale.fans(40, { balance: 100 }), await sale.fans(40)];
  const trials: Promise<Deadline>[] = [];
  for (const [index, { productId }] of products.entries()) {
    const [fan, rival] = [fans[index] as Fan, rivals[index] as Fan];
    // One after the other, so that the deadlines lie apart.
    const order = await shop.ordered(fan, one(productId));
    const expiresAtMs = Date.parse(order.expiresAt);
    const earlyMs = index % 2 === 0 ? 60 - (index % 13) * 6 : (index % 25) * 14;
    const trial = async (): Promise<Deadline> => {
      const [paid, taken] = await Promise.all([
        timed(expiresAtMs - earlyMs, () => shop.pay(fan, order.orderId, { on: index % 3 })),
        timed(expiresAtMs - 8 + (index % 7) * 4, () =>
          shop.order(rival, one(productId), { on: (index + 1) % 3 }),
        ),
      ]);
      return { expiresAtMs, paid, rival: taken };
    };
    trials.push(trial());
  }
  const named = (word: string): string =>
    word
      .replace("ORDER_EXPIRED", "RESERVATION_EXPIRED")
      .replace("OUT_OF_STOCK", "SEAT_UNAVAILABLE");
  const judged = (await Promise.all(trials)).map((it) => ({
    ...it,
    paid: { ...it.paid, verdict: named(it.paid.verdict) },
    rival: { ...it.rival, verdict: named(it.rival.verdict) },
  }));
  // A trial in which a crowded machine shed a request says nothing; the sweep below counts it too.
  const shed = ({ paid, rival }: Deadline): boolean =>
    isOverloaded() && [paid, rival].some((it) => it.verdict === "503 UNAVAILABLE");
  assert.deepEqual(oneOwner(judged.filter((it) => !shed(it))), []);
  for (const [index, fan] of fans.entries())
    assert.equal(await sale.balanceOf(fan), judged[index]?.paid.verdict === "201" ? 0 : 100);
  await sweep(deployment.sql);
});
