import type { Intent } from "#kernel/idempotency.ts";
import type { MintId, OrderId, UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import { toPage, withOneMore, type Page } from "#kernel/page.ts";
import type { PayOrderOutcome } from "../domain/decide-payment.ts";
import type { RefundOrderOutcome } from "../domain/decide-refund.ts";
import { orderStatusAt, type Order } from "../domain/order.ts";
import type { OrderQuery, Orders, RefundOrder } from "../ports/orders.ts";

/** An order with its status at `nowMs`: EXPIRED as soon as it has lapsed. */
export interface CurrentOrder {
  readonly order: Order;
  readonly nowMs: InstantMs;
}

/** Pays an order from its owner's balance. Outcomes: see `decidePayment`. Throws Unavailable. */
export const payOrder =
  (deps: { readonly orders: Pick<Orders, "pay">; readonly mintId: MintId }) =>
  (userId: UserId, orderId: OrderId, intent: Intent): Promise<PayOrderOutcome> =>
    deps.orders.pay({ paymentId: deps.mintId<"payment">(), userId, orderId, intent });

const current = (order: Order, nowMs: InstantMs): CurrentOrder => ({
  order: { ...order, status: orderStatusAt(order, nowMs) },
  nowMs,
});

/** Reads an order; null when there is none. `userId`: also when it is another user's. Throws Unavailable. */
export const readOrder =
  ({ orders }: { readonly orders: Pick<Orders, "find"> }) =>
  async (orderId: OrderId, userId: UserId): Promise<CurrentOrder | null> => {
    const { orders: found, nowMs } = await orders.find(orderId);
    const order = found.find((one) => one.userId === userId);
    return order === undefined ? null : current(order, nowMs);
  };

/** Lists orders, newest first. Throws Unavailable. */
export const listOrders =
  ({ orders }: { readonly orders: Pick<Orders, "list"> }) =>
  async (query: OrderQuery): Promise<Page<CurrentOrder, OrderId>> => {
    const { orders: found, nowMs } = await orders.list({ ...query, ...withOneMore(query) });
    const all = found.map((order) => current(order, nowMs));
    return toPage(all, query.limit, (one) => one.order.orderId);
  };

/**
 * Refunds an order to its buyer for an operator. Outcomes: see `decideRefund`, with the database's clock. Throws
 * Unavailable.
 */
export const refundOrder =
  ({ orders }: { readonly orders: Pick<Orders, "find" | "refund"> }) =>
  async (
    orderId: OrderId,
    note: Pick<RefundOrder, "actor" | "reason">,
  ): Promise<{ readonly outcome: RefundOrderOutcome; readonly nowMs: InstantMs }> => {
    const { orders: found, nowMs } = await orders.find(orderId);
    const [order] = found;
    if (order === undefined) return { outcome: { kind: "not-found" }, nowMs };
    return { outcome: await orders.refund({ orderId, userId: order.userId, ...note }), nowMs };
  };
