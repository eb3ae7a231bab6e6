import assert from "node:assert/strict";
import { test } from "node:test";
import { mintId } from "#platform/ids.ts";
import { productWith } from "#test/support/goods.ts";
import { createProduct, listProducts, listTopSellers } from "./manage-products.ts";

test("a new product has the currency of the installation and all of its pieces free", async () => {
  const { productId: _, currency: __, held: ___, sold: ____, ...input } = productWith();
  const added: unknown[] = [];
  const make = createProduct({
    products: {
      add: async (product, ...note) => {
        added.push(note);
        return { kind: "added", product: { ...product, held: 0, sold: 0 } };
      },
    },
    mintId,
    currency: "KRW",
  });
  const intent = { key: "k", fingerprint: "f" };
  const outcome = await make(input, "kim", intent);
  assert.deepEqual(added, [["kim", intent]]);
  assert.ok(outcome.kind === "added");
  const { productId, ...product } = outcome.product;
  assert.match(productId, /^[0-9a-f-]{36}$/);
  assert.deepEqual(product, { ...input, currency: "KRW", held: 0, sold: 0 });
});

test("a page of products has a cursor while there are more", async () => {
  const all = [productWith(), productWith(), productWith()];
  const list = async ({ limit }: { limit: number }) => all.slice(0, limit);
  const query = { concertId: null, withDrafts: false, after: null, limit: 2 };
  const page = await listProducts({ products: { list } })(query);
  assert.deepEqual(page, { items: all.slice(0, 2), next: all[1]?.productId });
  const whole = await listProducts({ products: { list } })({ ...query, limit: 3 });
  assert.equal(whole.next, null);
});

test("the pages of the top sellers follow each other by rank", async () => {
  const all = [3, 2, 1].map((piecesPaid) => ({ product: productWith(), piecesPaid }));
  const read = listTopSellers({ products: { top: async () => all } });
  const first = await read({ days: 3, limit: 2, after: null });
  assert.deepEqual(first, { items: all.slice(0, 2), next: 2 });
  assert.deepEqual(await read({ days: 3, limit: 2, after: 2 }), {
    items: all.slice(2),
    next: null,
  });
});
