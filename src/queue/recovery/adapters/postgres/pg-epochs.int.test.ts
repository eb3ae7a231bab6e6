import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { randomUUID } from "node:crypto";
import { toId, type ConcertId } from "#kernel/ids.ts";
import type { Database } from "#platform/postgres/database.ts";
import { freshDatabase, type FreshDatabase, openPatiently } from "#test/support/postgres.ts";

import { pgEpochs } from "./pg-epochs.ts";

let clone: FreshDatabase;
let database: Database;

before(async () => {
  clone = await freshDatabase();
  database = openPatiently({ url: clone.url });
});
after(async () => {
  await database.close();
  await clone[Symbol.asyncDispose]();
});

const newConcert = async () => {
  const concertId = toId<"concert">(randomUUID());
  await database.query({
    text: `
      insert into concert (concert_id, title, time_zone, currency, policy)
      values ($1, 'A night', 'UTC', 'KRW', '{}')`,
    values: [concertId],
  });
  return concertId;
};

/** Makes the last confirmation older. */
const age = async (concertId: ConcertId, ms: number): Promise<void> => {
  await database.query({
    text: `update queue_epoch set confirmed_at = confirmed_at - $2 * interval '1 ms'
      where concert_id = $1`,
    values: [concertId, ms],
  });
};

test("of several calls with the same epoch, only the first raises it", async () => {
  const concertId = await newConcert();
  const epochs = pgEpochs(database);
  assert.equal(await epochs.read(concertId), null);
  assert.deepEqual(await epochs.raise(concertId, 0, "a"), {
    epoch: 1,
    runId: "a",
    inUse: false,
    waitingList: false,
  });
  await age(concertId, 3_100);
  const raised = await Promise.all(
    ["b", "c", "d"].map((runId) => epochs.raise(concertId, 1, runId)),
  );
  assert.equal(new Set(raised.map(({ runId }) => runId)).size, 1);
  assert.ok(raised.every(({ epoch }) => epoch === 2));
  assert.deepEqual(await epochs.read(concertId), raised[0]);
  assert.deepEqual(await epochs.raise(concertId, 1, "late"), raised[0]);
});

test("a queue that is marked in use stays in use in all later epochs", async () => {
  const concertId = await newConcert();
  const epochs = pgEpochs(database);
  await epochs.raise(concertId, 0, "a");
  assert.equal((await epochs.raise(concertId, 1, "a")).inUse, false);
  await epochs.markInUse(concertId);
  await epochs.markInUse(concertId);
  assert.equal((await epochs.read(concertId))?.inUse, true);
  assert.equal((await epochs.raise(concertId, 2, "a")).inUse, true);
});

test("a waiting list that has begun stays begun in every later epoch", async () => {
  const concertId = await newConcert();
  const epochs = pgEpochs(database);
  await epochs.raise(concertId, 0, "a");
  for (let times = 0; times < 2; times += 1) await epochs.markWaitingList(concertId);
  assert.equal((await epochs.read(concertId))?.waitingList, true);
  assert.equal((await epochs.raise(concertId, 1, "a")).waitingList, true);
});

test("another server takes a queue over only 3 s after the last confirmation", async () => {
  const concertId = await newConcert();
  const epochs = pgEpochs(database);
  await epochs.raise(concertId, 0, "a");
  const kept = { epoch: 1, runId: "a", inUse: false, waitingList: false };
  assert.deepEqual(await epochs.raise(concertId, 1, "b"), kept);
  await age(concertId, 2_000);
  assert.deepEqual(await epochs.confirm("a", [{ concertId, epoch: 1 }]), [concertId]);
  await age(concertId, 2_000);
  assert.deepEqual(await epochs.raise(concertId, 1, "b"), kept);
  assert.deepEqual(await epochs.raise(concertId, 1, "a"), { ...kept, epoch: 2 });
  await age(concertId, 3_100);
  assert.deepEqual(await epochs.raise(concertId, 2, "b"), { ...kept, epoch: 3, runId: "b" });
  assert.deepEqual(await epochs.raise(concertId, 3, "a"), { ...kept, epoch: 3, runId: "b" });
});

test("one statement confirms many queues, and leaves out those of another server or epoch", async () => {
  const epochs = pgEpochs(database);
  const concerts = await Promise.all(Array.from({ length: 20 }, newConcert));
  for (const [index, concertId] of concerts.entries()) {
    await epochs.raise(concertId, 0, index % 2 === 0 ? "a" : "b");
    await age(concertId, 1_000);
  }
  const [first] = concerts;
  await epochs.raise(first as ConcertId, 1, "a");
  const asked = concerts.map((concertId) => ({ concertId, epoch: 1 }));
  const expected = concerts.filter((_, index) => index % 2 === 0 && index > 0);
  const byEach = await Promise.all([1, 2, 3].map(() => epochs.confirm("a", asked)));
  for (const confirmed of byEach) assert.deepEqual(confirmed.toSorted(), expected.toSorted());
  assert.deepEqual(await epochs.confirm("a", []), []);
  const renewed = await database.query<{ concertId: string }>({
    text: `select concert_id as "concertId" from queue_epoch
      where concert_id = any($1) and confirmed_at > clock_timestamp() - interval '900 ms'`,
    values: [concerts],
  });
  assert.deepEqual(
    renewed.map(({ concertId }) => concertId).toSorted(),
    [first, ...expected].toSorted(),
  );
});

test("a store that is not shared is taken over at once", async () => {
  const concertId = await newConcert();
  const epochs = pgEpochs(database, { isShared: false });
  await epochs.raise(concertId, 0, "memory-1");
  assert.equal((await epochs.raise(concertId, 1, "memory-2")).runId, "memory-2");
});
