import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { toId, type ConcertId } from "#kernel/ids.ts";
import type { Database } from "#platform/postgres/database.ts";
import { mintId } from "#platform/ids.ts";
import { freshDatabase, type FreshDatabase, openPatiently } from "#test/support/postgres.ts";
import type { QueueSample } from "../../domain/queue-sample.ts";
import type { QueueSamples } from "../../ports/queue-samples.ts";
import { pgEpochs } from "../../../recovery/adapters/postgres/pg-epochs.ts";
import { pgQueueSamples } from "./pg-queue-samples.ts";

let fresh: FreshDatabase;
let database: Database;
let samples: QueueSamples;

before(async () => {
  fresh = await freshDatabase();
  database = openPatiently({ url: fresh.url });
  samples = pgQueueSamples(database);
});

after(async () => {
  await database.close();
  await fresh[Symbol.asyncDispose]();
});

/** Creates a concert whose queue has had that many epochs. */
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

const sample = (second: number, changes: Partial<QueueSample> = {}): QueueSample => ({
  queueEpoch: 1,
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

const seconds = (found: readonly QueueSample[]): number[] =>
  found.map(({ atMs }) => (atMs - startMs) / 1_000);

test("a sample is read as it was written; of two samples of one second the first remains", async () => {
  const concertId = await concertWith(1);
  const first = sample(1);
  await samples.write(concertId, first);
  await samples.write(concertId, { ...first, waiting: 99 });
  assert.deepEqual(await samples.firstAndLast(concertId), [first]);
  const unknown = sample(2, { stock: null });
  await samples.write(concertId, unknown);
  assert.deepEqual(await samples.firstAndLast(concertId), [first, unknown]);
});

test("the first and the last sample of each epoch are read in order", async () => {
  const concertId = await concertWith(3);
  for (const second of [5, 1, 9]) await samples.write(concertId, sample(second));
  for (const second of [20, 11]) await samples.write(concertId, sample(second, { queueEpoch: 3 }));
  assert.deepEqual(seconds(await samples.firstAndLast(concertId)), [1, 9, 11, 20]);
  assert.deepEqual(await samples.firstAndLast(await concertWith(1)), []);
});

test("the last sample of each step is read, and the last one before the steps", async () => {
  const concertId = await concertWith(2);
  for (const second of [1, 8, 9, 10, 14, 19, 20]) await samples.write(concertId, sample(second));
  for (const second of [31, 38, 44])
    await samples.write(concertId, sample(second, { queueEpoch: 2 }));
  const steps = (fromSecond: number) =>
    samples.lastOfEachStep(concertId, { fromMs: startMs + fromSecond * 1_000, stepMs: 10_000 });
  assert.deepEqual(seconds(await steps(10)), [9, 19, 20, 38, 44]);
  assert.deepEqual(seconds(await steps(0)), [9, 19, 20, 38, 44]);
  assert.deepEqual(seconds(await steps(40)), [20, 38, 44]);
  assert.deepEqual(seconds(await steps(90)), [20, 44]);
});

test("old samples are deleted; newer ones and those of other queues remain", async () => {
  const concertId = await concertWith(1);
  for (const second of [-90_000, -80_000, 1]) await samples.write(concertId, sample(second));
  assert.equal(await samples.deleteBefore(startMs - 85_000_000), "done");
  assert.deepEqual(seconds(await samples.firstAndLast(concertId)), [-80_000, 1]);
});
