import type { OrderId, ProductId, UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Queryable } from "#platform/postgres/database.ts";
import type { StockedProduct } from "../../domain/product.ts";
import { lockedProductColumns } from "./rows.ts";

// The row of a product is the lock of its pieces: of its counts, and of the items that hold or own them. An order
// and its items are only changed by a transaction that has locked every product of the order. All transactions lock
// products in the order of their ids, and a wallet after them; the batches of the sale lock no products.

/** A transaction holds a product for the time of one commit, so a longer wait is that of a stalled database. */
const lockTimeoutMs = 2_000;

/** The first statement of a transaction, sent together with BEGIN. For the plans, see `beginBatch` of the sale. */
export const beginShelf = (tx: Queryable) =>
  tx.query({
    name: "shop-begin",
    text: `
      select set_config('lock_timeout', '${lockTimeoutMs}ms', true), set_config('enable_seqscan', 'off', true)`,
  });

export const lockProducts = (tx: Queryable, productIds: readonly ProductId[]) =>
  tx.query({
    name: "shop-lock-products",
    text: `
      select from product p
      where p.product_id = any ($1::uuid[])
      order by p.product_id
      for no key update`,
    values: [productIds],
  });

/** Locks the products of an order; none when it is another user's. */
export const lockProductsOf = (tx: Queryable, orderId: OrderId, userId: UserId | null) =>
  tx.query({
    name: "shop-lock-order",
    text: `
      select from product p
      where p.product_id in (
        select i.product_id
        from order_item i
        join shop_order o using (order_id)
        where i.order_id = $1 and o.user_id = coalesce($2, o.user_id)
      )
      order by p.product_id
      for no key update of p`,
    values: [orderId, userId],
  });

/** Makes the pieces of lapsed orders free, of products that are locked. Returns the moment for which that is true. */
export const returnLapsed = async (
  tx: Queryable,
  productIds: readonly ProductId[],
): Promise<InstantMs> => {
  const [row] = await tx.query<{ now: InstantMs }>({
    name: "shop-return-lapsed",
    text: `
      with moment as materialized (select clock_timestamp() as now),
      returned as (
        update order_item i
        set status = 'RETURNED'
        from moment
        where i.product_id = any ($1::uuid[]) and i.status = 'HELD' and i.expires_at <= moment.now
        returning i.product_id, i.quantity
      ),
      freed as (
        update product p
        set held = p.held - r.quantity
        from (select product_id, sum(quantity)::int as quantity from returned group by product_id) r
        where p.product_id = r.product_id
      )
      select now from moment`,
    values: [productIds],
  });
  if (row === undefined) throw new Error("the clock did not answer");
  return row.now;
};

/** Reads products that are locked, after `returnLapsed`. */
export const readProducts = (tx: Queryable, productIds: readonly ProductId[]) =>
  tx.query<StockedProduct>({
    name: "shop-read-products",
    text: `select ${lockedProductColumns} from product p where p.product_id = any ($1::uuid[])`,
    values: [productIds],
  });

type ItemStatus = "HELD" | "SOLD" | "RETURNED";

/** Moves the items of orders, whose products are locked, from one status to another, with the counts of the products. */
export const moveItems = (
  tx: Queryable,
  orderIds: readonly OrderId[],
  { from, to }: { readonly from: ItemStatus; readonly to: ItemStatus },
) => {
  const changeOf = (status: ItemStatus): number => Number(to === status) - Number(from === status);
  return tx.query({
    name: `shop-move-${from}-${to}`.toLowerCase(),
    text: `
      with moved as (
        update order_item i
        set status = '${to}'
        where i.order_id = any ($1::uuid[]) and i.status = '${from}'
        returning i.product_id, i.quantity
      )
      update product p
      set held = p.held + ${changeOf("HELD")} * m.quantity, sold = p.sold + ${changeOf("SOLD")} * m.quantity
      from (select product_id, sum(quantity)::int as quantity from moved group by product_id) m
      where p.product_id = m.product_id`,
    values: [orderIds],
  });
};
