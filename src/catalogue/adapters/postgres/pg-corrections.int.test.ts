import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { ConcertId } from "#kernel/ids.ts";
import { mintId } from "#platform/ids.ts";
import { eventually } from "#test/support/concurrency.ts";
import { freshDatabase, openPatiently } from "#test/support/postgres.ts";
import type { Concert } from "../../domain/concert.ts";
import { buildConcert, type ConcertInput } from "../../domain/new-concert.ts";
import type { AuditNote, CorrectableFacts, NewKeyUse } from "../../ports/concert-records.ts";
import { pgAuditTrail } from "./pg-audit-trail.ts";
import { pgConcertRecords } from "./pg-concert-records.ts";

// Corrections of a concert, and the dates that are added to it.

const fresh = await freshDatabase();
const database = openPatiently({ url: fresh.url });
after(async () => {
  await database.close();
  await fresh[Symbol.asyncDispose]();
});

const grades = [
  { name: "R", price: 132_000, seats: [1, 20] as const },
  { name: "S", price: 99_000, seats: [21, 50] as const },
];
const note: AuditNote = { actor: "operator", action: "date.added", before: null, after: null };

const stored = async (changes: Partial<ConcertInput> = { grades }): Promise<Concert> => {
  const nowMs = Date.parse("2026-11-22T10:00:00.123Z");
  const server = { concertId: mintId<"concert">(), currency: "KRW", nowMs, drawSeed: "" };
  const input = { title: "Winter", dates: [{ date: "2026-12-24" }], policy: {}, ...changes };
  const built = buildConcert(input, server);
  assert.equal(built.kind, "built");
  const { newConcert } = built as Extract<typeof built, { kind: "built" }>;
  await pgConcertRecords(database).add(newConcert, { ...note, action: "concert.created" }, null);
  return newConcert.concert;
};

const save = (
  concertId: ConcertId,
  facts: Partial<CorrectableFacts>,
  use: NewKeyUse | null = null,
) =>
  pgConcertRecords(database).correct(concertId, ({ title, venue, grades: all, dates }) => ({
    outcome: "saved",
    save: { facts: { title, venue, grades: all, dates, ...facts }, note, use },
  }));

const christmas = { date: "2026-12-25", startsAtMs: Date.parse("2026-12-25T08:00:00Z") };

const seatsOf = (concertId: ConcertId) =>
  database.query({
    text: `select date, grade, status, count(*) as seats, min(seat_number) as first, max(seat_number) as last
      from seat where concert_id = $1 group by date, grade, status order by date, grade`,
    values: [concertId],
  });

test("an added date has every seat of the hall, free, in its grade; the version rises", async () => {
  const concert = await stored();
  const { concertId } = concert;
  // A blocked seat of another date is free on the new one.
  await database.query({
    text: `update seat set status = 'BLOCKED' where concert_id = $1 and seat_number = 1`,
    values: [concertId],
  });
  const dates = [...concert.dates, christmas];
  const saved = await save(concertId, { dates });
  assert.deepEqual(saved, {
    kind: "decided",
    outcome: "saved",
    concert: { ...concert, dates, version: 2 },
  });
  const free = { date: "2026-12-25", status: "AVAILABLE" };
  assert.deepEqual((await seatsOf(concertId)).slice(-2), [
    { ...free, grade: "R", seats: 20, first: 1, last: 20 },
    { ...free, grade: "S", seats: 30, first: 21, last: 50 },
  ]);
  const records = pgConcertRecords(database);
  const window = { opensBeforeMs: 0, closedAfterMs: 0, lastShowAfterMs: 0 };
  const [settings] = await records.settings([concertId], window);
  assert.deepEqual([settings?.version, settings?.factsVersion], [2, 2]);
  const [entry] = await pgAuditTrail(database).page({ beforeEntryNo: null, concertId, limit: 1 });
  assert.equal(entry?.action, "date.added");
});

test("a moved start changes that date alone, and no seat", async () => {
  const concert = await stored({ grades, dates: [{ date: "2026-12-24" }, { date: "2026-12-25" }] });
  const seats = await seatsOf(concert.concertId);
  const [eve] = concert.dates;
  const saved = await save(concert.concertId, { dates: [eve ?? assert.fail(), christmas] });
  assert.equal(saved?.kind, "decided");
  const [read] = await pgConcertRecords(database).load([concert.concertId]);
  assert.deepEqual(read?.dates, [eve, christmas]);
  assert.deepEqual(await seatsOf(concert.concertId), seats);
});

test("a corrected price changes the price range of the concert that is returned", async () => {
  const { concertId } = await stored();
  const corrected = [
    { name: "R", price: 1 },
    { name: "S", price: 2 },
  ];
  const saved = await save(concertId, { grades: corrected });
  assert.ok(saved?.kind === "decided");
  assert.deepEqual(saved.concert.priceRange, { min: 1, max: 2 });
});

test("a correction locks shows before prices, and prices by name, as batches of the sale do", async () => {
  const [r, ...others] = grades;
  const { concertId } = await stored({ grades: [...others, r ?? assert.fail()] });
  let corrected = [
    { name: "S", price: 2 },
    { name: "R", price: 1 },
  ];
  const later = { date: "2026-12-24", startsAtMs: Date.parse("2026-12-24T09:00:00Z") };
  const lockOf = (name: string) => ({
    text: "select from grade where concert_id = $1 and name = $2 for share",
    values: [concertId, name],
  });
  const lockShow = {
    text: "select from show where concert_id = $1 for no key update",
    values: [concertId],
  };
  const waits = async () => {
    const text = `select from pg_locks where not granted
      and pid in (select pid from pg_stat_activity where datname = current_database())`;
    return (await database.query({ text })).length > 0 || undefined;
  };
  for (const [first, ...next] of [
    [lockShow, lockOf("R"), lockOf("S")],
    [lockOf("R"), lockOf("S")],
  ]) {
    const asked: Promise<unknown>[] = [];
    await database.transaction(async (batch) => {
      await batch.query(first ?? assert.fail());
      const moved = { ...later, startsAtMs: later.startsAtMs + next.length };
      asked.push(save(concertId, { grades: corrected, dates: [moved] }));
      await eventually("the correction waits", waits);
      for (const lock of next) await batch.query(lock);
    });
    await Promise.all(asked);
    corrected = corrected.map(({ name, price }) => ({ name, price: price + 1 }));
  }
  const [read] = await pgConcertRecords(database).load([concertId]);
  assert.deepEqual(read?.priceRange, { min: 2, max: 3 });
});

test("the decision knows the moment and the seats of one date; a decision that saves nothing changes nothing", async () => {
  const concert = await stored();
  const records = pgConcertRecords(database);
  const decided = await records.correct(concert.concertId, (_, context) => ({
    outcome: context,
    save: null,
  }));
  assert.ok(decided?.kind === "decided");
  assert.equal(decided.outcome.seatsPerDate, 50);
  assert.ok(Math.abs(decided.outcome.nowMs - (await records.nowMs())) < 60_000);
  assert.deepEqual(decided.concert, concert);
  assert.equal(await save(mintId(), {}), null);
});

test("of parallel requests with one key one adds its date; the others are told of it", async () => {
  const [one, two] = await Promise.all([stored(), stored()]);
  const intent = { key: "twice", fingerprint: "f" };
  const outcomes = await Promise.all(
    [one, two].map(({ concertId, dates }) =>
      save(
        concertId,
        { dates: [...dates, christmas] },
        { intent, concertId, answer: { concertId } },
      ),
    ),
  );
  const kinds = outcomes.map((outcome) => outcome?.kind).toSorted();
  assert.deepEqual(kinds, ["decided", "replayed"]);
  const loaded = await pgConcertRecords(database).load([one.concertId, two.concertId]);
  assert.deepEqual(loaded.map(({ dates }) => dates.length).toSorted(), [1, 2]);
});

test("a date of 60,000 seats is added while buyers of the other dates hold their shows and grades", async (t) => {
  const concert = await stored({
    seatingPlan: {
      grades: [{ name: "ST", price: 5 }],
      sections: [{ name: "Field", kind: "STANDING", grade: "ST", capacity: 60_000 }],
    },
  });
  const { concertId } = concert;
  await database.transaction(async (tx) => {
    const values = [concertId];
    // As a batch locks them.
    await tx.query({ text: `select from grade where concert_id = $1 for share`, values });
    await tx.query({ text: `select from show where concert_id = $1 for no key update`, values });
    const startedMs = performance.now();
    const saved = await save(concertId, { dates: [...concert.dates, christmas] });
    t.diagnostic(`60,000 seats were added in ${Math.round(performance.now() - startedMs)} ms`);
    assert.equal(saved?.kind, "decided");
  });
  const [row] = await database.query<{ seats: number }>({
    text: `select count(*)::int as seats from seat where concert_id = $1 and date = $2`,
    values: [concertId, christmas.date],
  });
  assert.equal(row?.seats, 60_000);
});
