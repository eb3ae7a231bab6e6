import type { OrderId } from "#kernel/ids.ts";
import type { Queryable } from "#platform/postgres/database.ts";
import type { FoundOrder } from "../../domain/decide-payment.ts";
import type { OrderQuery, ReadOrders } from "../../ports/orders.ts";
import { orderColumns, toFoundOrder, type OrderRow } from "./rows.ts";

/** The statement with a name for each condition. */
const readOrders = (db: Queryable, name: string, condition: string, values: readonly unknown[]) =>
  db.query<OrderRow>({
    name: `shop-${name}`,
    text: `select ${orderColumns} from shop_order o where ${condition}`,
    values,
  });

export const findOrder = async (db: Queryable, orderId: OrderId): Promise<FoundOrder | null> => {
  const [row] = await readOrders(db, "find-order", "o.order_id = $1", [orderId]);
  return row === undefined ? null : toFoundOrder(row);
};

const lastUuid = "ffffffff-ffff-ffff-ffff-ffffffffffff";

const pageOf = (db: Queryable, query: OrderQuery): Promise<OrderRow[]> => {
  const { userId, concertId, after, limit } = query;
  const page = "o.order_id < $1 order by o.order_id desc limit $2";
  const values = [after ?? lastUuid, limit];
  if (userId === null && concertId === null) return readOrders(db, "list-orders", page, values);
  if (concertId === null) {
    const ofUser = `o.user_id = $3 and ${page}`;
    return readOrders(db, "list-orders-of-user", ofUser, [...values, userId]);
  }
  const ofConcert = `o.concert_id = $3 and ($4::uuid is null or o.user_id = $4) and ${page}`;
  return readOrders(db, "list-orders-of-concert", ofConcert, [...values, concertId, userId]);
};

/** All statuses of one answer are judged at the latest clock of its rows. */
const asOfLatest = (rows: readonly OrderRow[]): ReadOrders => ({
  orders: rows.map((row) => toFoundOrder(row).order),
  nowMs: Math.max(0, ...rows.map(({ now }) => now)),
});

/** The order with this id, if there is one. */
export const readOrder = async (db: Queryable, orderId: OrderId): Promise<ReadOrders> =>
  asOfLatest(await readOrders(db, "find-order", "o.order_id = $1", [orderId]));

/** A page of orders, newest first. */
export const listOrders = async (db: Queryable, query: OrderQuery): Promise<ReadOrders> =>
  asOfLatest(await pageOf(db, query));
