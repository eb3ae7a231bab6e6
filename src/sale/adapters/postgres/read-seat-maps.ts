import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Queryable } from "#platform/postgres/database.ts";
import {
  changedMap,
  wholeMap,
  type SeatChange,
  type SeatLetter,
  type SeatMap,
} from "../../domain/seat-map.ts";
import { plainArray } from "./arrays.ts";

/** The seat maps of a concert as one statement has read them. */
export interface SeatMapRead {
  /** By date. */
  readonly shows: readonly SeatMap[];
  /** The database's clock when the statement ran. */
  readonly readAtMs: InstantMs;
}

// A version is the `xmin` of a snapshot: every transaction before it has ended, so its changes are in the map. A
// transaction from it on may have been open, whatever its order of commit; the next read starts there. So no change
// is missed, and some are read twice.

interface WholeRow {
  readonly date: string;
  readonly startsAtMs: InstantMs;
  /** The first letter of each seat's status, by number. */
  readonly statuses: string;
  /** The ends of the HELD seats, by seat number; null when no seat is HELD. */
  readonly ends: InstantMs[] | null;
  readonly version: number;
  readonly now: InstantMs;
}

const endsOf = (statuses: string, ends: WholeRow["ends"]): ReadonlyMap<number, InstantMs> => {
  const bySeat = new Map<number, InstantMs>();
  let at = -1;
  for (const end of ends ?? []) {
    at = statuses.indexOf("H", at + 1);
    bySeat.set(at + 1, end);
  }
  return bySeat;
};

/** The shows of a concert, or the one of a date. */
export interface ShowsToRead {
  readonly concertId: ConcertId;
  readonly date?: string;
}

/** Reads all seats of the shows. O(seats): measured 230 ms for 150,000 on two busy cores. */
export const readWhole = async (
  database: Queryable,
  { concertId, date }: ShowsToRead,
): Promise<SeatMapRead> => {
  const rows = await database.query<WholeRow>({
    name: "sale-read-seat-maps",
    text: `
      select
        sh.date,
        sh.starts_at as "startsAtMs",
        string_agg(left(s.status, 1), '' order by s.seat_number) as statuses,
        array_agg(s.expires_at order by s.seat_number) filter (where s.status = 'HELD') as ends,
        pg_snapshot_xmin(pg_current_snapshot())::text::int8 as version,
        clock_timestamp() as now
      from show sh
      join seat s using (concert_id, date)
      where sh.concert_id = $1 and ($2::date is null or sh.date = $2)
      group by sh.date, sh.starts_at
      order by sh.date`,
    values: [concertId, date ?? null],
  });
  const shows = rows.map(({ now: _, ends, ...show }) =>
    wholeMap({ ...show, ends: endsOf(show.statuses, ends) }),
  );
  return { shows, readAtMs: rows[0]?.now ?? 0 };
};

/** Where a read of changes continues. */
export interface ChangesFrom {
  /** Every change of a transaction before this one is known. */
  readonly version: number;
  /** Later transactions whose changes are known too, and not read again. */
  readonly own: readonly number[];
}

export interface ChangesRow {
  readonly date: string;
  readonly starts_at: InstantMs;
  readonly version: number;
  /** Changes of earlier transactions may have been deleted. */
  readonly floor: number;
  readonly now: InstantMs;
  /** Null when nothing has changed. */
  readonly changes:
    | readonly (readonly [
        seatNumber: number,
        letter: SeatLetter,
        expiresAtMs: number | null,
        xid: number,
      ])[]
    | null;
}

// `offset 0` makes the planner look up each changed seat. Before the statistics know a new sale, it would join all seats
// of the show with the changes: measured 5 s for 1,200 changes among 60,000 seats, instead of 15 ms.
export const changesText = `
  select
    sh.date,
    sh.starts_at,
    pg_snapshot_xmin(pg_current_snapshot())::text::int8 as version,
    (select xid::text::int8 from seat_change_floor) as floor,
    clock_timestamp() as now,
    found.changes
  from show sh
  cross join lateral (
    select jsonb_agg(jsonb_build_array(
      named.seat_number, left(s.status, 1), floor(extract(epoch from s.expires_at) * 1000)::int8, named.xid
    )) as changes
    from (
      select seat_number, max(c.xid::text::int8) as xid
      from seat_change c cross join unnest(c.seat_numbers) as seat_number
      where c.concert_id = sh.concert_id and c.date = sh.date
        and c.xid >= $2::text::xid8 and c.xid <> all ($4::xid8[])
      group by seat_number
    ) as named
    cross join lateral (
      select status, expires_at
      from seat
      where concert_id = sh.concert_id and date = sh.date and seat_number = named.seat_number
      offset 0
    ) as s
  ) as found
  where sh.concert_id = $1 and ($3::date is null or sh.date = $3)
  order by sh.date`;

const toChange = ([seatNumber, letter, expiresAtMs, xid]: NonNullable<
  ChangesRow["changes"]
>[number]): SeatChange => ({ seatNumber, letter, expiresAtMs, xid });

/**
 * Reads the seats of shows that have changed, one row a date. Null when the read cannot be continued from there: that is
 * too long ago. O(changed seats + dates): measured 0.8 ms when none of 150,000 has changed.
 */
export const findChanges = async (
  database: Queryable,
  { concertId, date }: ShowsToRead,
  { version, own }: ChangesFrom,
): Promise<readonly ChangesRow[] | null> => {
  const rows = await database.query<ChangesRow>({
    name: "sale-read-seat-changes",
    text: changesText,
    values: [concertId, String(version), date ?? null, plainArray(own)],
  });
  const [first] = rows;
  // A dump that is restored into another cluster has numbers of the old one.
  const isContinued = first !== undefined && version >= first.floor && version <= first.version;
  return isContinued ? rows : null;
};

/**
 * Reads the seats that have changed since the last read, as `findChanges` does. Null also when the concert has another
 * date.
 */
export const readChanges = async (
  database: Queryable,
  toRead: ShowsToRead,
  last: SeatMapRead,
): Promise<SeatMapRead | null> => {
  const version = last.shows[0]?.version;
  if (version === undefined) return null;
  const rows = await findChanges(database, toRead, { version, own: [] });
  const [first] = rows ?? [];
  const isSame =
    rows?.length === last.shows.length &&
    rows.every((row, index) => row.date === last.shows[index]?.date);
  if (first === undefined || !isSame) return null;
  const shows = last.shows.map((show, index) => {
    const row = rows[index] ?? first;
    const changes = (row.changes ?? []).map(toChange);
    return changedMap(show, changes, { startsAtMs: row.starts_at, version: row.version });
  });
  return { shows, readAtMs: first.now };
};
