import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Database, Queryable } from "#platform/postgres/database.ts";
import type { NewConcert } from "../../domain/new-concert.ts";
import type { Concert, ConcertFacts, SaleSettings } from "../../domain/concert.ts";
import { initialNumbers, type Policy } from "../../domain/policy.ts";
import type { AuditNote, ConcertRecords, Decision } from "../../ports/concert-records.ts";
import { KeyTaken, readKeyUse, useKey } from "./operator-keys.ts";

interface SettingsRow {
  concert_id: ConcertId;
  version: number;
  policy: Policy;
  paused_at: InstantMs | null;
  resumed_at: InstantMs | null;
  ramp_seconds: number | null;
  closed_at: InstantMs | null;
  draw_seed: string | null;
}

interface ConcertRow extends SettingsRow {
  title: string;
  venue: string | null;
  time_zone: string;
  currency: string;
  dates: string[];
  starts_at: InstantMs[];
  grades: { name: string; price: number }[];
  description: string | null;
  poster_url: string | null;
  age_rating: string | null;
  published_at: InstantMs;
  is_draft: boolean;
}

const settingsColumns = `c.concert_id, c.version, c.policy, c.paused_at, c.resumed_at, c.ramp_seconds,
  c.closed_at, encode(c.draw_seed, 'hex') as draw_seed`;

const settingsOf = (row: SettingsRow): SaleSettings => ({
  version: row.version,
  policy: { ...initialNumbers, ...row.policy },
  pausedAtMs: row.paused_at,
  resumedAtMs: row.resumed_at,
  rampSeconds: row.ramp_seconds,
  closedAtMs: row.closed_at,
  drawSeed: row.draw_seed,
});

const priceRangeOf = ({ grades }: ConcertRow): ConcertFacts["priceRange"] => {
  const prices = grades.map(({ price }) => price);
  return { min: Math.min(...prices), max: Math.max(...prices) };
};

const factsOf = (row: ConcertRow): ConcertFacts => ({
  concertId: row.concert_id,
  title: row.title,
  venue: row.venue,
  timeZone: row.time_zone,
  currency: row.currency,
  dates: row.dates.map((date, index) => ({ date, startsAtMs: row.starts_at[index] ?? Number.NaN })),
  priceRange: priceRangeOf(row),
  grades: row.grades,
  description: row.description,
  posterUrl: row.poster_url,
  ageRating: row.age_rating,
  publishedAtMs: row.published_at,
  isDraft: row.is_draft,
});

const concertOf = (row: ConcertRow): Concert => ({ ...factsOf(row), ...settingsOf(row) });

const readClock = async (db: Queryable): Promise<InstantMs> => {
  const [row] = await db.query<{ now: InstantMs }>({
    name: "catalogue-clock",
    text: `select clock_timestamp() as now`,
  });
  return (row as { now: InstantMs }).now;
};

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

const addConcert = async (tx: Queryable, { concert, seats }: NewConcert) => {
  await tx.query({
    text: `insert into concert
        (concert_id, title, venue, time_zone, currency, policy, draw_seed, version,
          description, poster_url, age_rating, published_at)
      values ($1, $2, $3, $4, $5, $6, decode($7, 'hex'), $8,
        $9, $10, $11, to_timestamp($12::bigint / 1000.0))`,
    values: [
      concert.concertId,
      concert.title,
      concert.venue,
      concert.timeZone,
      concert.currency,
      JSON.stringify(concert.policy),
      concert.drawSeed,
      concert.version,
      concert.description,
      concert.posterUrl,
      concert.ageRating,
      concert.publishedAtMs,
    ],
  });
  await tx.query({
    text: `insert into show (concert_id, date, starts_at)
      select $1, date, to_timestamp(starts_at_ms / 1000.0)
      from unnest($2::date[], $3::bigint[]) as show (date, starts_at_ms)`,
    values: [
      concert.concertId,
      concert.dates.map(({ date }) => date),
      concert.dates.map(({ startsAtMs }) => startsAtMs),
    ],
  });
  await tx.query({
    text: `insert into seat (concert_id, date, seat_number, grade, price)
      select show.concert_id, show.date, hall.seat_number, hall.grade, hall.price
      from show
      cross join unnest($2::smallint[], $3::text[], $4::bigint[]) as hall (seat_number, grade, price)
      where show.concert_id = $1
      order by show.date, hall.seat_number`,
    values: [
      concert.concertId,
      seats.map(({ seatNumber }) => seatNumber),
      seats.map(({ grade }) => grade),
      seats.map(({ price }) => price),
    ],
  });
};

/**
 * Reads the settings and locks the row. `for update` would also block the insert of a buyer's row,
 * because its foreign key refers to the concert; `for no key update` does not.
 */
const lockSettings = async (
  tx: Queryable,
  concertId: ConcertId,
): Promise<SaleSettings | undefined> => {
  const rows = await tx.query<SettingsRow>({
    text: `select ${settingsColumns} from concert c where c.concert_id = $1 for no key update`,
    values: [concertId],
  });
  return rows.map(settingsOf)[0];
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
        draw_seed = decode($8, 'hex')
      where concert_id = $1`,
    values: [
      concertId,
      settings.version,
      JSON.stringify(settings.policy),
      settings.pausedAtMs,
      settings.resumedAtMs,
      settings.rampSeconds,
      settings.closedAtMs,
      settings.drawSeed,
    ],
  });

const change = async <Outcome>(
  tx: Queryable,
  concertId: ConcertId,
  decide: (current: SaleSettings, nowMs: InstantMs) => Decision<Outcome>,
) => {
  const current = await lockSettings(tx, concertId);
  if (current === undefined) return null;
  const { outcome, save } = decide(current, await readClock(tx));
  if (save === null) return { outcome, settings: current };
  const settings = { ...save.settings, version: current.version + 1 };
  await saveSettings(tx, concertId, settings);
  await addNote(tx, concertId, save.note);
  return { outcome, settings };
};

/** The seats of the first date give the grades, because every date has the same seats and prices. */
const loadText = `select ${settingsColumns}, c.title, c.venue, c.time_zone, c.currency,
    c.description, c.poster_url, c.age_rating, c.published_at, c.published_at > c.created_at as is_draft,
    calendar.dates, calendar.starts_at, hall.grades
  from concert c
  cross join lateral (
    select array_agg(s.date order by s.date) as dates,
      array_agg(s.starts_at order by s.date) as starts_at
    from show s
    where s.concert_id = c.concert_id
  ) calendar
  cross join lateral (
    select jsonb_agg(jsonb_build_object('name', g.grade, 'price', g.price) order by g.first) as grades
    from (
      select grade, price, min(seat_number) as first
      from seat
      where seat.concert_id = c.concert_id and seat.date = calendar.dates[1]
      group by grade, price
    ) g
  ) hall
  where c.concert_id = any($1::uuid[])`;

const settingsText = `select ${settingsColumns}
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
  from concert
  where concert_id < coalesce($1::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
    and ($3 or published_at <= clock_timestamp())
  order by concert_id desc
  limit $2`;

/** ConcertRecords in PostgreSQL. */
export const pgConcertRecords = (database: Database): ConcertRecords => ({
  nowMs: () => readClock(database),

  add: (newConcert, note, use) =>
    database
      .transaction(async (tx) => {
        await addConcert(tx, newConcert);
        if (use !== null && !(await useKey(tx, note.actor, use))) throw new KeyTaken();
        await addNote(tx, newConcert.concert.concertId, note);
        return { kind: "added" as const };
      })
      .catch(async (error: unknown) => {
        if (!(error instanceof KeyTaken) || use === null) throw error;
        const taken = await readKeyUse(database, note.actor, use.intent);
        if (taken === null) throw new Error("the use of an operator's key is gone");
        return taken;
      }),

  findKeyUse: (actor, intent) => readKeyUse(database, actor, intent),

  change: (concertId, decide) => database.transaction((tx) => change(tx, concertId, decide)),

  load: async (concertIds) => {
    const rows = await database.query<ConcertRow>({
      name: "catalogue-load",
      text: loadText,
      values: [concertIds],
    });
    return rows.map(concertOf);
  },

  settings: async (concertIds, window) => {
    const rows = await database.query<SettingsRow>({
      name: "catalogue-settings",
      text: settingsText,
      values: [concertIds, window.opensBeforeMs, window.closedAfterMs, window.lastShowAfterMs],
    });
    return rows.map((row) => ({ concertId: row.concert_id, ...settingsOf(row) }));
  },

  page: async ({ after, limit, withDrafts }) => {
    const rows = await database.query<{ concert_id: ConcertId }>({
      name: "catalogue-page",
      text: pageText,
      values: [after, limit, withDrafts],
    });
    return rows.map(({ concert_id }) => concert_id);
  },
});
