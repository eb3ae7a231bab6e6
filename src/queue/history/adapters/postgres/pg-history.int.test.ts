import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { toId, type ConcertId, type UserId } from "#kernel/ids.ts";
import { mintId } from "#platform/ids.ts";
import type { Database } from "#platform/postgres/database.ts";
import { freshDatabase, type FreshDatabase, openPatiently } from "#test/support/postgres.ts";
import { seqAfterLobby } from "../../../admission/domain/place.ts";
import type { JournalEntry } from "../../../admission/ports/journal.ts";
import type { History } from "../../ports/place-records.ts";
import { pgEpochs } from "../../../recovery/adapters/postgres/pg-epochs.ts";
import { pgJournal } from "../../../admission/adapters/postgres/pg-journal.ts";
import { pgHistory } from "./pg-history.ts";
import { pgQueueSamples } from "./pg-queue-samples.ts";

let fresh: FreshDatabase;
let database: Database;
let history: History;

before(async () => {
  fresh = await freshDatabase();
  database = openPatiently({ url: fresh.url });
  history = pgHistory(database);
});

after(async () => {
  await database.close();
  await fresh[Symbol.asyncDispose]();
});

const startMs = 1_800_000_000_000;
const newUser = (): UserId => mintId<"user">();

const newConcert = async (epochs = 1): Promise<ConcertId> => {
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

type Event = readonly [kind: JournalEntry["kind"], userId: UserId, seq: number, second: number];

const journal = (concertId: ConcertId, queueEpoch: number, events: readonly Event[]) =>
  pgJournal(database).write(
    concertId,
    queueEpoch,
    events.map(([kind, userId, seq, second], index) => ({
      n: index + 1,
      kind,
      userId,
      epoch: 1,
      seq,
      atMs: startMs + second * 1_000,
      activeUntilMs: kind === "ADMITTED" ? startMs + (second + 600) * 1_000 : null,
    })),
  );

/** Writes a sample: the queue's counter has reached that number in that second. */
const issued = (
  concertId: ConcertId,
  ...counts: readonly (readonly [second: number, n: number])[]
) =>
  Promise.all(
    counts.map(([second, lastIssued]) =>
      pgQueueSamples(database).write(concertId, {
        queueEpoch: 1,
        atMs: startMs + second * 1_000,
        lastIssued,
        waiting: 0,
        active: 0,
        admitted: 0,
        left: 0,
        lapsed: 0,
        stock: null,
      }),
    ),
  );

test("an unknown user has no records", async () => {
  assert.deepEqual(await history.placesOf(await newConcert(), newUser(), 10), {
    entries: [],
    ended: null,
  });
});

test("a user's records exclude other users and are in order over all epochs", async () => {
  const concertId = await newConcert(2);
  const [me, other] = [newUser(), newUser()];
  await journal(concertId, 1, [
    ["ADMITTED", other, 1, 1],
    ["ADMITTED", me, 2, 2],
    ["STEPPED_OVER", me, 2, 3],
  ]);
  await journal(concertId, 2, [
    ["RETURNED", me, 2, 5],
    ["ADMITTED", me, 2, 6],
    ["PAID", me, 2, 7],
  ]);
  const { entries, ended } = await history.placesOf(concertId, me, 10);
  assert.deepEqual(
    entries.map(({ kind, atMs }) => [kind, (atMs - startMs) / 1_000]),
    [
      ["ADMITTED", 2],
      ["STEPPED_OVER", 3],
      ["RETURNED", 5],
      ["ADMITTED", 6],
      ["PAID", 7],
    ],
  );
  assert.deepEqual(entries[0], {
    kind: "ADMITTED",
    epoch: 1,
    seq: 2,
    atMs: startMs + 2_000,
    activeUntilMs: startMs + 602_000,
  });
  assert.deepEqual(ended, { epoch: 1, seq: 2, reason: "PAID", atMs: startMs + 7_000 });
  const newest = await history.placesOf(concertId, me, 2);
  assert.deepEqual(
    newest.entries.map(({ kind }) => kind),
    ["ADMITTED", "PAID"],
  );
});

test("a place was issued at the first sample whose counter has reached it", async () => {
  const concertId = await newConcert();
  await issued(concertId, [1, 10], [2, 25], [9, 25], [10, 26]);
  const joined = async (seq: number, epoch = 1) => {
    const atMs = await history.joinedAtMs(concertId, epoch, seq);
    return atMs === null ? null : (atMs - startMs) / 1_000;
  };
  assert.deepEqual(await Promise.all([1, 10, 11, 25, 26, 27].map((seq) => joined(seq))), [
    1,
    1,
    2,
    2,
    10,
    null,
  ]);
  assert.equal(await joined(1, 2), null);
});

test("a wait lasts from joining to the first admission, and a turn from an admission to its end", async () => {
  const concertId = await newConcert();
  const [a, b, c] = [newUser(), newUser(), newUser()];
  await issued(concertId, [0, 1], [10, 2], [20, 3]);
  await journal(concertId, 1, [
    ["ADMITTED", a, 1, 30],
    ["STEPPED_OVER", a, 1, 40],
    ["ADMITTED", b, 2, 50],
    ["ADMITTED", c, 3, 120],
    ["RETURNED", a, 1, 500],
    ["ADMITTED", a, 1, 900],
    ["LEFT", c, 3, 140],
    ["PAID", a, 1, 960],
  ]);
  const times = await history.turnTimes(concertId, null);
  assert.deepEqual(times.waitSeconds, { p50: 40, p90: 100, p99: 100 });
  assert.equal(times.turnSeconds, 30, "10, 20 and 60 s");
});

test("the wait of a user of the lobby starts at the draw", async () => {
  const concertId = await newConcert();
  await issued(concertId, [0, 1]);
  await journal(concertId, 1, [["ADMITTED", newUser(), 1, 3_600]]);
  const { waitSeconds } = await history.turnTimes(concertId, startMs + 3_000_000);
  assert.equal(waitSeconds?.p50, 600);
});

test("the wait of a user who joined a lottery after its lobby starts at the joining", async () => {
  const concertId = await newConcert();
  await issued(concertId, [0, 5], [100, 6]);
  await journal(concertId, 1, [["ADMITTED", newUser(), seqAfterLobby(6), 160]]);
  const { waitSeconds } = await history.turnTimes(concertId, startMs + 50_000);
  assert.equal(waitSeconds?.p50, 60);
});

test("a user who is admitted within the second of joining has a wait of 0", async () => {
  const concertId = await newConcert();
  await issued(concertId, [1, 1]);
  await journal(concertId, 1, [["ADMITTED", newUser(), 1, 0]]);
  assert.equal((await history.turnTimes(concertId, null)).waitSeconds?.p50, 0);
});

test("without admissions, or without samples of joining, there are no measurements", async () => {
  const none = { waitSeconds: null, turnSeconds: null };
  assert.deepEqual(await history.turnTimes(await newConcert(0), null), none);
  const concertId = await newConcert();
  await journal(concertId, 1, [
    ["ADMITTED", newUser(), 1, 3],
    ["LEFT", newUser(), 9, 4],
  ]);
  assert.deepEqual(await history.turnTimes(concertId, null), none);
});

test("the time that a user was absent is no part of a turn", async () => {
  const concertId = await newConcert();
  const [a, b] = [newUser(), newUser()];
  await journal(concertId, 1, [
    ["STEPPED_OVER", b, 2, 5],
    ["ADMITTED", a, 1, 10],
    ["STEPPED_OVER", a, 1, 20],
    ["RETURNED", a, 1, 800],
    ["LAPSED", a, 1, 900],
    ["LAPSED", b, 2, 950],
  ]);
  assert.equal((await history.turnTimes(concertId, null)).turnSeconds, 10);
});

test("users who only left the queue had no turn", async () => {
  const concertId = await newConcert();
  await journal(concertId, 1, [["LEFT", newUser(), 1, 4]]);
  assert.equal((await history.turnTimes(concertId, null)).turnSeconds, null);
});
