import type { ConcertId, ReservationId, UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Queryable } from "#platform/postgres/database.ts";
import type { StoredAnswer } from "../../domain/commands.ts";
import type { SeatStatus } from "../../domain/seat.ts";
import { plainArray } from "./arrays.ts";
import {
  paymentColumns,
  reservationColumns,
  type PaymentRow,
  type ReservationRow,
} from "./rows.ts";
import type { Wanted } from "./wanted.ts";

/** How a load treats rows that another transaction has: it passes them over, or waits for them. */
export type Patience = "skip" | "wait";

const skipping = { skip: "skip locked", wait: "" } as const satisfies Record<Patience, string>;

// Everything that changes is locked in one order: buyers, seats, wallets, each sorted by its key. A
// reservation is only ever written by who holds its buyer's row, so that row is its lock. `no key`
// because nobody changes keys, and so that the foreign keys of other rows are checked without waiting.

/** `offset 0` keeps the planner from turning the look-up by buyer into a walk through everybody's. */
const wantedReservations = (buyers: string, ids: string, statuses: string): string => `
  select own.reservation_id
  from unnest(${buyers}) as named (user_id, concert_id)
  cross join lateral (
    select r.reservation_id
    from reservation r
    where r.user_id = named.user_id
      and r.concert_id = named.concert_id
      and r.status in (${statuses})
    offset 0
  ) as own
  union
  select r.reservation_id
  from unnest(${ids}) as named (reservation_id, user_id)
  join reservation r using (reservation_id, user_id)`;

export const lockBuyers = (tx: Queryable, wanted: Wanted, patience: Patience) => {
  const named = [...wanted.buyers.values()];
  const ids = [...wanted.reservations.values()];
  return tx.query<{
    user_id: UserId;
    concert_id: ConcertId;
    ended_epoch: number;
    ended_seq: number;
  }>({
    name: `sale-lock-buyers-${patience}`,
    text: `
      with wanted as (
        select user_id, concert_id
        from unnest($1::uuid[], $2::uuid[]) as named (user_id, concert_id)
        union
        select r.user_id, r.concert_id
        from unnest($3::uuid[], $4::uuid[]) as named (reservation_id, user_id)
        join reservation r using (reservation_id, user_id)
      )
      select b.user_id, b.concert_id, b.ended_epoch, b.ended_seq
      from wanted
      join buyer b using (user_id, concert_id)
      order by b.user_id, b.concert_id
      for no key update of b ${skipping[patience]}`,
    values: [
      plainArray(named.map((buyer) => buyer.userId)),
      plainArray(named.map((buyer) => buyer.concertId)),
      plainArray(ids.map((one) => one.reservationId)),
      plainArray(ids.map((one) => one.userId)),
    ],
  });
};

const namedReservations = (wanted: Wanted): unknown[] => {
  const buyers = [...wanted.buyers.values()];
  const ids = [...wanted.reservations.values()];
  return [
    plainArray(buyers.map((buyer) => buyer.userId)),
    plainArray(buyers.map((buyer) => buyer.concertId)),
    plainArray(ids.map((one) => one.reservationId)),
    plainArray(ids.map((one) => one.userId)),
  ];
};

export const readReservations = (tx: Queryable, wanted: Wanted) =>
  tx.query<ReservationRow>({
    name: "sale-read-reservations",
    text: `
      with wanted as (${wantedReservations(
        "$1::uuid[], $2::uuid[]",
        "$3::uuid[], $4::uuid[]",
        "'HELD', 'CONFIRMED'",
      )}
      )
      select ${reservationColumns}
      from wanted
      join reservation r using (reservation_id)`,
    values: namedReservations(wanted),
  });

export const lockSeats = (tx: Queryable, wanted: Wanted, patience: Patience) => {
  const named = [...wanted.seats.values()];
  return tx.query<{
    concert_id: ConcertId;
    date: string;
    seat_number: number;
    price: number;
    status: SeatStatus;
    reservation_id: ReservationId | null;
    expires_at: InstantMs | null;
    fence: number;
  }>({
    name: `sale-lock-seats-${patience}`,
    text: `
      with wanted as (
        select concert_id, date, seat_number
        from unnest($5::uuid[], $6::date[], $7::int2[]) as named (concert_id, date, seat_number)
        union
        select l.concert_id, l.date, l.seat_number
        from (${wantedReservations("$1::uuid[], $2::uuid[]", "$3::uuid[], $4::uuid[]", "'HELD'")}
        ) as held
        join reservation_seat l using (reservation_id)
      )
      select
        s.concert_id,
        s.date,
        s.seat_number,
        s.price,
        s.status,
        s.reservation_id,
        s.expires_at,
        s.fence
      from wanted
      join seat s using (concert_id, date, seat_number)
      order by s.concert_id, s.date, s.seat_number
      for no key update of s ${skipping[patience]}`,
    values: [
      ...namedReservations(wanted),
      plainArray(named.map((seat) => seat.concertId)),
      plainArray(named.map((seat) => seat.date)),
      plainArray(named.map((seat) => seat.seatNumber)),
    ],
  });
};

export const lockWallets = (tx: Queryable, wanted: Wanted, patience: Patience) =>
  tx.query<{ user_id: UserId; balance: number }>({
    name: `sale-lock-wallets-${patience}`,
    text: `
      select w.user_id, w.balance
      from unnest($1::uuid[]) as named (user_id)
      join wallet w using (user_id)
      order by w.user_id
      for no key update of w ${skipping[patience]}`,
    values: [plainArray([...wanted.wallets])],
  });

/** A key in use elsewhere is seen here, never by waiting on the unique index of the answers. */
export const lockKeys = (tx: Queryable, wanted: Wanted) =>
  tx.query<{ free: boolean }>({
    name: "sale-lock-keys",
    text: `
      select pg_try_advisory_xact_lock(named.lock) as free
      from unnest($1::int8[]) with ordinality as named (lock, n)
      order by named.n`,
    values: [plainArray([...wanted.keys.values()].map((key) => key.lock))],
  });

export const readAnswers = (tx: Queryable, wanted: Wanted) => {
  const keys = [...wanted.keys.values()];
  return tx.query<{ user_id: UserId; key: string } & StoredAnswer>({
    name: "sale-read-answers",
    text: `
      select i.user_id, i.key, i.fingerprint, i.answer
      from unnest($1::uuid[], $2::text[]) as named (user_id, key)
      join idempotency i using (user_id, key)`,
    values: [plainArray(keys.map((key) => key.userId)), keys.map((key) => key.key)],
  });
};

export const readPayments = (tx: Queryable, reservationIds: readonly string[]) =>
  tx.query<PaymentRow>({
    name: "sale-read-payments",
    text: `
      select ${paymentColumns}
      from unnest($1::uuid[]) as named (reservation_id)
      join payment p using (reservation_id)`,
    values: [plainArray(reservationIds)],
  });
