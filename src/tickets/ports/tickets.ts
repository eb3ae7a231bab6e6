import type { TicketId, UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { PageQuery } from "#kernel/page.ts";
import type { Ticket } from "../domain/ticket.ts";
import type { OfferedTransfer } from "../domain/transfer.ts";

/** A ticket as a user reads it who holds it or has passed it on. */
export interface ReadTicket extends Ticket {
  /** The reader's offer of the ticket to another user, while it can be claimed. */
  readonly transfer: OfferedTransfer | null;
  /** Until when the reader can pass it on; null when the reader cannot. */
  readonly transferableUntilMs: InstantMs | null;
}

/** The committed tickets. Takes no lock. Every method throws Unavailable. */
export interface Tickets {
  /** Those of the ids that exist, in any order. */
  find(ticketIds: readonly TicketId[]): Promise<readonly Ticket[]>;
  /** A ticket that the user holds or has passed on; null for any other one. */
  findOf(userId: UserId, ticketId: TicketId): Promise<ReadTicket | null>;
  /** Those that the user holds or has passed on, newest first. */
  ofUser(userId: UserId, query: PageQuery<TicketId>): Promise<readonly ReadTicket[]>;
}
