import type { Queryable } from "#platform/postgres/database.ts";
import type { BatchState } from "../../domain/batch-state.ts";
import type { Reservation } from "../../domain/reservation.ts";
import { seatKey } from "../../domain/seat.ts";
import { entriesOf } from "../../domain/wallet.ts";
import { plainArray } from "./arrays.ts";

const present = <V>(value: V | undefined): V => {
  if (value === undefined) throw new Error("a change without what it changed");
  return value;
};

const column = <Row>(
  rows: readonly Row[],
  value: (row: Row) => string | number | boolean | null,
): string => plainArray(rows.map(value));

// Ends come before beginnings: a unique index looks at each statement by itself.

const endReservations = (tx: Queryable, rows: readonly Reservation[]) =>
  tx.query({
    name: "sale-end-reservations",
    text: `
      update reservation r
      set status = changed.status
      from unnest($1::uuid[], $2::text[]) as changed (reservation_id, status)
      where r.reservation_id = changed.reservation_id`,
    values: [column(rows, (row) => row.reservationId), column(rows, (row) => row.status)],
  });

const endLines = (tx: Queryable, lost: BatchState["changes"]["lostSeats"]) =>
  tx.query({
    name: "sale-end-lines",
    text: `
      update reservation_seat l
      set live = false
      from unnest($1::uuid[], $2::int2[]) as lost (reservation_id, seat_number)
      where l.reservation_id = lost.reservation_id and l.seat_number = lost.seat_number`,
    values: [column(lost, (row) => row.reservationId), column(lost, (row) => row.seatNumber)],
  });

const updateSeats = (tx: Queryable, state: BatchState) => {
  const seats = [...state.changes.seats].map((key) => present(state.seats.get(key)));
  return tx.query({
    name: "sale-update-seats",
    text: `
      update seat s
      set
        status = changed.status,
        reservation_id = changed.reservation_id,
        expires_at = to_timestamp(changed.expires_at_ms / 1000),
        fence = changed.fence
      from unnest($1::uuid[], $2::date[], $3::int2[], $4::text[], $5::uuid[], $6::float8[], $7::int8[])
        as changed (concert_id, date, seat_number, status, reservation_id, expires_at_ms, fence)
      where s.concert_id = changed.concert_id
        and s.date = changed.date
        and s.seat_number = changed.seat_number`,
    values: [
      column(seats, (seat) => seat.concertId),
      column(seats, (seat) => seat.date),
      column(seats, (seat) => seat.seatNumber),
      column(seats, (seat) => seat.status),
      column(seats, (seat) => seat.reservationId),
      column(seats, (seat) => seat.expiresAtMs),
      column(seats, (seat) => seat.fence),
    ],
  });
};

const insertReservations = (tx: Queryable, rows: readonly Reservation[]) =>
  tx.query({
    name: "sale-insert-reservations",
    text: `
      insert into reservation (
        reservation_id, user_id, concert_id, date, amount, currency, status,
        held_at, expires_at, place_epoch, place_seq
      )
      select
        reservation_id, user_id, concert_id, date, amount, currency, status,
        to_timestamp(held_at_ms / 1000), to_timestamp(expires_at_ms / 1000), place_epoch, place_seq
      from unnest(
        $1::uuid[], $2::uuid[], $3::uuid[], $4::date[], $5::int8[], $6::text[], $7::text[],
        $8::float8[], $9::float8[], $10::int4[], $11::int8[]
      ) as made (
        reservation_id, user_id, concert_id, date, amount, currency, status,
        held_at_ms, expires_at_ms, place_epoch, place_seq
      )`,
    values: [
      column(rows, (row) => row.reservationId),
      column(rows, (row) => row.userId),
      column(rows, (row) => row.concertId),
      column(rows, (row) => row.date),
      column(rows, (row) => row.amount),
      column(rows, (row) => row.currency),
      column(rows, (row) => row.status),
      column(rows, (row) => row.heldAtMs),
      column(rows, (row) => row.expiresAtMs),
      column(rows, (row) => row.place.epoch),
      column(rows, (row) => row.place.seq),
    ],
  });

const insertLines = (tx: Queryable, state: BatchState, made: readonly Reservation[]) => {
  const lines = made.flatMap(({ reservationId, concertId, date, seatNumbers }) =>
    seatNumbers.map((seatNumber) => {
      const seat = present(state.seats.get(seatKey(concertId, date, seatNumber)));
      return {
        reservationId,
        concertId,
        date,
        seatNumber,
        price: seat.price,
        live: seat.reservationId === reservationId,
      };
    }),
  );
  return tx.query({
    name: "sale-insert-lines",
    text: `
      insert into reservation_seat (reservation_id, concert_id, date, seat_number, price, live)
      select *
      from unnest($1::uuid[], $2::uuid[], $3::date[], $4::int2[], $5::int8[], $6::boolean[])`,
    values: [
      column(lines, (line) => line.reservationId),
      column(lines, (line) => line.concertId),
      column(lines, (line) => line.date),
      column(lines, (line) => line.seatNumber),
      column(lines, (line) => line.price),
      column(lines, (line) => line.live),
    ],
  });
};

const updateWallets = (tx: Queryable, state: BatchState) => {
  const users = [...state.changes.wallets];
  return tx.query({
    name: "sale-update-wallets",
    text: `
      update wallet w
      set balance = changed.balance
      from unnest($1::uuid[], $2::int8[]) as changed (user_id, balance)
      where w.user_id = changed.user_id`,
    values: [plainArray(users), column(users, (user) => present(state.wallets.get(user)))],
  });
};

const insertEntries = (tx: Queryable, state: BatchState) => {
  const entries = state.changes.transfers.flatMap((transfer) => [...entriesOf(transfer)]);
  return tx.query({
    name: "sale-insert-entries",
    text: `
      insert into ledger_entry (
        entry_id, transfer_id, type, account, user_id, concert_id, amount, balance, created_at
      )
      select
        entry_id, transfer_id, type, account, user_id, concert_id, amount, balance,
        to_timestamp(at_ms / 1000)
      from unnest(
        $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::int8[],
        $8::int8[], $9::float8[]
      ) with ordinality as made (
        entry_id, transfer_id, type, account, user_id, concert_id, amount, balance, at_ms, n
      )
      order by n`,
    values: [
      column(entries, (entry) => entry.entryId),
      column(entries, (entry) => entry.transfer.transferId),
      column(entries, (entry) => entry.transfer.type),
      column(entries, (entry) => entry.account),
      column(entries, (entry) => entry.transfer.userId),
      column(entries, (entry) => entry.transfer.concertId),
      column(entries, (entry) => entry.amount),
      column(entries, (entry) => entry.balance),
      column(entries, (entry) => entry.transfer.atMs),
    ],
  });
};

const insertPayments = (tx: Queryable, { changes: { payments } }: BatchState) =>
  tx.query({
    name: "sale-insert-payments",
    text: `
      insert into payment (
        payment_id, reservation_id, user_id, concert_id, amount, currency, balance, paid_at
      )
      select
        payment_id, reservation_id, user_id, concert_id, amount, currency, balance,
        to_timestamp(paid_at_ms / 1000)
      from unnest(
        $1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::int8[], $6::text[], $7::int8[],
        $8::float8[]
      ) as made (
        payment_id, reservation_id, user_id, concert_id, amount, currency, balance, paid_at_ms
      )`,
    values: [
      column(payments, (payment) => payment.paymentId),
      column(payments, (payment) => payment.reservationId),
      column(payments, (payment) => payment.userId),
      column(payments, (payment) => payment.concertId),
      column(payments, (payment) => payment.amount),
      column(payments, (payment) => payment.currency),
      column(payments, (payment) => payment.balance),
      column(payments, (payment) => payment.paidAtMs),
    ],
  });

const insertTickets = (tx: Queryable, state: BatchState) => {
  const tickets = state.changes.payments.flatMap(({ paymentId, tickets: made }) =>
    made.map((ticket) => ({ ...ticket, paymentId })),
  );
  return tx.query({
    name: "sale-insert-tickets",
    text: `
      insert into ticket (ticket_id, payment_id, concert_id, date, seat_number)
      select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::date[], $5::int2[])`,
    values: [
      column(tickets, (ticket) => ticket.ticketId),
      column(tickets, (ticket) => ticket.paymentId),
      column(tickets, (ticket) => ticket.concertId),
      column(tickets, (ticket) => ticket.date),
      column(tickets, (ticket) => ticket.seatNumber),
    ],
  });
};

const updateBuyers = (tx: Queryable, state: BatchState) => {
  const buyers = [...state.changes.buyers].map((key) => present(state.buyers.get(key)));
  return tx.query({
    name: "sale-update-buyers",
    text: `
      update buyer b
      set
        ended_epoch = changed.epoch,
        ended_seq = changed.seq,
        ended_reason = changed.reason,
        ended_at = clock_timestamp()
      from unnest($1::uuid[], $2::uuid[], $3::int4[], $4::int8[], $5::text[])
        as changed (user_id, concert_id, epoch, seq, reason)
      where b.user_id = changed.user_id and b.concert_id = changed.concert_id`,
    values: [
      column(buyers, (buyer) => buyer.userId),
      column(buyers, (buyer) => buyer.concertId),
      column(buyers, (buyer) => buyer.ended.epoch),
      column(buyers, (buyer) => buyer.ended.seq),
      column(buyers, (buyer) => buyer.raisedBy),
    ],
  });
};

const insertNews = (tx: Queryable, { changes: { news } }: BatchState) =>
  tx.query({
    name: "sale-insert-news",
    text: `
      insert into outbox (topic, concert_id, user_id, content)
      select topic, concert_id, user_id, content::jsonb
      from unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[]) with ordinality
        as made (topic, concert_id, user_id, content, n)
      order by n`,
    values: [
      column(news, (one) => one.topic),
      column(news, (one) => one.concertId),
      column(news, (one) => one.userId),
      news.map((one) => JSON.stringify(one.content)),
    ],
  });

const insertAnswers = (tx: Queryable, state: BatchState) => {
  const made = [...state.changes.answers].map((name) => {
    // A user id has 36 characters; what follows the slash after it is the key, whatever it contains.
    return { ...present(state.answers.get(name)), userId: name.slice(0, 36), key: name.slice(37) };
  });
  return tx.query({
    name: "sale-insert-answers",
    text: `
      insert into idempotency (user_id, key, fingerprint, answer)
      select user_id, key, fingerprint, answer::jsonb
      from unnest($1::uuid[], $2::text[], $3::text[], $4::text[])
        as made (user_id, key, fingerprint, answer)`,
    values: [
      column(made, (one) => one.userId),
      made.map((one) => one.key),
      made.map((one) => one.fingerprint),
      made.map((one) => JSON.stringify(one.answer)),
    ],
  });
};

/**
 * Writes all that a batch changed: at most twelve statements in one round trip, however many commands.
 * It writes only rows that the load locked, and new ones whose uniqueness those locks guard, so that it
 * waits for nobody.
 */
export const saveBatch = async (tx: Queryable, state: BatchState): Promise<void> => {
  const { changes } = state;
  const ended = [...changes.reservations].map((id) => present(state.reservations.get(id)));
  const made = [...changes.newReservations].map((id) => present(state.reservations.get(id)));
  const lost = changes.lostSeats.filter((one) => !changes.newReservations.has(one.reservationId));
  await Promise.all([
    ended.length > 0 && endReservations(tx, ended),
    lost.length > 0 && endLines(tx, lost),
    changes.seats.size > 0 && updateSeats(tx, state),
    made.length > 0 && insertReservations(tx, made),
    made.length > 0 && insertLines(tx, state, made),
    changes.wallets.size > 0 && updateWallets(tx, state),
    changes.transfers.length > 0 && insertEntries(tx, state),
    changes.payments.length > 0 && insertPayments(tx, state),
    changes.payments.length > 0 && insertTickets(tx, state),
    changes.buyers.size > 0 && updateBuyers(tx, state),
    changes.news.length > 0 && insertNews(tx, state),
    changes.answers.size > 0 && insertAnswers(tx, state),
  ]);
};
