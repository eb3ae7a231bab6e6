import type { Intent } from "#kernel/idempotency.ts";
import type { PaymentId, RefundId, TicketId, UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import { toPage, withOneMore, type Page, type PageQuery } from "#kernel/page.ts";
import type { RefundPaymentOutcome } from "../domain/decide-refund.ts";
import { offerRefund, type RefundOffer, type RefundTerms } from "../domain/refund-terms.ts";
import type { Refund, SoldTicket } from "../domain/refund.ts";
import type { ConcertsOnSale } from "../ports/concerts-on-sale.ts";
import type { Refunds } from "../ports/refunds.ts";

export interface RefundPaymentDeps {
  readonly concerts: ConcertsOnSale;
  readonly refunds: Refunds;
}

export interface RefundPaymentCommand {
  readonly userId: UserId;
  readonly paymentId: PaymentId;
  /** Null: all tickets of the payment that are not refunded. */
  readonly ticketIds: readonly TicketId[] | null;
  readonly intent: Intent;
}

/** The rules of the show of a ticket. A date is never removed, so that a ticket without its show is a bug. */
const termsOf = async (
  { concerts }: RefundPaymentDeps,
  { concertId, date }: SoldTicket,
): Promise<RefundTerms> => {
  const concert = await concerts.find(concertId);
  const show = concert?.dates.find((one) => one.date === date);
  if (concert === null || show === undefined) throw new Error("a ticket without its show");
  const { timeZone, policy } = concert;
  return { policy: policy.refunds, date, startsAtMs: show.startsAtMs, timeZone };
};

/** The tickets of the payment, if it is the user's, with the rules of their show; else null. */
const readOwn = async (deps: RefundPaymentDeps, userId: UserId, paymentId: PaymentId) => {
  const { found, nowMs } = await deps.refunds.tickets(paymentId);
  const [first] = found;
  if (first?.payerId !== userId) return null;
  const { currency, concertId } = first;
  return { tickets: found, currency, concertId, nowMs, terms: await termsOf(deps, first) };
};

/** Refunds tickets for the user who paid, less the fee. Outcomes: see `decideRefund`. Throws Unavailable. */
export const refundPayment =
  (deps: RefundPaymentDeps) =>
  async (command: RefundPaymentCommand): Promise<RefundPaymentOutcome> => {
    const own = await readOwn(deps, command.userId, command.paymentId);
    if (own === null) return { kind: "payment-not-found" };
    const { terms, concertId } = own;
    return deps.refunds.forBuyer({ ...command, concertId, terms });
  };

export interface OfferedRefund extends RefundOffer {
  readonly currency: string;
  readonly nowMs: InstantMs;
}

/** Reads the offer for the tickets of a payment now; null when there is none, or when it is another user's. */
export const readRefundOffer =
  (deps: RefundPaymentDeps) =>
  async (userId: UserId, paymentId: PaymentId): Promise<OfferedRefund | null> => {
    const own = await readOwn(deps, userId, paymentId);
    if (own === null) return null;
    const { tickets, terms, currency, nowMs } = own;
    return { ...offerRefund(terms, tickets, nowMs), currency, nowMs };
  };

/** Lists the refunds of the user's payment, newest first; null when there is no such payment of the user. */
export const listRefunds =
  (deps: RefundPaymentDeps) =>
  async (
    userId: UserId,
    paymentId: PaymentId,
    query: PageQuery<RefundId>,
  ): Promise<Page<Refund, RefundId> | null> => {
    const [{ found: tickets }, found] = await Promise.all([
      deps.refunds.tickets(paymentId),
      deps.refunds.list(paymentId, withOneMore(query)),
    ]);
    if (tickets[0]?.payerId !== userId) return null;
    return toPage(found, query.limit, ({ refundId }) => refundId);
  };
