import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { PlaceMark } from "#kernel/place.ts";
import { queuedLoader } from "#platform/batched-loader.ts";
import type { Database } from "#platform/postgres/database.ts";
import type { BuyerView, Buyers } from "../../ports/buyers.ts";
import { plainArray } from "./arrays.ts";

interface Asked {
  readonly userId: UserId;
  readonly concertId: ConcertId;
}

interface BuyerRow extends PlaceMark, Omit<BuyerView, "ended"> {}

/** Returns one row for each user and concert, in the order given. */
const find = (database: Database, asked: readonly Asked[]): Promise<BuyerRow[]> =>
  database.query<BuyerRow>({
    name: "sale-read-buyers",
    text: `
      select
        coalesce(b.ended_epoch, 0) as epoch,
        coalesce(b.ended_seq, 0) as seq,
        coalesce(b.unpaid_holds, '[]') as "unpaidHolds",
        exists (
          select
          from reservation r
          where r.user_id = named.user_id
            and r.concert_id = named.concert_id
            and r.status in ('HELD', 'CONFIRMED')
        ) as "hasSeats"
      from unnest($1::uuid[], $2::uuid[]) with ordinality as named (user_id, concert_id, n)
      left join lateral (
        select *
        from buyer b
        where b.user_id = named.user_id and b.concert_id = named.concert_id
        offset 0
      ) as b on true
      order by named.n`,
    values: [
      plainArray(asked.map((one) => one.userId)),
      plainArray(asked.map((one) => one.concertId)),
    ],
  });

/** Reads in batches: one statement for all calls that arrived while the statement before ran. */
export const pgBuyers = (options: {
  readonly database: Database;
  monotonicMs(): number;
}): Buyers & { close(): Promise<void> } => {
  const loader = queuedLoader<Asked, BuyerView>({
    batchMax: 500,
    waitingMax: 10_000,
    deadlineMs: 2000,
    monotonicMs: options.monotonicMs,
    async load(asked) {
      const rows = await find(options.database, asked);
      return rows.map(({ epoch, seq, ...view }) => ({ ...view, ended: { epoch, seq } }));
    },
  });
  return { get: (userId, concertId) => loader.load({ userId, concertId }), close: loader.close };
};
