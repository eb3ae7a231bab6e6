import type { TicketId, UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type {
  ClaimDecision,
  CancelDecision,
  OfferDecision,
  TransferId,
} from "../domain/transfer.ts";

export interface NewTransfer {
  readonly transferId: TransferId;
  readonly ticketId: TicketId;
  readonly userId: UserId;
  readonly claim: string;
}

export type ClaimOutcome =
  | Exclude<ClaimDecision, { readonly kind: "claimed" | "claimed-before" }>
  /** By this claim, or by an earlier one of the same user. */
  | { readonly kind: "claimed"; readonly ticketId: TicketId };

/** One holder of a ticket, from the time at which it came to that user. */
export interface TicketHolder {
  readonly userId: UserId;
  readonly name: string | null;
  readonly sinceMs: InstantMs;
  /** Null for the buyer. */
  readonly transferId: TransferId | null;
}

/**
 * The transfers of tickets. The store keeps only the hash of a claim code. Each change is one transaction that locks
 * the ticket first, as check-ins and refunds do. Every method throws Unavailable.
 */
export interface Transfers {
  /** Stores an offer in place of an earlier one that was not claimed. A repeated call stores it again. */
  offer(transfer: NewTransfer): Promise<OfferDecision>;
  /** Gives the ticket of the claim code to the user, with an entry in the audit trail. */
  claim(claim: string, userId: UserId): Promise<ClaimOutcome>;
  cancel(transferId: TransferId, userId: UserId): Promise<CancelDecision>;
  /** The holders of a ticket, from its buyer to the one who holds it now; empty when there is no such ticket. */
  holders(ticketId: TicketId): Promise<readonly TicketHolder[]>;
}
