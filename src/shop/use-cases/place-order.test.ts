import assert from "node:assert/strict";
import { test } from "node:test";
import type { Intent, KeyOutcome } from "#kernel/idempotency.ts";
import type { QueueClaims } from "#kernel/place.ts";
import { mintId } from "#platform/ids.ts";
import { orderWith, productWith } from "#test/support/goods.ts";
import type { PlaceOrder } from "../domain/decide-order.ts";
import type { StockedProduct } from "../domain/product.ts";
import { placeOrder, type PlaceOrderDeps } from "./place-order.ts";

const concertId = mintId<"concert">();
const userId = mintId<"user">();
const intent: Intent = { key: "k", fingerprint: "f" };
const claims: QueueClaims = { userId, concertId, epoch: 1, seq: 1, placeId: "p" };
const replay: KeyOutcome<unknown> = { kind: "replayed", answer: orderWith() };

const shopWith = (
  products: readonly StockedProduct[],
  changes: Partial<PlaceOrderDeps> = {},
): { place: ReturnType<typeof placeOrder>; placed: PlaceOrder[] } => {
  const placed: PlaceOrder[] = [];
  const place = placeOrder({
    products: {
      find: async (ids) => products.filter(({ productId }) => ids.includes(productId)),
    },
    orders: {
      place: async (command) => {
        placed.push(command);
        return { kind: "held", order: orderWith({ orderId: command.orderId }) };
      },
    },
    concerts: { find: async (id) => (id === concertId ? { policy: { holdSeconds: 30 } } : null) },
    active: async () => "active",
    findAnswer: async () => null,
    mintId,
    currency: "KRW",
    houseHoldSeconds: 60,
    ...changes,
  });
  return { place, placed };
};

const itemsOf = (...products: readonly StockedProduct[]) =>
  products.map(({ productId }) => ({ productId, quantity: 1 }));
const request = (...products: readonly StockedProduct[]) => ({
  userId,
  claims: null,
  items: itemsOf(...products),
  intent: null,
});

const house = productWith();
const ofConcert = productWith({ concertId });
const behindQueue = productWith({ concertId, requiresTurn: true });
const elsewhere = productWith({ concertId: mintId<"concert">() });

test("an order of the house's products is held for the time of the house, one with a product of a concert for that of its policy", async () => {
  const { place, placed } = shopWith([house, ofConcert]);
  await place(request(house));
  await place(request(house, ofConcert));
  assert.deepEqual(
    placed.map((it) => [it.concertId, it.holdSeconds]),
    [
      [null, 60],
      [concertId, 30],
    ],
  );
});

test("a product that requires the turn needs a queue token, whose place is ACTIVE", async () => {
  const { place, placed } = shopWith([behindQueue, ofConcert]);
  const mine = request(ofConcert, behindQueue);
  assert.deepEqual(await place(mine), { kind: "turn-required" });
  assert.equal((await place({ ...mine, claims })).kind, "held");
  assert.equal(placed.length, 1);
  for (const [state, kind] of [
    ["waiting", "not-active"],
    ["ended", "ended"],
  ] as const) {
    const other = shopWith([behindQueue], { active: async () => state });
    assert.deepEqual(await other.place({ ...request(behindQueue), claims }), { kind });
    assert.deepEqual(other.placed, []);
  }
});

test("the queue is not asked for products that are free of it", async () => {
  const active = () => assert.fail("the queue was asked");
  const { place } = shopWith([house, ofConcert], { active });
  assert.equal((await place({ ...request(house, ofConcert), claims })).kind, "held");
  assert.equal((await place(request(house))).kind, "held");
});

test("a queue token acts for products of its own concert and of the house only, before any other check", async () => {
  const findAnswer = async () => replay;
  const { place } = shopWith([house, elsewhere], { findAnswer });
  const unknown = productWith();
  const asked = { ...request(unknown, elsewhere), claims, intent };
  assert.deepEqual(await place(asked), { kind: "token-mismatch" });
});

test("a stored answer is sent again before the queue and the products are asked", async () => {
  const active = () => assert.fail("the queue was asked");
  const { place } = shopWith([behindQueue], { active, findAnswer: async () => replay });
  const asked = { ...request(behindQueue, productWith()), claims, intent };
  assert.deepEqual(await place(asked), replay);
});

test("the first item that is no product is named", async () => {
  const { place } = shopWith([house]);
  const outcome = await place(request(house, productWith(), productWith()));
  assert.deepEqual(outcome, { kind: "product-not-found", index: 1 });
});

test("the first item of another concert than those before it is named", async () => {
  const { place } = shopWith([house, ofConcert, elsewhere]);
  const outcome = await place(request(ofConcert, house, elsewhere));
  assert.deepEqual(outcome, { kind: "concerts-mixed", index: 2 });
});

test("a product whose concert is not there is not found", async () => {
  const { place } = shopWith([elsewhere]);
  const outcome = await place(request(elsewhere));
  assert.deepEqual(outcome, { kind: "product-not-found", index: 0 });
});

test("an order of more pieces than are left is refused without a transaction, unless its key has an answer by now", async () => {
  const gone = productWith({ stock: 0 });
  const { place, placed } = shopWith([gone]);
  const shortage = { kind: "out-of-stock", items: [{ ...itemsOf(gone)[0], available: 0 }] };
  assert.deepEqual(await place(request(gone)), shortage);
  assert.deepEqual(placed, []);
  let asked = 0;
  const findAnswer = async () => (asked++ === 0 ? null : replay);
  const late = shopWith([gone], { findAnswer });
  assert.deepEqual(await late.place({ ...request(gone), intent }), replay);
});
