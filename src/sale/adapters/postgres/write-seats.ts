import type { Queryable } from "#platform/postgres/database.ts";
import type { BatchState } from "../../domain/batch-state.ts";
import type { Reservation } from "../../domain/reservation.ts";
import { seatKey } from "../../domain/seat.ts";
import { column, present } from "./columns.ts";

export const endReservations = (tx: Queryable, rows: readonly Reservation[]) =>
  tx.query({
    name: "sale-end-reservations",
    text: `
      update reservation r
      set status = changed.status
      from unnest($1::uuid[], $2::text[]) as changed (reservation_id, status)
      where r.reservation_id = changed.reservation_id`,
    values: [column(rows, (row) => row.reservationId), column(rows, (row) => row.status)],
  });

export const endReservationSeats = (tx: Queryable, lost: BatchState["changes"]["lostSeats"]) =>
  tx.query({
    name: "sale-end-reservation-seats",
    text: `
      update reservation_seat l
      set live = false
      from unnest($1::uuid[], $2::int2[]) as lost (reservation_id, seat_number)
      where l.reservation_id = lost.reservation_id and l.seat_number = lost.seat_number`,
    values: [column(lost, (row) => row.reservationId), column(lost, (row) => row.seatNumber)],
  });

export const updateSeats = (tx: Queryable, state: BatchState) => {
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

export const insertReservations = (tx: Queryable, rows: readonly Reservation[]) =>
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

export const insertReservationSeats = (
  tx: Queryable,
  state: BatchState,
  made: readonly Reservation[],
) => {
  const seats = made.flatMap(({ reservationId, concertId, date, seatNumbers }) =>
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
    name: "sale-insert-reservation-seats",
    text: `
      insert into reservation_seat (reservation_id, concert_id, date, seat_number, price, live)
      select *
      from unnest($1::uuid[], $2::uuid[], $3::date[], $4::int2[], $5::int8[], $6::boolean[])`,
    values: [
      column(seats, (one) => one.reservationId),
      column(seats, (one) => one.concertId),
      column(seats, (one) => one.date),
      column(seats, (one) => one.seatNumber),
      column(seats, (one) => one.price),
      column(seats, (one) => one.live),
    ],
  });
};
