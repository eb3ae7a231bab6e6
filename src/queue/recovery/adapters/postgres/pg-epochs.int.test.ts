import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { randomUUID } from "node:crypto";
import { toId } from "#kernel/ids.ts";
import { openDatabase, type Database } from "#platform/postgres/database.ts";
import { freshDatabase, type FreshDatabase } from "#test/support/postgres.ts";

import { pgEpochs } from "./pg-epochs.ts";

let clone: FreshDatabase;
let database: Database;

before(async () => {
  clone = await freshDatabase();
  database = openDatabase({ url: clone.url });
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

test("of several calls with the same epoch, only the first raises it", async () => {
  const concertId = await newConcert();
  const epochs = pgEpochs(database);
  assert.equal(await epochs.read(concertId), null);
  assert.deepEqual(await epochs.raise(concertId, 0, "a"), {
    epoch: 1,
    runId: "a",
    inUse: false,
  });
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
  assert.equal((await epochs.raise(concertId, 1, "b")).inUse, false);
  await epochs.markInUse(concertId);
  await epochs.markInUse(concertId);
  assert.equal((await epochs.read(concertId))?.inUse, true);
  assert.equal((await epochs.raise(concertId, 2, "c")).inUse, true);
});
