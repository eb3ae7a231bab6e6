import assert from "node:assert/strict";
import { test } from "node:test";
import type { CreateConcert } from "#catalogue";
import type { Queryable } from "#platform/postgres/database.ts";
import type { CreateProduct } from "#shop";
import { seedDemo } from "./seed.ts";

/** The concerts and products that the seed creates in a database with so many concerts. */
const seeded = async (known: number) => {
  const concerts: CreateConcert[] = [];
  const products: CreateProduct[] = [];
  const createConcert = (concert: CreateConcert) => {
    concerts.push(concert);
    return Promise.resolve({ kind: "created", concert: { concertId: `c${concerts.length}` } });
  };
  const createProduct = (product: CreateProduct) => {
    products.push(product);
    return Promise.resolve({ kind: "created" });
  };
  const query = () => Promise.resolve(Array.from({ length: known }, () => ({})));
  await seedDemo(
    { catalogue: { createConcert }, shop: { createProduct } } as unknown as Parameters<
      typeof seedDemo
    >[0],
    { query } as unknown as Queryable,
  );
  return { concerts, products };
};

test("an empty database gets a theatre, and then the 50 seats, which head the list of concerts", async () => {
  const [theatre, small, ...more] = (await seeded(0)).concerts.map(({ input }) => input);
  assert.equal(theatre?.seatingPlan?.sections.length, 9);
  assert.deepEqual(small?.grades?.at(-1)?.seats, [31, 50]);
  assert.deepEqual(more, []);
});

test("an empty database gets a product of the house and two of the newest concert, one behind its queue", async () => {
  const { products } = await seeded(0);
  assert.deepEqual(
    products.map(({ concertId, requiresTurn }) => [concertId, requiresTurn]),
    [
      [null, false],
      ["c2", false],
      ["c2", true],
    ],
  );
});

test("a database with a concert gets none", async () => {
  assert.deepEqual(await seeded(1), { concerts: [], products: [] });
});
