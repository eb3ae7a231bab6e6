import assert from "node:assert/strict";
import { test } from "node:test";
import { toId, type ConcertId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { Stock } from "#queue";
import { stockOfConcerts } from "./stock.ts";

const concertId = toId<"concert">("0199aaaa-0000-7000-8000-00000000000c") as ConcertId;
const plenty: Stock = { available: 40, held: 5, sold: 5, total: 50 };

const scene = () => {
  const clock = { ms: 0 };
  const sale = { loads: 0, stock: (): Promise<Stock> => Promise.resolve(plenty) };
  const known = stockOfConcerts({
    sale: {
      stock: () => {
        sale.loads += 1;
        return sale.stock();
      },
    },
    monotonicMs: () => clock.ms,
  });
  return { clock, sale, known };
};
const away = () => Promise.reject(new Unavailable("the database is away"));
const silent = () => new Promise<Stock>(() => {});

test("while the database answers both say the same", async () => {
  const { known } = scene();
  assert.deepEqual(await known.stock(concertId), plenty);
  assert.deepEqual(await known.lastStock(concertId), plenty);
});

test("what nobody could ever know is null", async () => {
  const { sale, known } = scene();
  sale.stock = away;
  assert.equal(await known.stock(concertId), null);
  assert.equal(await known.lastStock(concertId), null);
});

test("with the database away people are told what was last known, and nobody is admitted by it", async () => {
  const { clock, sale, known } = scene();
  await known.lastStock(concertId);
  clock.ms = 60_000;
  sale.stock = away;
  assert.deepEqual(await known.lastStock(concertId), plenty);
  assert.equal(await known.stock(concertId), null);
});

test("with the database silent nobody who asks where he stands waits for it, and it is asked once", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { clock, sale, known } = scene();
  await known.lastStock(concertId);
  clock.ms = 60_000;
  sale.stock = silent;
  const asked = Array.from({ length: 100 }, () => known.lastStock(concertId));
  t.mock.timers.tick(250);
  assert.deepEqual(new Set(await Promise.all(asked)), new Set([plenty]));
  assert.deepEqual(await known.lastStock(concertId), plenty);
  assert.equal(sale.loads, 2);
});

test("what is told is no older than the sale's own picture by more than 20 ms", async () => {
  const { clock, sale, known } = scene();
  await known.lastStock(concertId);
  clock.ms = 20;
  await known.lastStock(concertId);
  assert.equal(sale.loads, 1);
  clock.ms = 21;
  await known.lastStock(concertId);
  assert.equal(sale.loads, 2);
});
