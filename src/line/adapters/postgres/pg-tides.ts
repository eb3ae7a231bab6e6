import type { InstantMs } from "#kernel/instant.ts";
import type { Queryable } from "#platform/postgres/database.ts";
import type { Tide } from "../../domain/tide.ts";
import type { Tides } from "../../ports/tides.ts";

interface TideRow {
  line_epoch: number;
  at: InstantMs;
  last_issued: number;
  waiting: number;
  active: number;
  admitted: number;
  gone_left: number;
  gone_lapsed: number;
  seats_available: number | null;
  seats_held: number | null;
  seats_sold: number | null;
}

const columns = `line_epoch, at, last_issued, waiting, active, admitted, gone_left, gone_lapsed,
  seats_available, seats_held, seats_sold`;

const tideOf = (row: TideRow): Tide => ({
  lineEpoch: row.line_epoch,
  atMs: row.at,
  lastIssued: row.last_issued,
  waiting: row.waiting,
  active: row.active,
  admitted: row.admitted,
  left: row.gone_left,
  lapsed: row.gone_lapsed,
  stock:
    row.seats_available === null || row.seats_held === null || row.seats_sold === null
      ? null
      : { available: row.seats_available, held: row.seats_held, sold: row.seats_sold },
});

/** Every epoch that the line has had, so that each look-up walks the primary key. */
const epochs = `(select generate_series(1, epoch) as epoch from line_epoch where concert_id = $1) life`;

const ofLife = `select ${columns} from line_tide where concert_id = $1 and line_epoch = life.epoch`;

const forgetMax = 5_000;

/** How lines stood over time, in PostgreSQL. */
export const pgTides = (database: Queryable): Tides => ({
  async write(concertId, tide) {
    await database.query({
      name: "line-tide-write",
      text: `insert into line_tide (concert_id, ${columns})
        values ($1, $2, to_timestamp($3::bigint / 1000.0), $4, $5, $6, $7, $8, $9, $10, $11, $12)
        on conflict do nothing`,
      values: [
        concertId,
        tide.lineEpoch,
        tide.atMs,
        tide.lastIssued,
        tide.waiting,
        tide.active,
        tide.admitted,
        tide.left,
        tide.lapsed,
        tide.stock?.available ?? null,
        tide.stock?.held ?? null,
        tide.stock?.sold ?? null,
      ],
    });
  },

  async ends(concertId) {
    const rows = await database.query<TideRow>({
      name: "line-tide-ends",
      text: `select tide.* from ${epochs}
        cross join lateral (
          (${ofLife} order by at limit 1) union (${ofLife} order by at desc limit 1)
        ) tide
        order by tide.line_epoch, tide.at`,
      values: [concertId],
    });
    return rows.map(tideOf);
  },

  async steps(concertId, { fromMs, stepMs }) {
    const rows = await database.query<TideRow>({
      name: "line-tide-steps",
      text: `select tide.* from ${epochs}
        cross join lateral (
          (${ofLife} and at < to_timestamp($2::bigint / 1000.0) order by at desc limit 1)
          union all
          (select distinct on (floor(extract(epoch from at) * 1000 / $3::bigint)) ${columns}
            from line_tide
            where concert_id = $1 and line_epoch = life.epoch
              and at >= to_timestamp($2::bigint / 1000.0)
            order by floor(extract(epoch from at) * 1000 / $3::bigint), at desc)
        ) tide
        order by tide.line_epoch, tide.at`,
      values: [concertId, fromMs, stepMs],
    });
    return rows.map(tideOf);
  },

  async forgetBefore(atMs) {
    const rows = await database.query({
      name: "line-tide-forget",
      text: `delete from line_tide
        where ctid = any(array(
          select ctid from line_tide where at < to_timestamp($1::bigint / 1000.0) limit ${forgetMax}
        ))
        returning line_epoch`,
      values: [atMs],
    });
    return rows.length === forgetMax ? "more" : "done";
  },
});
