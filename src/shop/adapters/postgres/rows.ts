import type { InstantMs } from "#kernel/instant.ts";
import type { FoundOrder } from "../../domain/decide-payment.ts";
import type { Order, OrderPayment } from "../../domain/order.ts";

// Reads products with their pieces, and orders with their items.

const columns = `p.product_id as "productId", p.concert_id as "concertId", p.name, p.description, p.price,
  p.currency, p.stock, p.per_user as "perUser", p.requires_turn as "requiresTurn", p.sold`;

/** The columns of a `StockedProduct`, for a product with the alias `p`. Pieces of lapsed orders are free. */
export const productColumns = `${columns}, p.held - coalesce((
    select sum(i.quantity)::int
    from order_item i
    where i.product_id = p.product_id and i.status = 'HELD' and i.expires_at <= clock_timestamp()
  ), 0) as held`;

/** The same for a product that is locked and whose lapsed pieces were made free. */
export const lockedProductColumns = `${columns}, p.held`;

export interface OrderRow extends Omit<Order, "payment"> {
  readonly paymentId: OrderPayment["paymentId"] | null;
  readonly balance: OrderPayment["balance"] | null;
  readonly paidAtMs: OrderPayment["paidAtMs"] | null;
  readonly isWhole: boolean;
  readonly now: InstantMs;
}

/** The columns of an `OrderRow`, for an order with the alias `o`. */
export const orderColumns = `o.order_id as "orderId", o.user_id as "userId", o.concert_id as "concertId",
  o.amount, o.currency, o.status, o.held_at as "heldAtMs", o.expires_at as "expiresAtMs",
  o.payment_id as "paymentId", o.balance, o.paid_at as "paidAtMs", clock_timestamp() as now,
  (
    select jsonb_agg(
      jsonb_build_object(
        'productId', i.product_id, 'name', i.name, 'quantity', i.quantity, 'price', i.price
      )
      order by i.item_no
    )
    from order_item i
    where i.order_id = o.order_id
  ) as items,
  not exists (
    select from order_item i where i.order_id = o.order_id and i.status <> 'HELD'
  ) as "isWhole"`;

export const toFoundOrder = ({
  paymentId,
  balance,
  paidAtMs,
  isWhole,
  now: _,
  ...order
}: OrderRow): FoundOrder => {
  const isPaid = paymentId !== null && balance !== null && paidAtMs !== null;
  return {
    order: { ...order, payment: isPaid ? { paymentId, balance, paidAtMs } : null },
    isWhole,
  };
};
