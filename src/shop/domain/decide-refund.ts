import type { InstantMs } from "#kernel/instant.ts";
import { credit, type Money } from "#kernel/money.ts";
import type { PaidOrder } from "./decide-payment.ts";
import { orderStatusAt, type Order, type OrderStatus } from "./order.ts";

export type RefundOrderOutcome =
  | { readonly kind: "not-found" }
  /** Nothing was paid for the order. */
  | { readonly kind: "not-refundable"; readonly status: OrderStatus }
  /** An earlier request has refunded it. */
  | { readonly kind: "already-refunded"; readonly order: Order }
  /** `balance`: of the buyer after it; null when the wallet has no room, and the money is payable. */
  | { readonly kind: "refunded"; readonly order: PaidOrder; readonly balance: Money | null };

/**
 * Refunds an order in full. Its pieces are free again.
 *
 * Outcomes, first that applies: `not-found`, `already-refunded`, `not-refundable`, `refunded`.
 */
export const decideRefund = (
  order: Order | null,
  { balance, nowMs }: { readonly balance: Money; readonly nowMs: InstantMs },
): RefundOrderOutcome => {
  if (order === null) return { kind: "not-found" };
  if (order.status === "REFUNDED") return { kind: "already-refunded", order };
  const { payment, amount } = order;
  if (order.status !== "PAID" || payment === null)
    return { kind: "not-refundable", status: orderStatusAt(order, nowMs) };
  return {
    kind: "refunded",
    order: { ...order, payment, status: "REFUNDED" },
    balance: credit(balance, amount),
  };
};
