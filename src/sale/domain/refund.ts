import type {
  ConcertId,
  PaymentId,
  RefundId,
  ReservationId,
  TicketId,
  UserId,
} from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Money } from "#kernel/money.ts";

/** A ticket with its payment, as they are locked. */
export interface SoldTicket {
  readonly ticketId: TicketId;
  readonly paymentId: PaymentId;
  readonly reservationId: ReservationId;
  readonly concertId: ConcertId;
  readonly date: string;
  readonly seatNumber: number;
  /** The price that was paid. */
  readonly price: Money;
  readonly currency: string;
  /** The user who paid. */
  readonly payerId: UserId;
  /** The user whose ticket it is now. */
  readonly holderId: UserId;
  readonly status: "VALID" | "USED" | "VOID";
}

/** Money that goes back for tickets of one payment. */
export interface Refund {
  readonly refundId: RefundId;
  readonly paymentId: PaymentId;
  /** The user who paid. */
  readonly userId: UserId;
  readonly concertId: ConcertId;
  readonly ticketIds: readonly TicketId[];
  /** The prices of the tickets. */
  readonly amount: Money;
  /** The part of `amount` that the operator keeps. */
  readonly fee: Money;
  /** `amount` less `fee` where the wallet has no room for it, so that the operator pays it out; else 0. */
  readonly payable: Money;
  /** The wallet's balance after the refund. */
  readonly balance: Money;
  readonly currency: string;
  readonly refundedAtMs: InstantMs;
  /** The operator and the reason; null for a refund that the buyer asked for. */
  readonly actor: string | null;
  readonly reason: string | null;
}

/** Why a buyer gets no money for a ticket: it opened a door, it is refunded, or it was passed on. */
export type TicketRefusal = "used" | "void" | "transferred";

/** The reason why the buyer gets no money for the ticket, or null. */
export const ticketRefusal = ({ status, holderId, payerId }: SoldTicket): TicketRefusal | null => {
  // A former holder learns nothing of the ticket's use.
  if (holderId !== payerId) return "transferred";
  if (status === "VALID") return null;
  return status === "USED" ? "used" : "void";
};
