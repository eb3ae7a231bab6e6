import type { Intent, KeyOutcome } from "#kernel/idempotency.ts";
import type { OrderId, PaymentId, UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import { debit, type Money } from "#kernel/money.ts";
import { orderStatusAt, type Order } from "./order.ts";

/** Pays an order from the balance of its owner. */
export interface PayOrder {
  readonly paymentId: PaymentId;
  readonly userId: UserId;
  readonly orderId: OrderId;
  readonly intent: Intent;
}

/** An order as its rows say. */
export interface FoundOrder {
  readonly order: Order;
  /** Whether every piece of a HELD order is still its own: an order that lapsed may have lost some. */
  readonly isWhole: boolean;
}

/** An order that is PAID. */
export type PaidOrder = Order & { readonly payment: NonNullable<Order["payment"]> };

export interface OrderPaid {
  /** `already-paid`: by an earlier request. */
  readonly kind: "paid" | "already-paid";
  readonly order: PaidOrder;
}

export type PayOrderOutcome =
  | KeyOutcome<OrderPaid>
  | { readonly kind: "not-found" }
  /** The order was cancelled or refunded. */
  | { readonly kind: "not-payable"; readonly status: "CANCELLED" | "REFUNDED" }
  | { readonly kind: "expired" }
  | { readonly kind: "insufficient-balance"; readonly balance: Money; readonly amount: Money }
  | OrderPaid;

/**
 * Pays an order.
 *
 * Outcomes, first that applies:
 * - `not-found`             no such order, or another user's
 * - `already-paid`          with the same payment
 * - `not-payable`           the order was cancelled or refunded
 * - `expired`               the order has lapsed, or has lost a piece since
 * - `insufficient-balance`  with the balance and the amount
 * - `paid`                  also when this very payment was committed before, and the answer was lost
 */
export const decidePayment = (
  found: FoundOrder | null,
  { userId, paymentId }: PayOrder,
  { balance, nowMs }: { readonly balance: Money; readonly nowMs: InstantMs },
): Exclude<PayOrderOutcome, KeyOutcome<OrderPaid>> => {
  if (found?.order.userId !== userId) return { kind: "not-found" };
  const { order, isWhole } = found;
  const { payment, amount } = order;
  const status = orderStatusAt(order, nowMs);
  switch (status) {
    case "PAID": {
      if (payment === null) throw new Error("a paid order without its payment");
      const kind = payment.paymentId === paymentId ? "paid" : "already-paid";
      return { kind, order: { ...order, payment } };
    }
    case "CANCELLED":
    case "REFUNDED":
      return { kind: "not-payable", status };
    case "EXPIRED":
      return { kind: "expired" };
    case "HELD": {
      if (!isWhole) return { kind: "expired" };
      const after = debit(balance, amount);
      if (after === null) return { kind: "insufficient-balance", balance, amount };
      const made = { paymentId, balance: after, paidAtMs: nowMs };
      return { kind: "paid", order: { ...order, status: "PAID", payment: made } };
    }
  }
};
