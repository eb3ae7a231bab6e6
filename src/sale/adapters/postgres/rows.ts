import type { ConcertId, PaymentId, ReservationId, TicketId, UserId } from "#kernel/ids.ts";
import type { Payment } from "../../domain/payment.ts";
import type { Reservation, ReservationStatus } from "../../domain/reservation.ts";

// Maps rows of the sale's tables to domain types.

export interface ReservationRow {
  readonly reservation_id: ReservationId;
  readonly user_id: UserId;
  readonly concert_id: ConcertId;
  readonly date: string;
  readonly amount: number;
  readonly currency: string;
  readonly status: ReservationStatus;
  readonly held_at: number;
  readonly expires_at: number;
  readonly place_epoch: number;
  readonly place_seq: number;
  readonly seat_numbers: number[];
}

/** The columns of `ReservationRow`, for a table with the alias `r`. */
export const reservationColumns = `
  r.reservation_id,
  r.user_id,
  r.concert_id,
  r.date,
  r.amount,
  r.currency,
  r.status,
  r.held_at,
  r.expires_at,
  r.place_epoch,
  r.place_seq,
  array(
    select l.seat_number from reservation_seat l where l.reservation_id = r.reservation_id order by 1
  ) as seat_numbers`;

export const toReservation = (row: ReservationRow): Reservation => ({
  reservationId: row.reservation_id,
  userId: row.user_id,
  concertId: row.concert_id,
  date: row.date,
  seatNumbers: row.seat_numbers,
  amount: row.amount,
  currency: row.currency,
  status: row.status,
  heldAtMs: row.held_at,
  expiresAtMs: row.expires_at,
  place: { epoch: row.place_epoch, seq: row.place_seq },
});

export interface PaymentRow {
  readonly payment_id: PaymentId;
  readonly reservation_id: ReservationId;
  readonly user_id: UserId;
  readonly concert_id: ConcertId;
  readonly amount: number;
  readonly currency: string;
  readonly balance: number;
  readonly paid_at: number;
  readonly tickets: { ticketId: TicketId; date: string; seatNumber: number }[];
}

/** The columns of `PaymentRow`, for a table with the alias `p`. */
export const paymentColumns = `
  p.payment_id,
  p.reservation_id,
  p.user_id,
  p.concert_id,
  p.amount,
  p.currency,
  p.balance,
  p.paid_at,
  (
    select jsonb_agg(
      jsonb_build_object('ticketId', t.ticket_id, 'date', t.date, 'seatNumber', t.seat_number)
      order by t.seat_number
    )
    from ticket t
    where t.payment_id = p.payment_id
  ) as tickets`;

export const toPayment = (row: PaymentRow): Payment => ({
  paymentId: row.payment_id,
  reservationId: row.reservation_id,
  userId: row.user_id,
  concertId: row.concert_id,
  amount: row.amount,
  currency: row.currency,
  balance: row.balance,
  paidAtMs: row.paid_at,
  tickets: row.tickets.map(({ ticketId, date, seatNumber }) => ({
    ticketId,
    concertId: row.concert_id,
    date,
    seatNumber,
  })),
});
