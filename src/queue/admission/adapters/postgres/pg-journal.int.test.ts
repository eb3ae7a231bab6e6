import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { randomUUID } from "node:crypto";
import { toId, type ConcertId } from "#kernel/ids.ts";
import type { Database } from "#platform/postgres/database.ts";
import { freshDatabase, type FreshDatabase, openPatiently } from "#test/support/postgres.ts";
import type { JournalEntry } from "../../ports/journal.ts";
import { newUser } from "../../../contracts/queue-store.contract.ts";
import { pgFindEnded } from "./pg-endings.ts";
import { pgJournal } from "./pg-journal.ts";

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

const entry = (n: number, kind: JournalEntry["kind"], more: Partial<JournalEntry> = {}) => ({
  n,
  kind,
  userId: newUser(),
  epoch: 1,
  seq: n,
  atMs: 1_790_000_000_123,
  activeUntilMs: null,
  ...more,
});

const rows = (concertId: string) =>
  database.query<{ n: number; kind: string; at: number; until: number | null }>({
    text: `
      select n, kind, at, active_until as until
      from queue_journal where concert_id = $1 order by queue_epoch, n`,
    values: [concertId],
  });

test("an entry that is written several times is stored once, to the millisecond", async () => {
  const concertId = await newConcert();
  const journal = pgJournal(database);
  const entries = [entry(1, "ADMITTED", { activeUntilMs: 1_790_000_600_123 }), entry(2, "LEFT")];
  await journal.write(concertId, 1, entries);
  await Promise.all([journal.write(concertId, 1, entries), journal.write(concertId, 1, entries)]);
  assert.deepEqual(await rows(concertId), [
    { n: 1, kind: "ADMITTED", at: 1_790_000_000_123, until: 1_790_000_600_123 },
    { n: 2, kind: "LEFT", at: 1_790_000_000_123, until: null },
  ]);
  await journal.write(concertId, 2, entries);
  assert.equal((await rows(concertId)).length, 4);
});

test("an empty page writes nothing", async () => {
  const concertId = await newConcert();
  await pgJournal(database).write(concertId, 1, []);
  assert.deepEqual(await rows(concertId), []);
});

test("an end raises the mark of its buyer; no other entry does", async () => {
  const concertId = await newConcert();
  const find = pgFindEnded(database);
  const [admitted, lapsed] = [newUser(), newUser()];
  assert.equal(await find(concertId, lapsed), null);
  await pgJournal(database).write(concertId, 1, [
    entry(1, "ADMITTED", { userId: admitted }),
    entry(2, "STEPPED_OVER", { userId: admitted }),
    entry(3, "RETURNED", { userId: admitted }),
    entry(4, "LAPSED", { userId: lapsed, epoch: 2, seq: 9 }),
  ]);
  assert.equal(await find(concertId, admitted), null);
  assert.deepEqual(await find(concertId, lapsed), { epoch: 2, seq: 9, reason: "LAPSED" });
});

test("callers of one turn share a query, and each gets the answer for its own concert", async () => {
  const [concertId, otherId] = [await newConcert(), await newConcert()];
  const users = [newUser(), newUser(), newUser()] as const;
  const journal = pgJournal(database);
  await journal.write(concertId, 1, [
    entry(1, "PAID", { userId: users[0], seq: 1 }),
    entry(2, "LEFT", { userId: users[2], seq: 3 }),
  ]);
  await journal.write(otherId, 1, [entry(1, "LAPSED", { userId: users[1], seq: 8 })]);
  let queries = 0;
  const find = pgFindEnded({
    query: (statement) => {
      queries += 1;
      return database.query(statement);
    },
  });
  const ask = (id: ConcertId) => users.map((userId) => find(id, userId));
  const found = await Promise.all([...ask(concertId), ...ask(otherId)]);
  assert.deepEqual(
    found.map((place) => place?.reason ?? null),
    ["PAID", null, "LEFT", null, "LAPSED", null],
  );
  assert.equal(queries, 2);
});

test("a mark never falls, in whatever order ends arrive", async () => {
  const concertId = await newConcert();
  const find = pgFindEnded(database);
  const journal = pgJournal(database);
  const userId = newUser();
  const steps: readonly [Partial<JournalEntry>[], number, number][] = [
    [[{ epoch: 1, seq: 5 }], 1, 5],
    [[{ epoch: 1, seq: 4 }], 1, 5],
    [[{ epoch: 2, seq: 1 }], 2, 1],
    [[{ epoch: 1, seq: 99 }], 2, 1],
    [
      [
        { epoch: 2, seq: 7 },
        { epoch: 2, seq: 3 },
        { epoch: 1, seq: 8 },
      ],
      2,
      7,
    ],
  ];
  let n = 0;
  for (const [ends, epoch, seq] of steps) {
    const entries = ends.map((end) => entry((n += 1), "LEFT", { userId, ...end }));
    await journal.write(concertId, 1, entries);
    const ended = await find(concertId, userId);
    assert.deepEqual(ended, { epoch, seq, reason: "LEFT" });
  }
});

test("a mark that the sale has set keeps its reason when the journal has the same place", async () => {
  const concertId = await newConcert();
  const userId = newUser();
  await database.query({
    text: `
      insert into buyer (user_id, concert_id, ended_epoch, ended_seq, ended_reason)
      values ($1, $2, 1, 5, 'PAID')`,
    values: [userId, concertId],
  });
  await pgJournal(database).write(concertId, 1, [entry(1, "LAPSED", { userId, seq: 5 })]);
  assert.equal((await pgFindEnded(database)(concertId, userId))?.reason, "PAID");
});

test("a buyer row without an end has no ended place", async () => {
  const concertId = await newConcert();
  const userId = newUser();
  await database.query({
    text: "insert into buyer (user_id, concert_id) values ($1, $2)",
    values: [userId, concertId],
  });
  assert.equal(await pgFindEnded(database)(concertId, userId), null);
});

test("ends of the same users that several instances write at once do not deadlock", async () => {
  const concertId = await newConcert();
  const users = Array.from({ length: 50 }, newUser);
  const journal = pgJournal(database);
  await Promise.all(
    [1, 2, 3, 4].map((round) => {
      const ends = users.map((userId, index) =>
        entry(round * 100 + index, "LEFT", { userId, seq: round }),
      );
      return journal.write(concertId, 1, round % 2 === 0 ? ends : ends.reverse());
    }),
  );
  for (const userId of users) {
    assert.equal((await pgFindEnded(database)(concertId, userId))?.seq, 4);
  }
});
