import type { Reservation } from "../../domain/reservation.ts";
import { jsonObject, selectList } from "./table.ts";
import { payments, reservations, tickets, type ReservationRow } from "./tables.ts";

// Reads reservations with their seats, and payments with their tickets.

export type ReadReservation = ReservationRow &
  Pick<Reservation, "seatNumbers" | "prices" | "refundedSeats">;

/** The columns of `ReadReservation`, for a reservation with the alias `r`. */
export const reservationColumns = `
  ${selectList(reservations, "r")},
  array(
    select l.seat_number from reservation_seat l where l.reservation_id = r.reservation_id order by 1
  ) as "seatNumbers",
  array(
    select l.price from reservation_seat l
    where l.reservation_id = r.reservation_id order by l.seat_number
  ) as prices,
  case when r.status = 'CONFIRMED' then (
    select count(*)::int from reservation_seat l where l.reservation_id = r.reservation_id and not l.live
  ) else 0 end as "refundedSeats"`;

export const toReservation = ({
  placeEpoch: epoch,
  placeSeq: seq,
  ...rest
}: ReadReservation): Reservation => ({ ...rest, place: { epoch, seq } });

export const toReservationRow = ({
  place: { epoch, seq },
  seatNumbers: _,
  prices: __,
  refundedSeats: ___,
  ...rest
}: Reservation): ReservationRow => ({ ...rest, placeEpoch: epoch, placeSeq: seq });

/** The columns of a payment with the alias `p`. A row is a `Payment`. */
export const paymentColumns = `
  ${selectList(payments, "p")},
  (
    select jsonb_agg(
      ${jsonObject(tickets, "t", ["paymentId", "userId"])}
      order by t.seat_number
    )
    from ticket t
    where t.payment_id = p.payment_id
  ) as tickets`;
