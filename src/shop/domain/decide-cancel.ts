import type { UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import { orderStatusAt, type Order } from "./order.ts";

export type CancelOrderOutcome =
  | { readonly kind: "not-found" }
  /** The order is paid. */
  | { readonly kind: "not-cancellable" }
  /** Now or before. `ended`: the order that this command ended; its pieces are free. */
  | { readonly kind: "cancelled"; readonly ended: Order | null };

/**
 * Gives up an order.
 *
 * Outcomes, first that applies: `not-found` (also for another user's order), `not-cancellable`, `cancelled`.
 */
export const decideCancel = (
  order: Order | null,
  userId: UserId,
  nowMs: InstantMs,
): CancelOrderOutcome => {
  if (order?.userId !== userId) return { kind: "not-found" };
  switch (order.status) {
    case "PAID":
    case "REFUNDED":
      return { kind: "not-cancellable" };
    case "CANCELLED":
    case "EXPIRED":
      return { kind: "cancelled", ended: null };
    case "HELD": {
      const status = orderStatusAt(order, nowMs) === "EXPIRED" ? "EXPIRED" : "CANCELLED";
      return { kind: "cancelled", ended: { ...order, status } };
    }
  }
};
