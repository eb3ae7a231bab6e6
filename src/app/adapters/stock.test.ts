import assert from "node:assert/strict";
import { test } from "node:test";
import { toId, type ConcertId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { Stock } from "#kernel/stock.ts";
import { stockOfConcerts } from "./stock.ts";

const concertId = toId<"concert">("0199aaaa-0000-7000-8000-00000000000c") as ConcertId;
const plenty: Stock = { available: 40, held: 5, mayReturn: 5, sold: 5, total: 50, hasEnded: false };

const fixture = () => {
  const clock = { ms: 0 };
  const sale = { loads: 0, stock: (): Promise<Stock> => Promise.resolve(plenty) };
  const stock = stockOfConcerts({
    sale: {
      stock: () => {
        sale.loads += 1;
        return sale.stock();
      },
    },
    monotonicMs: () => clock.ms,
  });
  return { clock, sale, stock };
};
const away = () => Promise.reject(new Unavailable("the database is away"));
const silent = () => new Promise<Stock>(() => {});

test("while the database answers, stock and lastStock are equal", async () => {
  const { stock } = fixture();
  assert.deepEqual(await stock.stock(concertId), plenty);
  assert.deepEqual(await stock.lastStock(concertId), plenty);
});

test("a stock that was never read is null", async () => {
  const { sale, stock } = fixture();
  sale.stock = away;
  assert.equal(await stock.stock(concertId), null);
  assert.equal(await stock.lastStock(concertId), null);
});

test("while the database is away, lastStock is the last value and stock is null", async () => {
  const { clock, sale, stock } = fixture();
  await stock.lastStock(concertId);
  clock.ms = 60_000;
  sale.stock = away;
  assert.deepEqual(await stock.lastStock(concertId), plenty);
  assert.equal(await stock.stock(concertId), null);
});

test("while the database is silent, 100 calls of lastStock share one query and do not wait for it", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { clock, sale, stock } = fixture();
  await stock.lastStock(concertId);
  clock.ms = 60_000;
  sale.stock = silent;
  const asked = Array.from({ length: 100 }, async () => stock.lastStock(concertId));
  t.mock.timers.tick(250);
  assert.deepEqual(new Set(await Promise.all(asked)), new Set([plenty]));
  assert.deepEqual(await stock.lastStock(concertId), plenty);
  assert.equal(sale.loads, 2);
});

test("lastStock queries the sale again after 20 ms", async () => {
  const { clock, sale, stock } = fixture();
  await stock.lastStock(concertId);
  clock.ms = 20;
  await stock.lastStock(concertId);
  assert.equal(sale.loads, 1);
  clock.ms = 21;
  await stock.lastStock(concertId);
  assert.equal(sale.loads, 2);
});
