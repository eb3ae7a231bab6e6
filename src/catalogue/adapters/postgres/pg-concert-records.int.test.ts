import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Intent } from "#kernel/idempotency.ts";
import { toId, type ConcertId } from "#kernel/ids.ts";
import { mintId } from "#platform/ids.ts";
import type { Database } from "#platform/postgres/database.ts";
import { freshDatabase, openPatiently } from "#test/support/postgres.ts";
import { buildConcert, type NewConcert, type ConcertInput } from "../../domain/new-concert.ts";
import type { AuditNote } from "../../ports/concert-records.ts";
import { pgAuditTrail } from "./pg-audit-trail.ts";
import { pgConcertRecords } from "./pg-concert-records.ts";

const fresh = await freshDatabase();
const database = openPatiently({ url: fresh.url });
after(async () => {
  await database.close();
  await fresh[Symbol.asyncDispose]();
});

const seed = "ab".repeat(32);
const openedAtMs = Date.parse("2026-11-22T10:00:00.123Z");

const newConcert = (
  changes: Partial<ConcertInput> = {},
  concertId: ConcertId = mintId(),
): NewConcert => {
  const outcome = buildConcert(
    {
      title: "Winter Night",
      dates: [{ date: "2026-12-25" }, { date: "2026-12-24" }],
      grades: [
        { name: "R", price: 132_000, seats: [1, 20] },
        { name: "S", price: 99_000, seats: [21, 50] },
      ],
      policy: {},
      ...changes,
    },
    { concertId, currency: "KRW", nowMs: openedAtMs, drawSeed: seed },
  );
  assert.equal(outcome.kind, "built");
  return (outcome as Extract<typeof outcome, { kind: "built" }>).newConcert;
};

const note = (changes: Partial<AuditNote> = {}): AuditNote => ({
  actor: "operator:00000000",
  action: "concert.created",
  before: null,
  after: { title: "Winter Night" },
  ...changes,
});

const stored = async (changes: Partial<ConcertInput> = {}) => {
  const made = newConcert(changes);
  await pgConcertRecords(database).add(made, note(), null);
  return made.concert;
};

test("a concert is read as it was stored", async () => {
  const records = pgConcertRecords(database);
  const concert = await stored({ venue: "Hall" });
  assert.deepEqual(await records.load([concert.concertId, mintId()]), [concert]);
});

test("every date gets 50 seats, each with its grade's name and price", async () => {
  const { concertId } = await stored();
  const rows = await database.query({
    text: `select date, grade, price, min(seat_number) as first, max(seat_number) as last,
        count(*) as seats, min(status) as status
      from seat join grade on grade.concert_id = seat.concert_id and grade.name = seat.grade
      where seat.concert_id = $1 group by date, grade, price order by date, first`,
    values: [concertId],
  });
  const expected = ["2026-12-24", "2026-12-25"].flatMap((date) => [
    { date, grade: "R", price: 132_000, first: 1, last: 20, seats: 20, status: "AVAILABLE" },
    { date, grade: "S", price: 99_000, first: 21, last: 50, seats: 30, status: "AVAILABLE" },
  ]);
  assert.deepEqual(rows, expected);
});

test("a concert that fails halfway stores nothing, not even its audit entry", async () => {
  const records = pgConcertRecords(database);
  const made = newConcert();
  const torn: NewConcert = {
    ...made,
    concert: { ...made.concert, grades: [{ name: "R", price: 0 }] },
  };
  await assert.rejects(records.add(torn, note(), null), { constraint: "grade_price_positive" });
  assert.deepEqual(await records.load([made.concert.concertId]), []);
  const trail = pgAuditTrail(database);
  const { concertId } = made.concert;
  assert.deepEqual(await trail.page({ beforeEntryNo: null, concertId, limit: 10 }), []);
});

test("a change is stored with its audit entry and the next version", async () => {
  const records = pgConcertRecords(database);
  const { concertId } = await stored();
  const changed = await records.change(concertId, (current, nowMs) => ({
    outcome: "done",
    save: {
      settings: {
        ...current,
        policy: { ...current.policy, maxActive: 7 },
        pausedAtMs: nowMs,
        resumedAtMs: 1_700_000_000_001,
        rampSeconds: 30,
        closedAtMs: 1_700_000_000_999,
        drawSeed: seed,
      },
      note: note({ action: "policy.changed", before: { maxActive: 200 }, after: { maxActive: 7 } }),
    },
  }));
  assert.equal(changed?.outcome, "done");
  const [read] = await records.load([concertId]);
  assert.ok(read && changed);
  for (const [key, value] of Object.entries(changed.settings))
    assert.deepEqual(read[key as keyof typeof read], value, key);
  assert.equal(read.version, 2);
  assert.equal(read.rampSeconds, 30);
  assert.equal(read.drawSeed, seed);
  const entries = await pgAuditTrail(database).page({ beforeEntryNo: null, concertId, limit: 10 });
  assert.deepEqual(
    entries.map(({ action, before: old, after: next }) => ({ action, old, next })),
    [
      { action: "policy.changed", old: { maxActive: 200 }, next: { maxActive: 7 } },
      { action: "concert.created", old: null, next: { title: "Winter Night" } },
    ],
  );
});

test("a decision without settings stores nothing and is not audited", async () => {
  const records = pgConcertRecords(database);
  const concert = await stored();
  const { concertId } = concert;
  const changed = await records.change(concertId, () => ({ outcome: 1, save: null }));
  assert.equal(changed?.settings.version, 1);
  assert.deepEqual(await records.load([concertId]), [concert]);
  const trail = pgAuditTrail(database);
  assert.equal((await trail.page({ beforeEntryNo: null, concertId, limit: 10 })).length, 1);
});

test("a decision that throws stores nothing", async () => {
  const records = pgConcertRecords(database);
  const concert = await stored();
  const failing = records.change(concert.concertId, () => {
    throw new Error("a bug");
  });
  await assert.rejects(failing, /a bug/);
  assert.deepEqual(await records.load([concert.concertId]), [concert]);
});

test("a change of an unknown concert is null", async () => {
  const records = pgConcertRecords(database);
  assert.equal(await records.change(mintId(), () => assert.fail("decided")), null);
});

test("concurrent changes are decided one after the other, each on the result of the last one", async () => {
  const records = pgConcertRecords(database);
  const { concertId } = await stored();
  await Promise.all(
    Array.from({ length: 8 }, () =>
      records.change(concertId, (current) => ({
        outcome: null,
        save: {
          settings: {
            ...current,
            policy: { ...current.policy, maxActive: current.policy.maxActive + 1 },
          },
          note: note({ action: "policy.changed" }),
        },
      })),
    ),
  );
  const [read] = await records.load([concertId]);
  assert.equal(read?.policy.maxActive, 208);
  assert.equal(read?.version, 9);
});

/** Waits until a transaction waits for a lock. */
const lockAwaited = async () => {
  const waiting = { text: `select from pg_locks where not granted` };
  while ((await database.query(waiting)).length === 0) continue;
};

test("the clock is read after the lock, so a change that waited decides by the later time", async () => {
  const { concertId } = await stored();
  let releasedAtMs = 0;
  const { change } = await database.transaction(async (tx) => {
    const values = [concertId];
    await tx.query({ text: `select from concert where concert_id = $1 for update`, values });
    const decided = pgConcertRecords(database).change(concertId, (_, outcome) => ({
      outcome,
      save: null,
    }));
    await lockAwaited();
    const [row] = await tx.query<{ now: number }>({ text: `select clock_timestamp() as now` });
    releasedAtMs = row?.now ?? Number.NaN;
    return { change: decided };
  });
  const changed = await change;
  assert.ok((changed?.outcome ?? 0) >= releasedAtMs);
});

test("a buyer's row can be inserted while an operator holds the lock of the concert", async () => {
  const { concertId } = await stored();
  let isMade = false;
  const slow: Database = {
    ...database,
    transaction: (work) =>
      database.transaction(async (tx) => {
        const result = await work(tx);
        const values = [mintId(), concertId];
        await database.query({
          text: `insert into buyer (user_id, concert_id) values ($1, $2)`,
          values,
        });
        isMade = true;
        return result;
      }),
  };
  await pgConcertRecords(slow).change(concertId, () => ({ outcome: null, save: null }));
  assert.ok(isMade);
});

const windowAt = (ms: number) => ({
  opensBeforeMs: ms,
  closedAfterMs: ms,
  lastShowAfterMs: ms,
});

test("the window has open concerts only; named ids are read in any state", async () => {
  const records = pgConcertRecords(database);
  const opensAtMs = Date.parse("2030-01-01T00:00:00Z");
  const dates = [{ date: "2030-01-02" }];
  const { concertId } = await stored({ dates, policy: { opensAtMs } });
  const startsAtMs = Date.parse("2030-01-02T10:00:00Z");
  const has = async (named: ConcertId[], atMs: number) =>
    (await records.settings(named, windowAt(atMs))).some((row) => row.concertId === concertId);
  assert.equal(await has([], opensAtMs - 1), false);
  assert.equal(await has([concertId], opensAtMs - 1), true);
  assert.equal(await has([], opensAtMs), true);
  assert.equal(await has([], startsAtMs - 1), true);
  assert.equal(await has([], startsAtMs), false);
  const closedAtMs = opensAtMs + 5_000;
  await records.change(concertId, (current) => ({
    outcome: null,
    save: { settings: { ...current, closedAtMs }, note: note({ action: "queue.closed" }) },
  }));
  assert.equal(await has([], closedAtMs - 1), true);
  assert.equal(await has([], closedAtMs), false);
});

test("the settings belong to the named concert", async () => {
  const { concertId, policy } = await stored({ policy: { maxActive: 31 } });
  const rows = await pgConcertRecords(database).settings([concertId], windowAt(0));
  const row = rows.find((one) => one.concertId === concertId);
  assert.deepEqual(row, {
    concertId,
    factsVersion: 1,
    version: 1,
    policy,
    pausedAtMs: null,
    resumedAtMs: null,
    rampSeconds: null,
    closedAtMs: null,
    cancelledAtMs: null,
    drawSeed: null,
  });
});

test("pages list every concert once, newest first", async () => {
  const records = pgConcertRecords(database);
  const made: ConcertId[] = [];
  for (let n = 0; n < 5; n += 1) made.unshift((await stored()).concertId);
  const first = await records.page({ after: null, limit: 2, withDrafts: false });
  const second = await records.page({ after: first.at(-1) ?? null, limit: 3, withDrafts: false });
  assert.deepEqual([...first, ...second], made);
  assert.deepEqual(
    await records.page({
      after: toId("00000000-0000-7000-8000-000000000000"),
      limit: 5,
      withDrafts: true,
    }),
    [],
  );
});

test("a draft is on no page for users until its publication", async () => {
  const records = pgConcertRecords(database);
  const publishedAtMs = Date.now() + 3_600_000;
  const draft = await stored({ publishedAtMs, policy: { opensAtMs: publishedAtMs } });
  const newest = (withDrafts: boolean) => records.page({ after: null, limit: 1, withDrafts });
  assert.deepEqual(await newest(true), [draft.concertId]);
  assert.notDeepEqual(await newest(false), [draft.concertId]);
  const [read] = await records.load([draft.concertId]);
  assert.deepEqual([read?.isDraft, read?.publishedAtMs], [true, publishedAtMs]);
});

test("of parallel requests with one key one creates the concert, and all the others are told of it", async () => {
  const records = pgConcertRecords(database);
  const intent = { key: "double click", fingerprint: "f" };
  const addWith = async (by: Partial<Intent> = {}, actor?: string) => {
    const built = newConcert();
    const { concertId } = built.concert;
    const use = { intent: { ...intent, ...by }, concertId, answer: { concertId } };
    return {
      ...(await records.add(built, note(actor === undefined ? {} : { actor }), use)),
      concertId,
    };
  };
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => addWith()));
  const added = outcomes.filter(({ kind }) => kind === "added").map(({ concertId }) => concertId);
  assert.equal(added.length, 1);
  const [concertId] = added;
  for (const one of outcomes)
    if (one.kind === "replayed") assert.deepEqual(one.answer, { concertId });
  const [use] = await database.query<{ concerts: number }>({
    text: `select count(*) as concerts from concert where concert_id = any($1::uuid[])`,
    values: [outcomes.map((one) => one.concertId)],
  });
  assert.equal(use?.concerts, 1);
  assert.equal((await addWith({ fingerprint: "g" })).kind, "key-reused");
  assert.equal((await addWith({}, "operator:2")).kind, "added");
  const found = await records.findKeyUse(note().actor, intent);
  assert.deepEqual(found, { kind: "replayed", answer: { concertId } });
  assert.equal(await records.findKeyUse(note().actor, { ...intent, key: "unused" }), null);
});

test("the clock is that of the database", async () => {
  const nowMs = await pgConcertRecords(database).nowMs();
  assert.ok(Number.isInteger(nowMs) && Math.abs(nowMs - Date.now()) < 60_000);
});
