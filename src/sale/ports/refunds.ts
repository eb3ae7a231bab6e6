import type { Intent } from "#kernel/idempotency.ts";
import type { ConcertId, PaymentId, RefundId, TicketId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { PageQuery } from "#kernel/page.ts";
import type {
  OperatorRefund,
  OperatorRefunded,
  OperatorRefundOutcome,
  RefundPayment,
  RefundPaymentOutcome,
} from "../domain/decide-refund.ts";
import type { Refund, SoldTicket } from "../domain/refund.ts";

/** The use of an operator's key by an earlier request: by another one, or by the same with this answer. */
export type RefundKeyUse =
  | { readonly kind: "key-reused" }
  | { readonly kind: "replayed"; readonly answer: OperatorRefunded };

/** The refunds of tickets. Every method throws Unavailable. */
export interface Refunds {
  /** Decides and stores the command in one transaction, under the locks of tickets, wallets and seats. */
  forBuyer(command: RefundPayment): Promise<RefundPaymentOutcome>;
  /** The same for an operator. The intent's answer is stored with the effect; null: the request has no key. */
  byOperator(
    command: OperatorRefund,
    intent: Intent | null,
  ): Promise<OperatorRefundOutcome | RefundKeyUse>;
  /** Null for an unused key. */
  findKeyUse(actor: string, intent: Intent): Promise<RefundKeyUse | null>;
  /** Stores the answer of a request that ran several transactions; or the use of its key meanwhile. */
  storeAnswer(
    actor: string,
    intent: Intent,
    concertId: ConcertId,
    answer: OperatorRefunded,
  ): Promise<OperatorRefunded | RefundKeyUse>;
  /** Up to `limit` tickets of the concert that are not VOID, by date and seat. Takes no lock. */
  open(concertId: ConcertId, limit: number): Promise<readonly TicketId[]>;
  /** All tickets of the payment, by id, and the clock. Takes no lock. */
  tickets(
    paymentId: PaymentId,
  ): Promise<{ readonly found: readonly SoldTicket[]; readonly nowMs: InstantMs }>;
  /** The refunds of the payment, newest first. */
  list(paymentId: PaymentId, query: PageQuery<RefundId>): Promise<readonly Refund[]>;
}
