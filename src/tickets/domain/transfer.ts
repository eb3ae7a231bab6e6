import type { Id, UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Ticket } from "./ticket.ts";

export type TransferId = Id<"transfer">;

/** How the holders of a concert's tickets may pass them on. */
export interface TransferRule {
  /** Hours before the show until which a ticket can be passed on. */
  readonly until: number;
  /** How often one ticket may be passed on. */
  readonly perTicket: number;
}

/** A ticket that its holder has offered to the user who has the claim code. */
export interface Transfer {
  readonly transferId: TransferId;
  readonly fromUserId: UserId;
  /** The version of the ticket when it was offered. */
  readonly ticketVersion: number;
  readonly expiresAtMs: InstantMs;
  readonly isCancelled: boolean;
  /** Null until it is claimed. */
  readonly toUserId: UserId | null;
}

/** A pending transfer, as its holder sees it. */
export type OfferedTransfer = Pick<Transfer, "transferId" | "expiresAtMs">;

type VersionedTicket = Pick<Ticket, "status" | "version">;

/**
 * Whether the transfer can still be claimed. A check-in changes the ticket's status, a refund its status and version,
 * another transfer its version: each of them ends the transfer without a change of its row.
 */
export const isPending = (transfer: Transfer, ticket: VersionedTicket, nowMs: InstantMs): boolean =>
  transfer.toUserId === null &&
  !transfer.isCancelled &&
  ticket.status === "VALID" &&
  ticket.version === transfer.ticketVersion &&
  nowMs < transfer.expiresAtMs;

/** A claim code that is lost in a chat opens nothing a week later; its holder makes another one. */
const claimMsMax = 7 * 86_400_000;
const hourMs = 3_600_000;

/** A ticket as it is locked, with what decides about passing it on. */
export interface TransferableTicket extends VersionedTicket, Pick<Ticket, "startsAtMs"> {
  readonly holderId: UserId;
  /** Null: no ticket of the concert can be passed on. */
  readonly rule: TransferRule | null;
  readonly isOfCancelledConcert: boolean;
  /** The users who have passed it on, in order. */
  readonly formerHolderIds: readonly UserId[];
}

/**
 * Why a ticket cannot be passed on, first that applies:
 * - policy  the operator allows no transfers in this concert
 * - void    it was refunded, or the caller has passed it on
 * - used    a door has admitted it
 * - time    the show is nearer than the rule allows
 * - limit   it was passed on as often as the rule allows
 */
export type NotTransferable = "policy" | "void" | "used" | "time" | "limit";

const deadlineOf = ({ startsAtMs, rule }: TransferableTicket): InstantMs =>
  startsAtMs - (rule?.until ?? 0) * hourMs;

const refusalOf = (ticket: TransferableTicket, nowMs: InstantMs): NotTransferable | null => {
  const { rule, status } = ticket;
  if (rule === null) return "policy";
  if (status !== "VALID") return status === "VOID" ? "void" : "used";
  if (nowMs >= deadlineOf(ticket)) return "time";
  return ticket.formerHolderIds.length >= rule.perTicket ? "limit" : null;
};

/** Until when the holder can pass the ticket on; null when it cannot be passed on now. */
export const transferableUntil = (
  ticket: TransferableTicket,
  nowMs: InstantMs,
): InstantMs | null =>
  ticket.isOfCancelledConcert || refusalOf(ticket, nowMs) !== null ? null : deadlineOf(ticket);

export type OfferDecision =
  | { readonly kind: "ticket-not-found" }
  | { readonly kind: "concert-cancelled" }
  | { readonly kind: "not-transferable"; readonly reason: NotTransferable }
  | { readonly kind: "offered"; readonly expiresAtMs: InstantMs };

/** Judges an offer of the ticket. Outcomes in the order of the type; `offered` takes the place of an earlier offer. */
export const decideOffer = (
  ticket: TransferableTicket | null,
  userId: UserId,
  nowMs: InstantMs,
): OfferDecision => {
  const isHolder = ticket?.holderId === userId;
  if (ticket === null || (!isHolder && !ticket.formerHolderIds.includes(userId)))
    return { kind: "ticket-not-found" };
  if (ticket.isOfCancelledConcert) return { kind: "concert-cancelled" };
  // A former holder reads the ticket as VOID.
  const reason = refusalOf(isHolder ? ticket : { ...ticket, status: "VOID" }, nowMs);
  return reason === null
    ? { kind: "offered", expiresAtMs: Math.min(deadlineOf(ticket), nowMs + claimMsMax) }
    : { kind: "not-transferable", reason };
};

export type ClaimDecision =
  | { readonly kind: "transfer-not-found" }
  | { readonly kind: "concert-cancelled" }
  /** Another user has claimed it. */
  | { readonly kind: "claimed-by-another" }
  | { readonly kind: "not-transferable"; readonly reason: NotTransferable | "own" }
  /** The caller has claimed it before; nothing changes. */
  | { readonly kind: "claimed-before" }
  /** From now on the caller holds the ticket, by its next version. */
  | { readonly kind: "claimed" };

/**
 * Judges a claim. Outcomes, first that applies:
 * - `claimed-before`, `claimed-by-another`  the transfer is over
 * - `concert-cancelled`
 * - `transfer-not-found`  it was cancelled, has expired, or its ticket was used, refunded or offered anew
 * - `not-transferable`    `own`: the caller holds the ticket; or the operator has changed the rule since
 * - `claimed`
 */
export const decideClaim = (
  ticket: TransferableTicket,
  transfer: Transfer | null,
  userId: UserId,
  nowMs: InstantMs,
): ClaimDecision => {
  if (transfer === null) return { kind: "transfer-not-found" };
  if (transfer.toUserId !== null)
    return { kind: transfer.toUserId === userId ? "claimed-before" : "claimed-by-another" };
  if (ticket.isOfCancelledConcert) return { kind: "concert-cancelled" };
  if (!isPending(transfer, ticket, nowMs)) return { kind: "transfer-not-found" };
  const reason = ticket.holderId === userId ? "own" : refusalOf(ticket, nowMs);
  return reason === null ? { kind: "claimed" } : { kind: "not-transferable", reason };
};

export type CancelDecision = "transfer-not-found" | "transfer-claimed" | "cancelled";

/** Judges the cancelling of a transfer. One that has ended without a claim is cancelled too. */
export const decideCancel = (transfer: Transfer | null, userId: UserId): CancelDecision => {
  if (transfer?.fromUserId !== userId) return "transfer-not-found";
  return transfer.toUserId === null ? "cancelled" : "transfer-claimed";
};
