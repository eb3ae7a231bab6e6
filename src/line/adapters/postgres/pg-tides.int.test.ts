import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { toId, type ConcertId } from "#kernel/ids.ts";
import { openDatabase, type Database } from "#platform/postgres/database.ts";
import { mintId } from "#platform/ids.ts";
import { freshDatabase, type FreshDatabase } from "../../../../test/support/postgres.ts";
import type { Tide } from "../../domain/tide.ts";
import type { Tides } from "../../ports/tides.ts";
import { pgEpochs } from "./pg-durable.ts";
import { pgTides } from "./pg-tides.ts";

let fresh: FreshDatabase;
let database: Database;
let tides: Tides;

before(async () => {
  fresh = await freshDatabase();
  database = openDatabase({ url: fresh.url });
  tides = pgTides(database);
});

after(async () => {
  await database.close();
  await fresh[Symbol.asyncDispose]();
});

/** A concert whose line has had so many epochs. */
const concertWith = async (epochs: number): Promise<ConcertId> => {
  const concertId = toId<"concert">(mintId());
  await database.query({
    text: `insert into concert (concert_id, title, time_zone, currency, policy)
      values ($1, 'x', 'UTC', 'KRW', '{}')`,
    values: [concertId],
  });
  for (let epoch = 0; epoch < epochs; epoch += 1)
    await pgEpochs(database).raise(concertId, epoch, "run");
  return concertId;
};

const startMs = 1_800_000_000_000;

const tide = (second: number, changes: Partial<Tide> = {}): Tide => ({
  lineEpoch: 1,
  atMs: startMs + second * 1_000,
  lastIssued: second,
  waiting: 1,
  active: 2,
  admitted: 3,
  left: 4,
  lapsed: 5,
  stock: { available: 6, held: 7, sold: 8 },
  ...changes,
});

const seconds = (found: readonly Tide[]): number[] =>
  found.map(({ atMs }) => (atMs - startMs) / 1_000);

test("a tide is read as it was written; of two of one second the first stays", async () => {
  const concertId = await concertWith(1);
  const first = tide(1);
  await tides.write(concertId, first);
  await tides.write(concertId, { ...first, waiting: 99 });
  assert.deepEqual(await tides.ends(concertId), [first]);
  const unknown = tide(2, { stock: null });
  await tides.write(concertId, unknown);
  assert.deepEqual(await tides.ends(concertId), [first, unknown]);
});

test("of each epoch the first and the last are its ends, in order", async () => {
  const concertId = await concertWith(3);
  for (const second of [5, 1, 9]) await tides.write(concertId, tide(second));
  for (const second of [20, 11]) await tides.write(concertId, tide(second, { lineEpoch: 3 }));
  assert.deepEqual(seconds(await tides.ends(concertId)), [1, 9, 11, 20]);
  assert.deepEqual(await tides.ends(await concertWith(1)), []);
});

test("steps are the last tide of each, and the last one before them", async () => {
  const concertId = await concertWith(2);
  for (const second of [1, 8, 9, 10, 14, 19, 20]) await tides.write(concertId, tide(second));
  for (const second of [31, 38, 44]) await tides.write(concertId, tide(second, { lineEpoch: 2 }));
  const steps = (fromSecond: number) =>
    tides.steps(concertId, { fromMs: startMs + fromSecond * 1_000, stepMs: 10_000 });
  assert.deepEqual(seconds(await steps(10)), [9, 19, 20, 38, 44]);
  assert.deepEqual(seconds(await steps(0)), [9, 19, 20, 38, 44]);
  assert.deepEqual(seconds(await steps(40)), [20, 38, 44]);
  assert.deepEqual(seconds(await steps(90)), [20, 44]);
});

test("old tides are removed, younger ones and other lines' stay", async () => {
  const concertId = await concertWith(1);
  for (const second of [-90_000, -80_000, 1]) await tides.write(concertId, tide(second));
  assert.equal(await tides.forgetBefore(startMs - 85_000_000), "done");
  assert.deepEqual(seconds(await tides.ends(concertId)), [-80_000, 1]);
});
