import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { freshDatabase, openPatiently } from "#test/support/postgres.ts";
import type { DrawRecord } from "../../../admission/domain/draw.ts";
import type { DrawAttempt } from "../../ports/draws.ts";
import { newConcert, newUser } from "../../../contracts/queue-store.contract.ts";
import { drawHashes } from "../draw-hashes.ts";
import { pgDraws } from "./pg-draws.ts";

const fresh = await freshDatabase();
const database = openPatiently({ url: fresh.url });
after(async () => {
  await database.close();
  await fresh[Symbol.asyncDispose]();
});
const draws = pgDraws(database);

const concert = async () => {
  const concertId = newConcert();
  await database.query({
    text: `insert into concert (concert_id, title, time_zone, currency, policy)
      values ($1, 'x', 'UTC', 'KRW', '{}')`,
    values: [concertId],
  });
  return concertId;
};

const record: DrawRecord = {
  drawnAtMs: 1_790_000_000_123,
  entrants: 2_500,
  entrantsDigest: "0f".repeat(32),
};

/** Writes the whole list of an attempt. `values` ascend. */
const written = async (concertId: DrawAttempt["concertId"], values: readonly number[]) => {
  const attempt = { concertId, drawId: randomUUID() };
  const users = values.map(newUser);
  for (let from = 0; from < values.length; from += 1_000) {
    const hashes = drawHashes.hashUsers(users.slice(from, from + 1_000));
    await draws.writePage(attempt, from / 1_000, {
      values: values.slice(from, from + 1_000),
      hashes,
    });
  }
  const places = values.map((drawValue, index) => ({
    drawValue,
    userHash: Buffer.from(drawHashes.hashUsers(users.slice(index, index + 1))).toString("hex"),
  }));
  return { attempt, places };
};

const ascending = (count: number): number[] =>
  Array.from({ length: count }, (_, index) => 2 ** 52 - count + index);

test("a draw is absent before it is saved, and reads as written after that", async () => {
  const concertId = await concert();
  const { attempt, places } = await written(concertId, ascending(2_500));
  assert.equal(await draws.find(concertId), null);
  assert.deepEqual(await draws.list(concertId, 0, 10), []);
  assert.deepEqual(await draws.save(attempt, record), record);
  assert.deepEqual(await draws.find(concertId), record);
  const list = [];
  for (const [from, count] of [
    [0, 1_000],
    [1_000, 7],
    [1_007, 5_000],
    [2_000, 1_000],
    [2_500, 10],
    [9_000, 10],
  ] as const)
    list.push(...(await draws.list(concertId, from, count)));
  assert.deepEqual(list, places);
});

test("the first saved attempt becomes the draw, and the other attempts leave no page", async () => {
  const concertId = await concert();
  const [first, second] = [
    await written(concertId, ascending(3)),
    await written(concertId, ascending(2)),
  ];
  const saved = await Promise.all([
    draws.save(first.attempt, { ...record, entrants: 3 }),
    draws.save(second.attempt, { ...record, entrants: 2 }),
  ]);
  assert.deepEqual(saved[0], saved[1]);
  const winner = saved[0].entrants === 3 ? first : second;
  assert.deepEqual(await draws.save(second.attempt, { ...record, entrants: 9 }), saved[0]);
  assert.deepEqual(await draws.list(concertId, 0, 10), winner.places);
  const ids = await database.query<{ id: string }>({
    text: `select distinct draw_id as id from queue_draw_page where concert_id = $1`,
    values: [concertId],
  });
  assert.deepEqual(ids, [{ id: winner.attempt.drawId }]);
});

test("the rank of a user is found by value and hash, also among equal values on two pages", async () => {
  const concertId = await concert();
  const values = [...Array(998).keys(), 5_000, 5_000, 5_000, 5_001];
  const { attempt, places } = await written(concertId, values);
  await draws.save(attempt, record);
  for (const index of [0, 500, 998, 999, 1_000, 1_001]) {
    assert.equal(await draws.rank(concertId, places[index] ?? assert.fail()), index + 1);
  }
  assert.equal(await draws.rank(concertId, { drawValue: 5_000, userHash: "00" }), null);
  assert.equal(await draws.rank(concertId, { drawValue: 9_999, userHash: "00" }), null);
});
