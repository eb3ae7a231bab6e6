import type { InstantMs } from "#kernel/instant.ts";
import type { Queryable } from "#platform/postgres/database.ts";
import type { QueueSample } from "../../domain/queue-sample.ts";
import type { QueueSamples } from "../../ports/queue-samples.ts";

interface SampleRow {
  queue_epoch: number;
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

const columns = `queue_epoch, at, last_issued, waiting, active, admitted, gone_left, gone_lapsed,
  seats_available, seats_held, seats_sold`;

const sampleOf = (row: SampleRow): QueueSample => ({
  queueEpoch: row.queue_epoch,
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

/** Every epoch that the queue has had, so that each query uses the primary key. */
const epochs = `(select generate_series(1, epoch) as epoch from queue_epoch where concert_id = $1) one`;

const ofEpoch = `select ${columns} from queue_sample where concert_id = $1 and queue_epoch = one.epoch`;

const deleteMax = 5_000;

/** The samples of all queues in PostgreSQL. */
export const pgQueueSamples = (database: Queryable): QueueSamples => ({
  async write(concertId, sample) {
    await database.query({
      name: "queue-sample-write",
      text: `insert into queue_sample (concert_id, ${columns})
        values ($1, $2, to_timestamp($3::bigint / 1000.0), $4, $5, $6, $7, $8, $9, $10, $11, $12)
        on conflict do nothing`,
      values: [
        concertId,
        sample.queueEpoch,
        sample.atMs,
        sample.lastIssued,
        sample.waiting,
        sample.active,
        sample.admitted,
        sample.left,
        sample.lapsed,
        sample.stock?.available ?? null,
        sample.stock?.held ?? null,
        sample.stock?.sold ?? null,
      ],
    });
  },

  async firstAndLast(concertId) {
    const rows = await database.query<SampleRow>({
      name: "queue-sample-ends",
      text: `select sample.* from ${epochs}
        cross join lateral (
          (${ofEpoch} order by at limit 1) union (${ofEpoch} order by at desc limit 1)
        ) sample
        order by sample.queue_epoch, sample.at`,
      values: [concertId],
    });
    return rows.map(sampleOf);
  },

  async lastOfEachStep(concertId, { fromMs, stepMs }) {
    const rows = await database.query<SampleRow>({
      name: "queue-sample-steps",
      text: `select sample.* from ${epochs}
        cross join lateral (
          (${ofEpoch} and at < to_timestamp($2::bigint / 1000.0) order by at desc limit 1)
          union all
          (select distinct on (floor(extract(epoch from at) * 1000 / $3::bigint)) ${columns}
            from queue_sample
            where concert_id = $1 and queue_epoch = one.epoch
              and at >= to_timestamp($2::bigint / 1000.0)
            order by floor(extract(epoch from at) * 1000 / $3::bigint), at desc)
        ) sample
        order by sample.queue_epoch, sample.at`,
      values: [concertId, fromMs, stepMs],
    });
    return rows.map(sampleOf);
  },

  async deleteBefore(atMs) {
    const rows = await database.query({
      name: "queue-sample-forget",
      text: `delete from queue_sample
        where ctid = any(array(
          select ctid from queue_sample where at < to_timestamp($1::bigint / 1000.0) limit ${deleteMax}
        ))
        returning queue_epoch`,
      values: [atMs],
    });
    return rows.length === deleteMax ? "more" : "done";
  },
});
