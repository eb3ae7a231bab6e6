import type { ConcertId } from "#kernel/ids.ts";
import type { Money } from "#kernel/money.ts";
import type { Queryable } from "#platform/postgres/database.ts";
import type { Payment } from "../../domain/payment.ts";
import type { Seat } from "../../domain/seat.ts";
import { plainArray } from "./arrays.ts";
import type { LockSet } from "./lock-set.ts";
import { paymentColumns, reservationColumns, type ReadReservation } from "./rows.ts";
import { selectList } from "./table.ts";
import {
  buyers,
  grades,
  seats,
  storedAnswers,
  wallets,
  type BuyerRow,
  type StoredAnswerRow,
  type WalletRow,
} from "./tables.ts";

/** How a load treats a row that another transaction has locked: it skips the row, or waits for the lock. */
export type LockWait = "skip" | "wait";

const skipLocked = { skip: "skip locked", wait: "" } as const satisfies Record<LockWait, string>;

// Before any row, a transaction that sells shares the lock of its concerts; cancelling one takes that lock alone, and no row
// that a batch locks. All rows that change are locked in one order: tickets, buyers, shows, wallets, grades, seats, counts of
// blocked seats, each table sorted by its key. A reservation is only written by a transaction that has locked its buyer row,
// so that row is its lock. `no key update`: no command changes a key, and foreign key checks of other rows do not wait for it.

/** Keeps the concerts from being cancelled until the commit. Returns those that are. It always waits: see ADR 0050. */
export const lockConcerts = (tx: Queryable, lockSet: LockSet) =>
  tx.query<{ concert_id: ConcertId }>({
    name: "sale-lock-concerts",
    text: "select lock_against_cancelling($1::uuid[]) as concert_id",
    values: [plainArray([...lockSet.concerts])],
  });

/**
 * `offset 0` keeps the planner from reading all reservations of the concert for the join. It also keeps `statuses` out of
 * the index condition: before the statistics know the sale, the planner would take the index of lapsing holds for HELD
 * and read every hold for each buyer (measured: 850 ms for 85 buyers among 7,000 holds, on a busy machine).
 */
const reservationsOf = (buyers: string, ids: string, statuses: string): string => `
  select own.reservation_id
  from unnest(${buyers}) as named (user_id, concert_id)
  cross join lateral (
    select r.reservation_id, r.status
    from reservation r
    where r.user_id = named.user_id
      and r.concert_id = named.concert_id
      and r.status in ('HELD', 'CONFIRMED')
    offset 0
  ) as own
  where own.status in (${statuses})
  union
  select r.reservation_id
  from unnest(${ids}) as named (reservation_id, user_id)
  join reservation r using (reservation_id, user_id)`;

const buyerParameters = (lockSet: LockSet): unknown[] => {
  const buyers = [...lockSet.buyers.values()];
  const ids = [...lockSet.reservations.values()];
  return [
    plainArray(buyers.map((buyer) => buyer.userId)),
    plainArray(buyers.map((buyer) => buyer.concertId)),
    plainArray(ids.map((one) => one.reservationId)),
    plainArray(ids.map((one) => one.userId)),
  ];
};

export const lockBuyers = (tx: Queryable, lockSet: LockSet, lockWait: LockWait) =>
  tx.query<BuyerRow>({
    name: `sale-lock-buyers-${lockWait}`,
    text: `
      with targets as (
        select user_id, concert_id
        from unnest($1::uuid[], $2::uuid[]) as named (user_id, concert_id)
        union
        select r.user_id, r.concert_id
        from unnest($3::uuid[], $4::uuid[]) as named (reservation_id, user_id)
        join reservation r using (reservation_id, user_id)
      )
      select ${selectList(buyers, "b")}
      from targets
      join buyer b using (user_id, concert_id)
      order by b.user_id, b.concert_id
      for no key update of b ${skipLocked[lockWait]}`,
    values: buyerParameters(lockSet),
  });

export const readReservations = (tx: Queryable, lockSet: LockSet) =>
  tx.query<ReadReservation>({
    name: "sale-read-reservations",
    text: `
      with targets as (${reservationsOf(
        "$1::uuid[], $2::uuid[]",
        "$3::uuid[], $4::uuid[]",
        "'HELD', 'CONFIRMED'",
      )}
      )
      select ${reservationColumns}
      from targets
      join reservation r using (reservation_id)`,
    values: buyerParameters(lockSet),
  });

/** A locked seat, with the price of its grade where a command reserves; null while that is locked elsewhere. */
export interface LockedSeat extends Seat {
  readonly price: Money | null;
}

/**
 * Locks the seats, and reads the prices of the concerts in which a command reserves. The shared lock of a price keeps
 * it from changing until the commit, so that a hold has the price that is in force when it becomes visible. A
 * transaction that changes prices locks no seats.
 */
export const lockSeats = (tx: Queryable, lockSet: LockSet, lockWait: LockWait) => {
  const named = [...lockSet.seats.values()];
  return tx.query<LockedSeat>({
    name: `sale-lock-seats-${lockWait}`,
    text: `
      with prices as materialized (
        select ${selectList(grades, "g")}
        from unnest($8::uuid[]) as named (concert_id)
        join grade g using (concert_id)
        order by g.concert_id, g.name
        for share of g ${skipLocked[lockWait]}
      ),
      targets as (
        select concert_id, date, seat_number
        from unnest($5::uuid[], $6::date[], $7::int4[]) as named (concert_id, date, seat_number)
        union
        select l.concert_id, l.date, l.seat_number
        from (${reservationsOf("$1::uuid[], $2::uuid[]", "$3::uuid[], $4::uuid[]", "'HELD'")}
        ) as held
        join reservation_seat l using (reservation_id)
      )
      select ${selectList(seats, "s")}, p.price
      from targets
      join seat s using (concert_id, date, seat_number)
      left join prices p on p."concertId" = s.concert_id and p.name = s.grade
      order by s.concert_id, s.date, s.seat_number
      for no key update of s ${skipLocked[lockWait]}`,
    values: [
      ...buyerParameters(lockSet),
      plainArray(named.map((seat) => seat.concertId)),
      plainArray(named.map((seat) => seat.date)),
      plainArray(named.map((seat) => seat.seatNumber)),
      plainArray([...lockSet.reservingIn]),
    ],
  });
};

export const lockWallets = (tx: Queryable, lockSet: LockSet, lockWait: LockWait) =>
  tx.query<WalletRow>({
    name: `sale-lock-wallets-${lockWait}`,
    text: `
      select ${selectList(wallets, "w")}
      from unnest($1::uuid[]) as named (user_id)
      join wallet w using (user_id)
      order by w.user_id
      for no key update of w ${skipLocked[lockWait]}`,
    values: [plainArray([...lockSet.wallets])],
  });

/** Tries to lock each key. A key of another transaction is found here, not by a wait on the unique index. */
export const lockKeys = (tx: Queryable, lockSet: LockSet) =>
  tx.query<{ free: boolean }>({
    name: "sale-lock-keys",
    text: `
      select pg_try_advisory_xact_lock(named.lock) as free
      from unnest($1::int8[]) with ordinality as named (lock, n)
      order by named.n`,
    values: [plainArray([...lockSet.keys.values()].map((key) => key.lock))],
  });

export const readAnswers = (tx: Queryable, lockSet: LockSet) => {
  const keys = [...lockSet.keys.values()];
  return tx.query<StoredAnswerRow>({
    name: "sale-read-answers",
    text: `
      select ${selectList(storedAnswers, "i")}
      from unnest($1::uuid[], $2::text[]) as named (user_id, key)
      join idempotency i using (user_id, key)`,
    values: [plainArray(keys.map((key) => key.userId)), keys.map((key) => key.key)],
  });
};

export const readPayments = (tx: Queryable, reservationIds: readonly string[]) =>
  tx.query<Payment>({
    name: "sale-read-payments",
    text: `
      select ${paymentColumns}
      from unnest($1::uuid[]) as named (reservation_id)
      join payment p using (reservation_id)`,
    values: [plainArray(reservationIds)],
  });
