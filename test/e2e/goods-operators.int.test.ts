import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { refused, succeeded, type Members } from "#test/support/client.ts";
import { openShop, type OrderBody } from "#test/support/goods.ts";
import { sweep } from "#test/support/invariants.ts";
import { openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";

// Goods over HTTP: the keys of new products, and what is left of a buyer who is erased.

const deployment = await startDeployment({ instances: 2 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const shop = openShop(sale);
const { call } = sale;
const concert = await sale.onSale();

interface Shown extends Members {
  readonly productId: string;
}
type Page = { items: Shown[]; nextCursor: string | null };

test("a repeated key of a new product returns the stored answer, of a concert and of the house, also at once", async () => {
  const facts = { name: "Keyed cap", price: 100, stock: 10, perUser: 4 };
  const post = (key: string, body: object = facts, on = 0) =>
    call({
      method: "POST",
      path: "/admin/v1/products",
      token: deployment.operatorKey,
      key,
      body,
      on,
    });
  const pieces = async () => {
    const page = succeeded<Page>(await sale.admin("GET", "/products?limit=100"), 200);
    return page.items.filter((it) => it["name"] === "Keyed cap");
  };
  for (const [n, body] of [facts, { ...facts, concertId: concert.concertId }].entries()) {
    const key = randomUUID();
    const answers = await Promise.all([0, 1, 0, 1].map((on) => post(key, body, on)));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [201, 201, 201, 201],
    );
    assert.equal(new Set(answers.map(({ text }) => text)).size, 1);
    const replayed = answers.filter(({ headers }) => headers["idempotent-replayed"] === "true");
    assert.equal(replayed.length, 3);
    assert.equal((await pieces()).length, n + 1);
    const { productId } = succeeded<Shown>(answers[0] ?? assert.fail(), 201);
    succeeded(await sale.admin("PATCH", `/products/${productId}`, { stock: 11 }), 200);
    assert.equal((await post(key, body)).text, answers[0]?.text, "the answer of its time");
    refused(await post(key, { ...body, stock: 12 }), "IDEMPOTENCY_KEY_REUSED");
    refused(await post(key, { ...facts, concertId: randomUUID() }), "IDEMPOTENCY_KEY_REUSED");
  }
  const key = randomUUID();
  refused(await post(key, { ...facts, concertId: randomUUID() }), "CONCERT_NOT_FOUND");
  succeeded(await post(key), 201);
  refused(await post(" "), "INVALID_REQUEST");
});

test("erasing a buyer keeps the orders for the books, with the user id alone, as it keeps payments", async () => {
  const made = await shop.product();
  const fan = await sale.fan({ balance: 300 });
  const { orderId } = await shop.ordered(fan, [{ productId: made.productId, quantity: 2 }]);
  succeeded(await shop.pay(fan, orderId), 201);
  const last = await shop.ordered(fan, [{ productId: made.productId, quantity: 1 }]);
  const erase = { method: "DELETE", path: "/api/v1/users/me", token: fan.accessToken };
  refused(await call(erase), "ACCOUNT_NOT_EMPTY");
  succeeded(await shop.pay(fan, last.orderId), 201);
  succeeded(await call(erase), 204);
  const path = `/orders?userId=${fan.userId}`;
  const { items } = succeeded<{ items: OrderBody[] }>(await sale.admin("GET", path), 200);
  assert.deepEqual(
    items.map(({ status, userId, amount }) => [status, userId, amount]),
    [
      ["PAID", fan.userId, 100],
      ["PAID", fan.userId, 200],
    ],
  );
  assert.equal((await shop.read(made.productId)).sold, 3);
  const record = succeeded(await sale.admin("GET", `/users/${fan.userId}`), 200);
  assert.equal(record["name"], null);
  await sweep(deployment.sql);
});
