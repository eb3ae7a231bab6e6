import { mintId } from "#platform/ids.ts";
import type { PlaceOrder } from "../../src/shop/domain/decide-order.ts";
import type { Order } from "../../src/shop/domain/order.ts";
import type { StockedProduct } from "../../src/shop/domain/product.ts";
import type { Answer } from "./client.ts";
import { succeeded } from "./client.ts";
import { eventually } from "./concurrency.ts";
import { stateDigest } from "./invariants.ts";
import type { Fan, Sale } from "./sale.ts";
import type { Sql } from "./server.ts";

/** The digest of the state once no order lapses soon: the sweep of an order of an earlier test would change it. */
export const settledState = async (sql: Sql): Promise<string> => {
  await eventually("no order lapses soon", async () => {
    const [lapsing] = await sql(
      "select from shop_order where status = 'HELD' and expires_at < clock_timestamp() + interval '1 minute'",
    );
    return lapsing === undefined ? true : undefined;
  });
  return stateDigest(sql);
};

/** A product of the house with ten free pieces, of which a user may have four. */
export const productWith = (changes: Partial<StockedProduct> = {}): StockedProduct => ({
  productId: mintId<"product">(),
  concertId: null,
  name: "Cap",
  description: null,
  price: 100,
  currency: "KRW",
  stock: 10,
  perUser: 4,
  requiresTurn: false,
  held: 0,
  sold: 0,
  ...changes,
});

/** An order of two pieces, held from 1,000 ms until 61,000 ms. */
export const orderWith = (changes: Partial<Order> = {}): Order => ({
  orderId: mintId<"order">(),
  userId: mintId<"user">(),
  concertId: null,
  items: [{ productId: mintId<"product">(), name: "Cap", quantity: 2, price: 100 }],
  amount: 200,
  currency: "KRW",
  status: "HELD",
  heldAtMs: 1_000,
  expiresAtMs: 61_000,
  payment: null,
  ...changes,
});

/** A command for one piece of each product. */
export const placeOrderOf = (
  products: readonly StockedProduct[],
  changes: Partial<PlaceOrder> = {},
): PlaceOrder => ({
  orderId: mintId<"order">(),
  userId: mintId<"user">(),
  concertId: null,
  items: products.map(({ productId }) => ({ productId, quantity: 1 })),
  holdSeconds: 60,
  currency: "KRW",
  intent: null,
  ...changes,
});

/** A product as operators read it. */
export interface OperatorProduct extends StockedProduct {
  readonly available: number;
}

export interface OrderBody {
  readonly orderId: string;
  readonly userId: string;
  readonly items: readonly { productId: string; name: string; quantity: number; price: number }[];
  readonly amount: number;
  readonly status: Order["status"];
  readonly heldAt: string;
  readonly expiresAt: string;
  readonly paymentId: string | null;
  readonly serverTime: string;
}

interface Wanted {
  readonly productId: string;
  readonly quantity: number;
}

interface Sending {
  readonly key?: string;
  readonly on?: number;
  /** In place of the access token. */
  readonly token?: string;
}

/** The calls of goods over the HTTP API. */
export const openShop = (sale: Sale) => {
  const order = (fan: Fan, items: readonly Wanted[], sending: Sending = {}): Promise<Answer> =>
    sale.call({
      method: "POST",
      path: "/api/v1/orders",
      token: fan.accessToken,
      body: { items },
      ...sending,
    });
  const ofOrder =
    (method: string) =>
    (fan: Fan, orderId: string, on?: number): Promise<Answer> =>
      sale.call({
        method,
        path: `/api/v1/orders/${orderId}`,
        token: fan.accessToken,
        ...(on === undefined ? {} : { on }),
      });
  return {
    /** Creates a product of ten pieces, four a user. */
    async product(body: Readonly<Record<string, unknown>> = {}): Promise<OperatorProduct> {
      const facts = { name: "Cap", price: 100, stock: 10, perUser: 4, ...body };
      return succeeded<OperatorProduct>(await sale.admin("POST", "/products", facts), 201);
    },
    /** A product as operators read it now. */
    async read(productId: string): Promise<OperatorProduct> {
      type Page = { items: OperatorProduct[]; nextCursor: string | null };
      const page = succeeded<Page>(await sale.admin("GET", "/products?limit=100"), 200);
      const found = page.items.find((it) => it.productId === productId);
      if (found === undefined) throw new Error("no such product");
      return found;
    },
    order,
    ordered: async (fan: Fan, items: readonly Wanted[], sending?: Sending): Promise<OrderBody> =>
      succeeded<OrderBody>(await order(fan, items, sending), 201),
    readOrder: ofOrder("GET"),
    cancel: ofOrder("DELETE"),
    pay: (fan: Fan, orderId: string, sending: Sending = {}): Promise<Answer> =>
      sale.call({
        method: "POST",
        path: `/api/v1/orders/${orderId}/payment`,
        token: fan.accessToken,
        key: crypto.randomUUID(),
        ...sending,
      }),
  };
};
