import type { MintId, TicketId, UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { CancelDecision, OfferDecision, TransferId } from "../domain/transfer.ts";
import type { ClaimOutcome, TicketHolder, Transfers } from "../ports/transfers.ts";
import {
  labelOf,
  readTicket,
  type NamedTicket,
  type OwnTicket,
  type ReadTicketsDeps,
} from "./read-tickets.ts";

export interface TransferDeps extends ReadTicketsDeps {
  readonly transfers: Transfers;
  readonly mintId: MintId;
  /** At least 128 random bits. */
  readonly mintClaim: () => string;
}

export type OfferTicketOutcome =
  | Exclude<OfferDecision, { readonly kind: "offered" }>
  | {
      readonly kind: "offered";
      readonly transferId: TransferId;
      /** No later answer has it. */
      readonly claim: string;
      readonly expiresAtMs: InstantMs;
    };

/**
 * Offers a ticket to the user to whom its holder gives the claim code. It stays the holder's until it is claimed. A new
 * offer takes the place of the one before. Outcomes in the order of OfferDecision. Throws Unavailable.
 */
export const offerTicket =
  ({ transfers, mintId, mintClaim }: Pick<TransferDeps, "transfers" | "mintId" | "mintClaim">) =>
  async (userId: UserId, ticketId: TicketId): Promise<OfferTicketOutcome> => {
    const [transferId, claim] = [mintId<"transfer">(), mintClaim()];
    const decision = await transfers.offer({ transferId, ticketId, userId, claim });
    return decision.kind === "offered" ? { ...decision, transferId, claim } : decision;
  };

export type ClaimTicketOutcome =
  | Exclude<ClaimOutcome, { readonly kind: "claimed" }>
  | { readonly kind: "claimed"; readonly ticket: OwnTicket };

/**
 * Gives the ticket of a claim code to the user; a repeated call of the same user changes nothing. Outcomes in the order
 * of ClaimDecision. Throws Unavailable.
 */
export const claimTicket =
  (deps: TransferDeps) =>
  async (userId: UserId, claim: string): Promise<ClaimTicketOutcome> => {
    const outcome = await deps.transfers.claim(claim, userId);
    if (outcome.kind !== "claimed") return outcome;
    const ticket = await readTicket(deps)(userId, outcome.ticketId);
    if (ticket === null) throw new Error("a claimed ticket was not found");
    return { kind: "claimed", ticket };
  };

/** Ends the caller's offer. Outcomes in the order of CancelDecision. Throws Unavailable. */
export const cancelTransfer =
  ({ transfers }: Pick<TransferDeps, "transfers">) =>
  (userId: UserId, transferId: TransferId): Promise<CancelDecision> =>
    transfers.cancel(transferId, userId);

/** A ticket with all of its holders, as operators see it. */
export interface TicketHistory {
  readonly ticket: NamedTicket;
  /** From the buyer to the user who holds it now. */
  readonly holders: readonly TicketHolder[];
}

/** Reads a ticket with its holders; null when there is none. Throws Unavailable. */
export const readTicketHistory =
  ({ tickets, plans, transfers }: Pick<TransferDeps, "tickets" | "plans" | "transfers">) =>
  async (ticketId: TicketId): Promise<TicketHistory | null> => {
    const [[ticket], holders] = await Promise.all([
      tickets.find([ticketId]),
      transfers.holders(ticketId),
    ]);
    if (ticket === undefined) return null;
    return { ticket: { ...ticket, label: await labelOf(plans, ticket) }, holders };
  };
