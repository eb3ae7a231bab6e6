import type { ConcertId, PaymentId, TicketId, UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Money } from "#kernel/money.ts";

/**
 * - VALID: it opens the door.
 * - USED: a door has admitted its holder.
 * - VOID: it was refunded, or the reader has passed it on.
 */
export type TicketStatus = "VALID" | "USED" | "VOID";

/**
 * Why a ticket is VOID:
 * - PASSED_ON: the reader has passed it on. A former holder learns no more of it.
 * - CANCELLED: it was refunded because its concert was cancelled.
 * - REFUNDED: it was refunded before that, for its buyer or by an operator.
 */
export type VoidReason = "PASSED_ON" | "CANCELLED" | "REFUNDED";

/** The right of its holder to one seat of one show. */
export interface Ticket {
  readonly ticketId: TicketId;
  readonly concertId: ConcertId;
  readonly title: string;
  readonly venue: string | null;
  /** YYYY-MM-DD in the concert's time zone. */
  readonly date: string;
  readonly startsAtMs: InstantMs;
  /** IANA name. */
  readonly timeZone: string;
  readonly seatNumber: number;
  /** The price that was paid for it. */
  readonly price: Money;
  readonly holder: { readonly userId: UserId; readonly name: string | null };
  readonly status: TicketStatus;
  /** Null unless it is VOID. */
  readonly voidReason: VoidReason | null;
  /** Rises with each change of hands, and with a refund. 1 to 65,535. */
  readonly version: number;
  readonly paymentId: PaymentId;
  /** When its concert was cancelled; null while it takes place. */
  readonly cancelledAtMs: InstantMs | null;
}

/** The ticket as a user reads it who has passed it on: as that user's, VOID. */
export const asPassedOn = (ticket: Ticket, reader: Ticket["holder"]): Ticket => ({
  ...ticket,
  holder: reader,
  status: "VOID",
  voidReason: "PASSED_ON",
});

/** Why a refund was made; null without one. After the cancelling of a concert no refund but its own is possible. */
export const refundReason = (
  refundedAtMs: InstantMs | null,
  cancelledAtMs: InstantMs | null,
): VoidReason | null => {
  if (refundedAtMs === null) return null;
  return cancelledAtMs !== null && refundedAtMs >= cancelledAtMs ? "CANCELLED" : "REFUNDED";
};
