import type { Queryable } from "#platform/postgres/database.ts";
import type { QueueSample } from "../../domain/queue-sample.ts";
import type { QueueSamples } from "../../ports/queue-samples.ts";

const columns = `queue_epoch, at, last_issued, waiting, active, admitted, gone_left, gone_lapsed,
  seats_available, seats_held, seats_sold`;

const sampleList = `queue_epoch as "queueEpoch", at as "atMs", last_issued as "lastIssued", waiting, active,
  admitted, gone_left as "left", gone_lapsed as "lapsed",
  case when num_nulls(seats_available, seats_held, seats_sold) = 0 then jsonb_build_object(
    'available', seats_available, 'held', seats_held, 'sold', seats_sold
  ) end as stock`;

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

  firstAndLast: (concertId) =>
    database.query<QueueSample>({
      name: "queue-sample-ends",
      text: `select ${sampleList} from ${epochs}
        cross join lateral (
          (${ofEpoch} order by at limit 1) union (${ofEpoch} order by at desc limit 1)
        ) sample
        order by queue_epoch, sample.at`,
      values: [concertId],
    }),

  lastOfEachStep: (concertId, { fromMs, stepMs }) =>
    database.query<QueueSample>({
      name: "queue-sample-steps",
      text: `select ${sampleList} from ${epochs}
        cross join lateral (
          (${ofEpoch} and at < to_timestamp($2::bigint / 1000.0) order by at desc limit 1)
          union all
          (select distinct on (floor(extract(epoch from at) * 1000 / $3::bigint)) ${columns}
            from queue_sample
            where concert_id = $1 and queue_epoch = one.epoch
              and at >= to_timestamp($2::bigint / 1000.0)
            order by floor(extract(epoch from at) * 1000 / $3::bigint), at desc)
        ) sample
        order by queue_epoch, sample.at`,
      values: [concertId, fromMs, stepMs],
    }),

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
