import type { ConcertId, MintId, PaymentId, ReservationId, TicketId, UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Money } from "#kernel/money.ts";
import type { Reservation } from "./reservation.ts";

/** The thing sold: one seat of one show. */
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
  /** The wallet's balance after it. */
  readonly balance: Money;
  readonly paidAtMs: InstantMs;
  /** By seat number, one a seat of the reservation. */
  readonly tickets: readonly Ticket[];
}

/** One ticket a seat of the reservation, by seat number. */
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
