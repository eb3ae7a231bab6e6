import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import { readClock } from "#platform/postgres/clock.ts";
import type { Database, Queryable } from "#platform/postgres/database.ts";
import type { Concert, SaleSettings } from "../../domain/concert.ts";
import { initialSettings } from "../../domain/policy.ts";
import type { DatesTerms } from "../../domain/show-dates.ts";
import type {
  AuditNote,
  ConcertRecords,
  Corrected,
  CorrectionDecision,
  Decision,
  KeptSettings,
} from "../../ports/concert-records.ts";
import { addConcert } from "./add-concert.ts";
import { saveCorrection } from "./save-correction.ts";
import { readKeyUse, unlessKeyTaken, useKey } from "#platform/postgres/operator-keys.ts";

const settingsColumns = `c.version, c.policy, c.paused_at as "pausedAtMs", c.resumed_at as "resumedAtMs",
  c.ramp_seconds as "rampSeconds", c.closed_at as "closedAtMs", c.cancelled_at as "cancelledAtMs",
  encode(c.draw_seed, 'hex') as "drawSeed"`;

/** A policy of an earlier release has no value for a setting that is newer. */
const completed = <Settings extends SaleSettings>(settings: Settings): Settings => ({
  ...settings,
  policy: { ...initialSettings, ...settings.policy },
});

const addNote = (tx: Queryable, concertId: ConcertId, note: AuditNote) =>
  tx.query({
    text: `insert into audit (actor, action, concert_id, before, after) values ($1, $2, $3, $4, $5)`,
    values: [
      note.actor,
      note.action,
      concertId,
      note.before && JSON.stringify(note.before),
      note.after && JSON.stringify(note.after),
    ],
  });

/**
 * Reads the settings and locks the row. `for update` would also block the insert of a buyer's row,
 * because its foreign key refers to the concert; `for no key update` does not.
 */
const lockSettings = async (
  tx: Queryable,
  concertId: ConcertId,
): Promise<SaleSettings | undefined> => {
  const rows = await tx.query<SaleSettings>({
    text: `select ${settingsColumns} from concert c where c.concert_id = $1 for no key update`,
    values: [concertId],
  });
  return rows.map(completed)[0];
};

const saveSettings = (tx: Queryable, concertId: ConcertId, settings: SaleSettings) =>
  tx.query({
    text: `update concert
      set version = $2,
        policy = $3,
        paused_at = to_timestamp($4::bigint / 1000.0),
        resumed_at = to_timestamp($5::bigint / 1000.0),
        ramp_seconds = $6,
        closed_at = to_timestamp($7::bigint / 1000.0),
        cancelled_at = to_timestamp($8::bigint / 1000.0),
        draw_seed = decode($9, 'hex')
      where concert_id = $1`,
    values: [
      concertId,
      settings.version,
      JSON.stringify(settings.policy),
      settings.pausedAtMs,
      settings.resumedAtMs,
      settings.rampSeconds,
      settings.closedAtMs,
      settings.cancelledAtMs,
      settings.drawSeed,
    ],
  });

const change = async <Outcome>(
  tx: Queryable,
  concertId: ConcertId,
  decide: (current: SaleSettings, nowMs: InstantMs) => Decision<Outcome>,
  cancels: boolean,
) => {
  // Before the row: a transaction that changes the row and does not cancel must not wait for those that sell.
  if (cancels) await tx.query({ text: "select lock_for_cancelling($1)", values: [concertId] });
  const current = await lockSettings(tx, concertId);
  if (current === undefined) return null;
  const { outcome, save } = decide(current, await readClock(tx));
  if (save === null) return { outcome, settings: current };
  const settings = { ...save.settings, version: current.version + 1 };
  await saveSettings(tx, concertId, settings);
  await addNote(tx, concertId, save.note);
  return { outcome, settings };
};

const loadText = `select ${settingsColumns}, c.concert_id as "concertId", c.title, c.venue,
    c.time_zone as "timeZone", c.currency, calendar.dates, hall."priceRange", hall.grades, c.description,
    c.poster_url as "posterUrl", c.age_rating as "ageRating", c.published_at as "publishedAtMs",
    c.published_at > c.created_at as "isDraft"
  from concert c
  cross join lateral (
    select jsonb_agg(
      jsonb_build_object('date', s.date, 'startsAtMs', floor(extract(epoch from s.starts_at) * 1000)::int8)
      order by s.date
    ) as dates
    from show s
    where s.concert_id = c.concert_id
  ) calendar
  cross join lateral (
    select
      jsonb_agg(jsonb_build_object('name', g.name, 'price', g.price) order by g.position) as grades,
      jsonb_build_object(
        'min', min(g.price) filter (where g.seat_count > 0),
        'max', max(g.price) filter (where g.seat_count > 0)
      ) as "priceRange"
    from grade g
    where g.concert_id = c.concert_id
  ) hall
  where c.concert_id = any($1::uuid[])`;

const load = async (db: Queryable, concertIds: readonly ConcertId[]) => {
  const rows = await db.query<Concert>({
    name: "catalogue-load",
    text: loadText,
    values: [concertIds],
  });
  return rows.map(completed);
};

const seatsPerDate = async (tx: Queryable, concertId: ConcertId): Promise<number> => {
  const [row] = await tx.query<{ seats: number }>({
    text: `select coalesce(sum(seat_count), 0)::int as seats from grade where concert_id = $1`,
    values: [concertId],
  });
  return row?.seats ?? 0;
};

const correct = async <Outcome>(
  tx: Queryable,
  concertId: ConcertId,
  decide: (concert: Concert, context: DatesTerms) => CorrectionDecision<Outcome>,
): Promise<Corrected<Outcome> | null> => {
  if ((await lockSettings(tx, concertId)) === undefined) return null;
  const [concert] = await load(tx, [concertId]);
  if (concert === undefined) return null;
  const context = {
    nowMs: await readClock(tx),
    seatsPerDate: await seatsPerDate(tx, concertId),
  };
  const { outcome, save } = decide(concert, context);
  if (save === null) return { kind: "decided", outcome, concert };
  if (save.use) await useKey(tx, save.note.actor, save.use);
  await saveCorrection(tx, concert, save.facts);
  await addNote(tx, concertId, save.note);
  const [corrected = concert] = await load(tx, [concertId]);
  return { kind: "decided", outcome, concert: corrected };
};

const settingsText = `select ${settingsColumns}, c.concert_id as "concertId", c.facts_version as "factsVersion"
  from concert c
  where c.concert_id = any($1::uuid[])
    or (
      (c.policy ->> 'opensAtMs')::bigint <= $2
      and (c.closed_at is null or c.closed_at > to_timestamp($3::bigint / 1000.0))
      and exists (
        select from show s
        where s.concert_id = c.concert_id and s.starts_at > to_timestamp($4::bigint / 1000.0)
      )
    )`;

const pageText = `select concert_id
  from concert c
  where concert_id < coalesce($1::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
    and ($3 or published_at <= clock_timestamp())
    and (
      $4::text is null
      or position(lower($4) in lower(title)) > 0
      or position(lower($4) in lower(venue)) > 0
      or concert_id::text = lower($4)
    )
    and (
      $5::boolean is null
      or $5 = (closed_at is not null or not exists (
        select from show s where s.concert_id = c.concert_id and s.starts_at > clock_timestamp()
      ))
    )
  order by concert_id desc
  limit $2`;

/** A million seats take a few seconds; a busy disk makes it several times that. */
const addWithinMs = 60_000;

/** A date has at most 60,000 seats: measured 0.5 s on two busy cores. */
const correctWithinMs = 15_000;

/** ConcertRecords in PostgreSQL. */
export const pgConcertRecords = (database: Database): ConcertRecords => ({
  nowMs: () => readClock(database),

  add: (newConcert, note, use) =>
    unlessKeyTaken(
      database,
      database.transaction(
        async (tx) => {
          await addConcert(tx, newConcert);
          if (use !== null) await useKey(tx, note.actor, use);
          await addNote(tx, newConcert.concert.concertId, note);
          return { kind: "added" as const };
        },
        { withinMs: addWithinMs },
      ),
    ),

  findKeyUse: (actor, intent) => readKeyUse(database, actor, intent),

  change: (concertId, decide, { cancels } = { cancels: false }) =>
    database.transaction((tx) => change(tx, concertId, decide, cancels)),

  correct: (concertId, decide) =>
    unlessKeyTaken(
      database,
      database.transaction((tx) => correct(tx, concertId, decide), { withinMs: correctWithinMs }),
    ),

  load: (concertIds) => load(database, concertIds),

  settings: async (concertIds, window) => {
    const rows = await database.query<KeptSettings>({
      name: "catalogue-settings",
      text: settingsText,
      values: [concertIds, window.opensBeforeMs, window.closedAfterMs, window.lastShowAfterMs],
    });
    return rows.map(completed);
  },

  page: async ({ after, limit, withDrafts, text = null, isOver = null }) => {
    const rows = await database.query<{ concert_id: ConcertId }>({
      name: "catalogue-page",
      text: pageText,
      values: [after, limit, withDrafts, text, isOver],
    });
    return rows.map(({ concert_id }) => concert_id);
  },
});
