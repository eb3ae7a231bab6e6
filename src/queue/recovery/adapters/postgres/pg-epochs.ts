import type { ConcertId } from "#kernel/ids.ts";
import type { Queryable } from "#platform/postgres/database.ts";
import type { EpochRecord, Epochs } from "../../ports/epochs.ts";

/** Keeps the current epoch of each queue in PostgreSQL. */
export const pgEpochs = (database: Queryable): Epochs => {
  const read = async (concertId: ConcertId): Promise<EpochRecord | null> => {
    const [row] = await database.query<EpochRecord>({
      name: "queue-epoch-read",
      text: `
        select epoch, run_id as "runId", in_use as "inUse" from queue_epoch where concert_id = $1`,
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
          insert into queue_epoch (concert_id, epoch, run_id) values ($1, $2::int + 1, $3)
          on conflict (concert_id) do update
            set epoch = excluded.epoch, run_id = excluded.run_id
            where queue_epoch.epoch = $2
          returning epoch, run_id as "runId", in_use as "inUse"`,
        values: [concertId, from, runId],
      });
      // Another instance raised the epoch first. Its row exists, because no statement deletes it.
      return raised ?? ((await read(concertId)) as EpochRecord);
    },
    async markInUse(concertId) {
      await database.query({
        name: "queue-epoch-use",
        text: `update queue_epoch set in_use = true where concert_id = $1 and not in_use`,
        values: [concertId],
      });
    },
  };
};
