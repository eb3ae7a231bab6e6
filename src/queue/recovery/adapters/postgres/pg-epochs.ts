import type { ConcertId } from "#kernel/ids.ts";
import type { Queryable } from "#platform/postgres/database.ts";
import { sharedMs, takeoverAfterMs } from "../../domain/epoch-confirmation.ts";
import type { EpochRecord, Epochs } from "../../ports/epochs.ts";

const columns = `epoch, run_id as "runId", in_use as "inUse", waiting_list as "waitingList"`;

/** Sets a mark of a queue for good. */
const marker =
  (database: Queryable, mark: "in_use" | "waiting_list") =>
  async (concertId: ConcertId): Promise<void> => {
    await database.query({
      name: `queue-epoch-mark-${mark}`,
      text: `update queue_epoch set ${mark} = true where concert_id = $1 and not ${mark}`,
      values: [concertId],
    });
  };

/**
 * Keeps the current epoch of each queue in PostgreSQL. A store that is not shared serves one process, which
 * confirms nothing; the next process takes its queues over at once.
 */
export const pgEpochs = (
  database: Queryable,
  { isShared = true }: { readonly isShared?: boolean } = {},
): Epochs => {
  const raisedAt = "case when $4::bool then clock_timestamp() else '-infinity' end";
  const read = async (concertId: ConcertId): Promise<EpochRecord | null> => {
    const [row] = await database.query<EpochRecord>({
      name: "queue-epoch-read",
      text: `
        select ${columns} from queue_epoch where concert_id = $1`,
      values: [concertId],
    });
    return row ?? null;
  };
  return {
    read,
    async raise(concertId, from, runId) {
      const [raised] = await database.query<EpochRecord>({
        name: "queue-epoch-raise",
        text: `
          insert into queue_epoch (concert_id, epoch, run_id, confirmed_at)
            values ($1, $2::int + 1, $3, ${raisedAt})
          on conflict (concert_id) do update
            set epoch = excluded.epoch, run_id = excluded.run_id, confirmed_at = excluded.confirmed_at
            where queue_epoch.epoch = $2
              and (queue_epoch.run_id = excluded.run_id or
                queue_epoch.confirmed_at < clock_timestamp() - interval '${takeoverAfterMs} ms')
          returning ${columns}`,
        values: [concertId, from, runId, isShared],
      });
      // Another instance was first, or is on another store. Its row exists, because no statement deletes it.
      return raised ?? ((await read(concertId)) as EpochRecord);
    },
    async confirm(runId, queues) {
      // One order of rows keeps the statements of two instances from waiting for each other in a circle.
      const sorted = queues.toSorted((a, b) => (a.concertId < b.concertId ? -1 : 1));
      const rows = await database.query<{ concertId: ConcertId }>({
        name: "queue-epoch-confirm",
        text: `
          with ours as (
            select concert_id, epoch,
              confirmed_at < clock_timestamp() - interval '${sharedMs} ms' as is_due
            from unnest($2::uuid[], $3::int[]) as asked (concert_id, epoch)
              join queue_epoch using (concert_id, epoch)
            where run_id = $1
          ), confirmed as (
            update queue_epoch set confirmed_at = clock_timestamp() from ours
            where ours.is_due and queue_epoch.concert_id = ours.concert_id
              and queue_epoch.epoch = ours.epoch and queue_epoch.run_id = $1
            returning queue_epoch.concert_id
          )
          select concert_id as "concertId" from confirmed
          union all select concert_id from ours where not is_due`,
        values: [runId, sorted.map((it) => it.concertId), sorted.map((it) => it.epoch)],
      });
      return rows.map(({ concertId }) => concertId);
    },
    markInUse: marker(database, "in_use"),
    markWaitingList: marker(database, "waiting_list"),
  };
};
