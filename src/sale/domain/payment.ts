import type { ConcertId, MintId, PaymentId, ReservationId, TicketId, UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Money } from "#kernel/money.ts";
import type { Reservation } from "./reservation.ts";

/** One seat of one show, sold. */
export interface Ticket {
  readonly ticketId: TicketId;
  readonly concertId: ConcertId;
  readonly date: string;
  readonly seatNumber: number;
}

export interface Payment {
  readonly paymentId: PaymentId;
  readonly reservationId: ReservationId;
  readonly userId: UserId;
  readonly concertId: ConcertId;
  readonly amount: Money;
  readonly currency: string;
  /** The wallet's balance after the payment. */
  readonly balance: Money;
  readonly paidAtMs: InstantMs;
  /** One ticket a seat of the reservation, by seat number. */
  readonly tickets: readonly Ticket[];
}

/** Makes one ticket a seat of the reservation, by seat number. */
export const makeTickets = (
  reservation: Pick<Reservation, "concertId" | "date" | "seatNumbers">,
  mintId: MintId,
): readonly Ticket[] =>
  reservation.seatNumbers.map((seatNumber) => ({
    ticketId: mintId<"ticket">(),
    concertId: reservation.concertId,
    date: reservation.date,
    seatNumber,
  }));
