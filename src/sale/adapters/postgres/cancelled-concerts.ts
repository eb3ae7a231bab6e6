import type { ConcertId, MintId } from "#kernel/ids.ts";
import type { Database } from "#platform/postgres/database.ts";
import type { Cancel } from "../../domain/commands.ts";
import type {
  Cancellation,
  CancelledConcert,
  CancelledConcerts,
} from "../../ports/cancelled-concerts.ts";
import { knownShows } from "./known-shows.ts";
import { transact } from "./transact.ts";

/** Holds in one transaction. More keep their seats locked for longer. */
const holdsMax = 250;
/** Locked rows are skipped, so a transaction does not wait for a lock in normal operation. */
const lockTimeoutMs = 300;

const live = "r.status = 'HELD' and r.expires_at > clock_timestamp()";

// After the cancelling no refund but its own is possible, so the times tell them apart.
const progressText = `
          select c.cancelled_at as "cancelledAtMs", c.refunded_at as "refundedAtMs",
            open.tickets + done.tickets as tickets, done.tickets as "ticketsRefunded",
            done.amount::text as "amountRefunded"
          from concert c
          cross join lateral (
            select count(*)::int as tickets from ticket t where t.concert_id = c.concert_id and t.status <> 'VOID'
          ) as open
          cross join lateral (
            select coalesce(sum(r.amount), 0) as amount, coalesce(sum(own.tickets), 0)::int as tickets
            from refund r
            cross join lateral (select count(*) as tickets from ticket t where t.refund_id = r.refund_id) as own
            where r.concert_id = c.concert_id and r.refunded_at >= c.cancelled_at
          ) as done
          where c.concert_id = $1 and c.cancelled_at is not null`;

/** The cancelled concerts in PostgreSQL. No transaction sells in one any more, so its tickets and holds only get fewer. */
export const pgCancelledConcerts = (options: {
  readonly database: Database;
  readonly mintId: MintId;
}): CancelledConcerts => {
  const { database, mintId } = options;
  return {
    unfinished: () =>
      database.query<CancelledConcert>({
        name: "sale-unfinished-concerts",
        text: `
          select c.concert_id as "concertId", note.actor, note.reason
          from concert c
          cross join lateral (
            select a.actor, a.after ->> 'reason' as reason
            from audit a
            where a.concert_id = c.concert_id and a.action = 'concert.cancelled'
            order by a.audit_id
            limit 1
          ) as note
          where c.cancelled_at is not null and c.refunded_at is null
          order by c.cancelled_at`,
      }),

    async cancelHolds(concertId: ConcertId) {
      const rows = await database.query<Pick<Cancel, "reservationId" | "userId">>({
        name: "sale-holds-of-concert",
        text: `
          select r.reservation_id as "reservationId", r.user_id as "userId"
          from reservation r
          where r.concert_id = $1 and ${live}
          order by r.expires_at
          limit ${holdsMax}`,
        values: [concertId],
      });
      if (rows.length === 0) return 0;
      const commands = rows.map((row): Cancel => ({
        kind: "cancel",
        ...row,
        tokenConcertId: null,
      }));
      const outcomes = await transact(database, commands, {
        lockWait: "skip",
        uncertain: false,
        lockTimeoutMs,
        mintId,
        knownShows: knownShows(),
      });
      return outcomes.filter((it) => it?.kind === "cancelled" && it.freed !== null).length;
    },

    async finish(concertId) {
      await database.query({
        name: "sale-finish-concert",
        text: `
          update concert c
          set refunded_at = clock_timestamp()
          where c.concert_id = $1 and c.cancelled_at is not null and c.refunded_at is null
            and not exists (select from ticket t where t.concert_id = c.concert_id and t.status <> 'VOID')
            and not exists (select from reservation r where r.concert_id = c.concert_id and ${live})`,
        values: [concertId],
      });
    },

    async progress(concertId) {
      const [row] = await database.query<Cancellation>({
        name: "sale-cancellation",
        text: progressText,
        values: [concertId],
      });
      return row ?? null;
    },
  };
};
