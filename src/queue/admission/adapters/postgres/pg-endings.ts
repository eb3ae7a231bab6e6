import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { EndedReason } from "#kernel/place.ts";
import { batchedLoader } from "#platform/batched-loader.ts";
import type { Queryable } from "#platform/postgres/database.ts";
import type { EndedPlace, Endings } from "../../ports/endings.ts";

interface EndedRow {
  readonly epoch: number;
  readonly seq: number;
  readonly reason: EndedReason;
}

/** After the store has lost a queue, or has deleted an ended one, all of its users ask at once. */
const usersAQuery = 500;

/** Finds the furthest ended place of a buyer. The callers of one event-loop turn share one query. */
export const pgFindEnded = (database: Queryable): Endings["find"] => {
  const find = batchedLoader<{ concertId: ConcertId; userId: UserId }, EndedPlace | null>({
    groupOf: ({ concertId }) => concertId,
    batchMax: usersAQuery,
    load: async (places) => {
      const users = places.map(({ userId }) => userId);
      const rows = await database.query<EndedRow & { readonly userId: UserId }>({
        name: "queue-find-ended",
        text: `
          select user_id as "userId", ended_epoch as epoch, ended_seq as seq, ended_reason as reason
          from buyer
          where user_id = any($1::uuid[]) and concert_id = $2 and ended_reason is not null`,
        values: [users, places[0].concertId],
      });
      const ended = new Map(rows.map(({ userId, ...place }) => [userId, place]));
      return users.map((userId) => ended.get(userId) ?? null);
    },
  });
  return (concertId, userId) => find({ concertId, userId });
};
