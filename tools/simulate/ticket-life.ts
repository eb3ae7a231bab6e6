import type { HeldTicket } from "../../sdk/index.ts";

/** A user who holds tickets, and its access token. */
export interface Holder {
  readonly userId: string;
  readonly token: string;
}

/** An offer that two users have claimed at once. */
export interface Hop {
  readonly ticketId: string;
  /** The code of the ticket before it changed hands. */
  readonly oldCode: string | null;
  readonly winners: number;
}

/** The result of a scan without an answer, which may have admitted the ticket. */
export const unanswered = "NO_ANSWER";

export interface Scan {
  readonly ticketId: string;
  readonly result: string;
  /** Whether it had the code of a former holder. */
  readonly isOld: boolean;
}

/** The answers about tickets that the fans, their friends and the doors got. */
export interface TicketLife {
  readonly holders: Holder[];
  readonly payments: { readonly paymentId: string; readonly amount: number }[];
  readonly refunds: { readonly paymentId: string; readonly amount: number }[];
  readonly hops: Hop[];
  readonly scans: Scan[];
  /** The tickets of all holders at the end, as each of them reads them. */
  readonly held: HeldTicket[];
}

export const newTicketLife = (): TicketLife => ({
  holders: [],
  payments: [],
  refunds: [],
  hops: [],
  scans: [],
  held: [],
});
