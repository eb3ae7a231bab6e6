import type { ConcertId, OrderId, PaymentId, ProductId, UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Money } from "#kernel/money.ts";

export type OrderStatus = "HELD" | "PAID" | "CANCELLED" | "EXPIRED" | "REFUNDED";

/** Pieces of one product. Name and price are those of the moment of the order. */
export interface OrderItem {
  readonly productId: ProductId;
  readonly name: string;
  readonly quantity: number;
  readonly price: Money;
}

export interface OrderPayment {
  readonly paymentId: PaymentId;
  /** The balance after it. */
  readonly balance: Money;
  readonly paidAtMs: InstantMs;
}

/** Pieces of products for one user: held until they are paid, cancelled, or the hold lapses. */
export interface Order {
  readonly orderId: OrderId;
  readonly userId: UserId;
  /** The concert of its products; null when all are of the house. */
  readonly concertId: ConcertId | null;
  /** At least one, no product twice. */
  readonly items: readonly OrderItem[];
  /** The sum of price times quantity. */
  readonly amount: Money;
  readonly currency: string;
  readonly status: OrderStatus;
  readonly heldAtMs: InstantMs;
  readonly expiresAtMs: InstantMs;
  /** Null until it is paid. */
  readonly payment: OrderPayment | null;
}

/** The status at a moment: an order that has lapsed is EXPIRED, whether or not the sweeper has run. */
export const orderStatusAt = (
  { status, expiresAtMs }: Pick<Order, "status" | "expiresAtMs">,
  nowMs: InstantMs,
): OrderStatus => (status === "HELD" && nowMs >= expiresAtMs ? "EXPIRED" : status);
