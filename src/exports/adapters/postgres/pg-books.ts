import type { ConcertId } from "#kernel/ids.ts";
import type { Queryable } from "#platform/postgres/database.ts";
import type { Snapshots } from "#platform/postgres/snapshots.ts";
import type { Book, RecordOf } from "../../domain/books.ts";
import type { Books } from "../../ports/books.ts";

const texts: Readonly<Record<Book, string>> = {
  tickets: `
    select t.ticket_id as "ticketId", t.status, t.date, s.starts_at as "startsAtMs", t.seat_number as "seatNumber",
      l.price, p.currency, t.user_id as "holderId", u.name as "holderName", p.user_id as "buyerId",
      t.payment_id as "paymentId", p.paid_at as "paidAtMs", k.scanned_at as "usedAtMs", k.gate
    from ticket t
    join show s using (concert_id, date)
    join payment p using (payment_id)
    join reservation_seat l on l.reservation_id = p.reservation_id and l.seat_number = t.seat_number
    left join app_user u on u.user_id = t.user_id
    left join check_in k on k.ticket_id = t.ticket_id and k.result = 'ADMITTED'
    where t.concert_id = $1
    order by t.date, t.ticket_id`,
  payments: `
    select p.payment_id as "paymentId", p.reservation_id as "reservationId", p.user_id as "userId",
      u.name as "userName", r.date,
      (select count(*)::int from ticket t where t.payment_id = p.payment_id) as seats,
      p.amount, p.currency, p.paid_at as "paidAtMs", back.refunded, back.fees
    from payment p
    join reservation r using (reservation_id)
    cross join lateral (
      select coalesce(sum(f.amount), 0)::int8 as refunded, coalesce(sum(f.fee), 0)::int8 as fees
      from refund f where f.payment_id = p.payment_id
    ) back
    left join app_user u on u.user_id = p.user_id
    where p.concert_id = $1
    order by p.payment_id`,
  ledger: `
    select entry_no as "entryNo", entry_id as "entryId", transfer_id as "transferId", type, account,
      user_id as "userId", amount, balance, created_at as "createdAtMs"
    from ledger_entry
    where concert_id = $1
    order by entry_no`,
  queue: `
    select queue_epoch as epoch, n, kind, user_id as "userId", place_epoch as "placeEpoch",
      place_seq as "placeSeq", at as "atMs", active_until as "activeUntilMs"
    from queue_journal
    where concert_id = $1
    order by queue_epoch, n`,
};

/** Books in PostgreSQL: one cursor a reading. */
export const pgBooks = (database: Queryable, snapshots: Snapshots): Books => ({
  read: <Name extends Book>(book: Name, concertId: ConcertId) =>
    snapshots.read<RecordOf<Name>>({ text: texts[book], values: [concertId] }),
  async note({ actor, concertId, book }) {
    await database.query({
      name: "exports-note",
      text: `insert into audit (actor, action, concert_id, after)
        values ($1, 'export.downloaded', $2, jsonb_build_object('export', $3::text))`,
      values: [actor, concertId, book],
    });
  },
});
