import type { OrderId } from "#kernel/ids.ts";
import type { Database } from "#platform/postgres/database.ts";
import { beginShelf, moveItems } from "./lock-products.ts";

/** Orders in one transaction. More keep their products locked for longer. */
const sweepMax = 100;

/**
 * Makes lapsed orders visible in the tables: orders EXPIRED, their pieces free. All instances may run it at the same
 * time: it leaves orders with a product that is locked. No rule depends on it.
 *
 * Returns whether there may be more.
 */
export const sweepOrders = async (database: Database): Promise<"more" | "done"> => {
  const lapsed = await database.query<{ orderId: OrderId }>({
    name: "shop-find-lapsed",
    text: `
      select order_id as "orderId"
      from shop_order
      where status = 'HELD' and expires_at <= clock_timestamp()
      order by expires_at
      limit ${sweepMax}`,
  });
  if (lapsed.length === 0) return "done";
  const orderIds = lapsed.map(({ orderId }) => orderId);
  const swept = await database.transaction(async (tx) => {
    const [, locked] = await Promise.all([
      beginShelf(tx),
      tx.query<{ productId: string }>({
        name: "shop-lock-lapsed",
        text: `
          select p.product_id as "productId"
          from product p
          where p.product_id in (select product_id from order_item where order_id = any ($1::uuid[]))
          order by p.product_id
          for no key update of p skip locked`,
        values: [orderIds],
      }),
    ]);
    const expired = await tx.query<{ orderId: OrderId }>({
      name: "shop-expire-orders",
      text: `
        update shop_order o
        set status = 'EXPIRED'
        where o.order_id = any ($1::uuid[]) and o.status = 'HELD' and o.expires_at <= clock_timestamp()
          and not exists (
            select from order_item i
            where i.order_id = o.order_id and i.product_id <> all ($2::uuid[])
          )
        returning o.order_id as "orderId"`,
      values: [orderIds, locked.map(({ productId }) => productId)],
    });
    await moveItems(
      tx,
      expired.map(({ orderId }) => orderId),
      { from: "HELD", to: "RETURNED" },
    );
    return expired.length;
  });
  return swept === sweepMax ? "more" : "done";
};
