import type { ConcertId, PaymentId, TicketId, UserId } from "#kernel/ids.ts";
import type { Intent } from "#kernel/idempotency.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Money } from "#kernel/money.ts";
import type { BatchState } from "./batch-state.ts";
import type { ConcertCancelled, KeyOutcome, OperatorNote, Refunded } from "./commands.ts";
import { offerRefund, type RefundOffer, type RefundTerms } from "./refund-terms.ts";
import { refundTickets } from "./refund-tickets.ts";
import type { Refund, SoldTicket, TicketRefusal } from "./refund.ts";
import { findKeyOutcome, storeAnswer } from "./stored-answer.ts";

/** Refunds tickets of a payment for the user who paid. */
export interface RefundPayment {
  readonly paymentId: PaymentId;
  /** The concert of the payment. */
  readonly concertId: ConcertId;
  readonly userId: UserId;
  /** Null: all tickets of the payment that are not VOID. */
  readonly ticketIds: readonly TicketId[] | null;
  readonly terms: RefundTerms;
  readonly intent: Intent;
}

/** Refunds in full what the ids name in a concert, for an operator. At most 100 ids. */
export interface OperatorRefund extends OperatorNote {
  readonly concertId: ConcertId;
  /** Whether the request refunds a cancelled concert, which no other one may. */
  readonly isCancelled?: boolean;
  readonly named:
    | { readonly paymentIds: readonly PaymentId[] }
    | { readonly ticketIds: readonly TicketId[] };
}

/** `ticketIds`: the tickets that have the reason. */
export interface NotRefundable {
  readonly kind: "not-refundable";
  readonly reason: "policy" | "time" | TicketRefusal;
  readonly ticketIds: readonly TicketId[];
}

type NotFound = { readonly kind: "payment-not-found" } | { readonly kind: "ticket-not-found" };

export type RefundPaymentOutcome =
  | KeyOutcome
  | NotFound
  | ConcertCancelled
  | NotRefundable
  | Refunded;

/** The tickets that an operator's request has refunded. */
export interface OperatorRefunded {
  readonly kind: "refunded-in-full";
  /** One for each payment; none for a request without ids, where they may be too many. */
  readonly refunds: readonly Refund[];
  /** The number of tickets. */
  readonly tickets: number;
  readonly amount: Money;
}

export type OperatorRefundOutcome = NotFound | ConcertCancelled | NotRefundable | OperatorRefunded;

const idsOf = (tickets: readonly { readonly ticketId: TicketId }[]): readonly TicketId[] =>
  tickets.map(({ ticketId }) => ticketId);

/** The tickets that the buyer asks for; null: one of them is none of this payment. */
const chosenOf = (
  { ticketIds }: RefundPayment,
  offered: RefundOffer["tickets"],
): RefundOffer["tickets"] | null => {
  if (ticketIds === null) {
    const left = offered.filter(({ refusal }) => refusal !== "void");
    return left.length === 0 ? offered : left;
  }
  const named = new Set(ticketIds);
  const chosen = offered.filter(({ ticketId }) => named.has(ticketId));
  return chosen.length === named.size ? chosen : null;
};

const reasons = ["used", "void", "transferred"] as const;

/** The first reason for which one of the tickets cannot be refunded, with all tickets that have it. */
const refuse = (
  offer: Pick<RefundOffer, "refusal">,
  chosen: RefundOffer["tickets"],
): NotRefundable | null => {
  if (offer.refusal !== null)
    return { kind: "not-refundable", reason: offer.refusal, ticketIds: idsOf(chosen) };
  for (const reason of reasons) {
    const refused = chosen.filter(({ refusal }) => refusal === reason);
    if (refused.length > 0) return { kind: "not-refundable", reason, ticketIds: idsOf(refused) };
  }
  return null;
};

/**
 * Refunds tickets of a payment for its buyer, less the fee. `tickets`: all of the payment, locked.
 *
 * Outcomes, first that applies:
 * - `replayed`, `key-reused`, `key-in-progress`  the key was used before
 * - `payment-not-found`  no such payment, or another user's
 * - `ticket-not-found`   a ticket that is none of the payment
 * - `concert-cancelled`  its tickets are refunded in full without a request
 * - `not-refundable`     `policy`: the concert has no refunds; `time`: it is too late; then by ticket: `used`, `void`,
 *                        `transferred`. Nothing is refunded
 * - `refunded`
 */
export const decideRefund = (
  state: BatchState,
  command: RefundPayment,
  tickets: readonly SoldTicket[],
  nowMs: InstantMs,
): RefundPaymentOutcome => {
  const known = findKeyOutcome(state, command);
  if (known) return known;
  const own = tickets.filter(({ payerId }) => payerId === command.userId);
  if (own.length === 0) return { kind: "payment-not-found" };
  const offer = offerRefund(command.terms, own, nowMs);
  const chosen = chosenOf(command, offer.tickets);
  if (chosen === null) return { kind: "ticket-not-found" };
  if (state.cancelledConcerts.has(command.concertId)) return { kind: "concert-cancelled" };
  const refused = refuse(offer, chosen);
  if (refused) return refused;
  const fees = new Map(chosen.map(({ ticketId, fee }) => [ticketId, fee]));
  const [refund] = refundTickets(
    state,
    own.filter(({ ticketId }) => fees.has(ticketId)),
    { feeOf: ({ ticketId }) => fees.get(ticketId) ?? 0, nowMs, note: null },
  );
  if (refund === undefined) throw new Error("a refund without a ticket");
  return storeAnswer(state, command, { kind: "refunded", refund });
};

/** The outcome for ids that are none of the concert, or null. */
const findMissing = (
  { named, concertId }: OperatorRefund,
  tickets: readonly SoldTicket[],
): NotFound | null => {
  const here = tickets.filter((ticket) => ticket.concertId === concertId);
  if ("ticketIds" in named) {
    const found = new Set(idsOf(here));
    return named.ticketIds.every((id) => found.has(id)) ? null : { kind: "ticket-not-found" };
  }
  const found = new Set(here.map(({ paymentId }) => paymentId));
  return named.paymentIds.every((id) => found.has(id)) ? null : { kind: "payment-not-found" };
};

/** Adds an operator's refund to the audit trail. */
const auditRefund = (
  state: BatchState,
  { actor, reason, concertId }: OperatorRefund,
  { refunds, tickets, amount }: OperatorRefunded,
): void => {
  state.changes.audits.push({
    actor,
    action: "tickets.refunded",
    concertId,
    before: { payments: refunds.map(({ paymentId }) => paymentId), tickets },
    after: { status: "VOID", amount, reason },
  });
};

/**
 * Refunds tickets in full for an operator, also USED ones, to the users who paid. VOID ones are left. It is written
 * to the audit trail, unless the cancelling of the concert is there. `tickets`: those that the ids name, locked.
 *
 * Outcomes, first that applies:
 * - `payment-not-found`, `ticket-not-found`  an id that is none of the concert
 * - `concert-cancelled` its tickets are refunded without a request
 * - `not-refundable`  `void`: all of the tickets are refunded
 * - `refunded-in-full`
 */
export const decideOperatorRefund = (
  state: BatchState,
  command: OperatorRefund,
  tickets: readonly SoldTicket[],
  nowMs: InstantMs,
): OperatorRefundOutcome => {
  const missing = findMissing(command, tickets);
  if (missing) return missing;
  const { isCancelled = false } = command;
  if (state.cancelledConcerts.has(command.concertId) && !isCancelled)
    return { kind: "concert-cancelled" };
  const open = tickets.filter(({ status }) => status !== "VOID");
  if (open.length === 0)
    return { kind: "not-refundable", reason: "void", ticketIds: idsOf(tickets) };
  const { actor, reason } = command;
  const refunds = refundTickets(state, open, { feeOf: () => 0, nowMs, note: { actor, reason } });
  const amount = refunds.reduce((sum, one) => sum + one.amount, 0);
  const refunded = { kind: "refunded-in-full", refunds, tickets: open.length, amount } as const;
  if (!isCancelled) auditRefund(state, command, refunded);
  return refunded;
};
