/** The invariants of goods: see invariants.ts. */

export interface ProductRow {
  readonly productId: string;
  readonly stock: number;
  readonly held: number;
  readonly sold: number;
}

export interface OrderRow {
  readonly orderId: string;
  readonly userId: string;
  readonly amount: number;
  readonly status: string;
  readonly lapsed: boolean;
  readonly paymentId: string | null;
  readonly items: readonly {
    readonly productId: string;
    readonly quantity: number;
    readonly price: number;
    readonly status: string;
  }[];
}

interface Goods {
  readonly products: readonly ProductRow[];
  readonly orders: readonly OrderRow[];
  readonly entries: readonly {
    readonly transferId: string;
    readonly account: string;
    readonly amount: number;
  }[];
}

export const goodsQueries = {
  products: `select product_id::text as "productId", stock, held, sold from product`,
  orders: `select o.order_id::text as "orderId", o.user_id::text as "userId", o.amount::float8 as amount,
      o.status, o.expires_at <= clock_timestamp() as lapsed, o.payment_id::text as "paymentId",
      coalesce(json_agg(json_build_object('productId', i.product_id, 'quantity', i.quantity, 'price', i.price,
        'status', i.status)) filter (where i.order_id is not null), '[]') as items
    from shop_order o left join order_item i using (order_id) group by o.order_id`,
} as const;

type Faults = (string | false)[];

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** I32: the pieces of a product are those of its items, and its stock covers them. */
export const piecesWithinStock = ({ products, orders }: Goods): Faults => {
  const items = orders.flatMap((it) => it.items);
  return products.flatMap(({ productId, stock, held, sold }): Faults => {
    const of = (status: string): number =>
      sum(
        items
          .filter((it) => it.productId === productId && it.status === status)
          .map((it) => it.quantity),
      );
    const what = `I32 product ${productId}`;
    const free = stock - held - sold;
    return [
      (stock < 0 || free < 0) && `${what}: ${stock} pieces, ${held} held, ${sold} sold`,
      (held !== of("HELD") || sold !== of("SOLD")) &&
        `${what}: counts ${held} held, ${sold} sold; its items say ${of("HELD")} and ${of("SOLD")}`,
    ];
  });
};

/** I33: an order has all of its pieces or, once it has lapsed or ended, none; paid if and only if the ledger says so. */
export const ordersAllOrNone = ({ orders, entries }: Goods): Faults => {
  const goods = Map.groupBy(
    entries.filter((it) => it.account === "GOODS"),
    (it) => it.transferId,
  );
  const payments = new Set(orders.map((it) => it.paymentId));
  const expected: Record<string, string> = { HELD: "HELD", PAID: "SOLD" };
  return [
    ...orders.flatMap(({ orderId, status, lapsed, paymentId, amount, items }): Faults => {
      const what = `I33 order ${orderId} (${status})`;
      const booked = sum((goods.get(paymentId ?? "") ?? []).map((it) => it.amount));
      const isPaid = status === "PAID" || status === "REFUNDED";
      const isLapsed = status === "HELD" && lapsed;
      return [
        items.length === 0 && `${what}: no items at all`,
        !isLapsed &&
          items.some((it) => it.status !== (expected[status] ?? "RETURNED")) &&
          `${what}: items of another status`,
        amount !== sum(items.map((it) => it.price * it.quantity)) &&
          `${what}: amount is not the sum of its items`,
        isPaid !== (paymentId !== null) && `${what}: payment ${paymentId}`,
        booked !== (status === "PAID" ? amount : 0) && `${what}: ${booked} booked for ${amount}`,
      ];
    }),
    ...[...goods.keys()].map((id) => !payments.has(id) && `I33 goods paid for no order ${id}`),
  ];
};
