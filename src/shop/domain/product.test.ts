import assert from "node:assert/strict";
import { test } from "node:test";
import { productWith } from "#test/support/goods.ts";
import { correctProduct, freePieces } from "./product.ts";

test("the free pieces are those of the stock that are neither held nor sold", () => {
  assert.equal(freePieces(productWith({ stock: 10, held: 3, sold: 5 })), 2);
});

test("a correction of an unknown product is not found", () => {
  assert.deepEqual(correctProduct(null, { price: 1 }), { kind: "not-found" });
});

test("the stock can fall to the pieces that are held and sold, and no further", () => {
  const before = productWith({ stock: 10, held: 3, sold: 5 });
  assert.deepEqual(correctProduct(before, { stock: 7, price: 9 }), {
    kind: "below-pieces",
    stockMin: 8,
  });
  assert.deepEqual(correctProduct(before, { stock: 8 }), {
    kind: "corrected",
    before,
    after: { ...before, stock: 8 },
  });
});

test("a correction changes the members that it has, and no other", () => {
  const before = productWith({ name: "Cap", price: 10, stock: 3, perUser: 1 });
  const after = { ...before, name: "Hat", price: 12, perUser: 2 };
  const correction = { name: "Hat", price: 12, perUser: 2 };
  assert.deepEqual(correctProduct(before, correction), { kind: "corrected", before, after });
  assert.deepEqual(correctProduct(before, {}), { kind: "corrected", before, after: before });
});
