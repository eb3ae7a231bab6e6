import type { ConcertId, OrderId, UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { PageQuery } from "#kernel/page.ts";
import type { CancelOrderOutcome } from "../domain/decide-cancel.ts";
import type { RefundOrderOutcome } from "../domain/decide-refund.ts";
import type { PlaceOrder, PlaceOrderOutcome } from "../domain/decide-order.ts";
import type { PayOrder, PayOrderOutcome } from "../domain/decide-payment.ts";
import type { Order } from "../domain/order.ts";

/** Orders as they were read, and the database's clock at that moment. */
export interface ReadOrders {
  readonly orders: readonly Order[];
  readonly nowMs: InstantMs;
}

/** Refunds an order for an operator. */
export interface RefundOrder {
  readonly orderId: OrderId;
  /** The buyer. */
  readonly userId: UserId;
  readonly actor: string;
  /** For the audit trail; null without one. */
  readonly reason: string | null;
}

export interface OrderQuery extends PageQuery<OrderId> {
  /** Null: of all users. */
  readonly userId: UserId | null;
  /** Only orders with products of this concert; null: of all concerts and of the house. */
  readonly concertId: ConcertId | null;
}

/**
 * The orders. Each command is one transaction, and no transaction deadlocks with another one: it locks the products
 * in the order of their ids, and then the wallet. Every method throws Unavailable.
 */
export interface Orders {
  /** Outcomes: the key's, then as `decideOrder`. */
  place(command: PlaceOrder): Promise<PlaceOrderOutcome>;
  /** Outcomes: the key's, then as `decidePayment`. */
  pay(command: PayOrder): Promise<PayOrderOutcome>;
  /** Outcomes: as `decideCancel`. */
  cancel(orderId: OrderId, userId: UserId): Promise<CancelOrderOutcome>;
  /** Refunds the order, with the audit entry. Outcomes: as `decideRefund`. */
  refund(command: RefundOrder): Promise<RefundOrderOutcome>;
  /** Takes no lock. */
  find(orderId: OrderId): Promise<ReadOrders>;
  /** Newest first. Takes no lock. */
  list(query: OrderQuery): Promise<ReadOrders>;
}
