import type { Intent, KeyOutcome } from "#kernel/idempotency.ts";
import type { ConcertId, OrderId, ProductId, UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Order } from "./order.ts";
import { freePieces, type StockedProduct } from "./product.ts";

/** The pieces of one product that a user wants. */
export interface RequestedItem {
  readonly productId: ProductId;
  /** Positive. */
  readonly quantity: number;
}

/** Holds all pieces for the user, or none. */
export interface PlaceOrder {
  /** Minted before anything is loaded: after a COMMIT whose answer was lost, the retry looks for this id. */
  readonly orderId: OrderId;
  readonly userId: UserId;
  /** The concert of the products; null when all are of the house. */
  readonly concertId: ConcertId | null;
  /** No product twice. */
  readonly items: readonly RequestedItem[];
  readonly holdSeconds: number;
  readonly currency: string;
  readonly intent: Intent | null;
}

/** The free pieces of a product of which an order wants more. */
export interface Shortage extends RequestedItem {
  readonly available: number;
}

export interface OutOfStock {
  readonly kind: "out-of-stock";
  /** The items with too few free pieces, in the order of the request. */
  readonly items: readonly Shortage[];
}

export type PlaceOrderOutcome =
  | KeyOutcome<Order>
  | OutOfStock
  /** `owned`: the pieces that the user holds and owns. */
  | {
      readonly kind: "limit-exceeded";
      readonly productId: ProductId;
      readonly perUser: number;
      readonly owned: number;
    }
  | { readonly kind: "held"; readonly order: Order };

/** The rows of an order's products, as they are locked. */
export interface ShelfState {
  /** With every lapsed piece free again. */
  readonly products: ReadonlyMap<ProductId, StockedProduct>;
  /** The pieces of each product that the user holds and owns; 0 without an entry. */
  readonly owned: ReadonlyMap<ProductId, number>;
  /** The database's clock after the locks. */
  readonly nowMs: InstantMs;
}

type Products = ShelfState["products"];

const productOf = (products: Products, productId: ProductId): StockedProduct => {
  const product = products.get(productId);
  if (product === undefined) throw new Error("an order names a product that was not loaded");
  return product;
};

/** The refusal of items with too few free pieces; null: there are enough of each. */
export const findShortage = (
  products: Products,
  items: readonly RequestedItem[],
): OutOfStock | null => {
  const short = items
    .map((item) => ({ ...item, available: freePieces(productOf(products, item.productId)) }))
    .filter(({ quantity, available }) => quantity > available);
  return short.length > 0 ? { kind: "out-of-stock", items: short } : null;
};

/**
 * Holds pieces for a user.
 *
 * Outcomes, first that applies:
 * - `out-of-stock`    with every item that has too few free pieces
 * - `limit-exceeded`  the first product of which the user would have more than `perUser`
 * - `held`            until `holdSeconds` from now
 */
export const decideOrder = (
  { products, owned, nowMs }: ShelfState,
  { items, holdSeconds, intent: _, ...order }: PlaceOrder,
): PlaceOrderOutcome => {
  const shortage = findShortage(products, items);
  if (shortage !== null) return shortage;
  for (const { productId, quantity } of items) {
    const { perUser } = productOf(products, productId);
    const has = owned.get(productId) ?? 0;
    if (has + quantity > perUser) return { kind: "limit-exceeded", productId, perUser, owned: has };
  }
  const priced = items.map(({ productId, quantity }) => {
    const { name, price } = productOf(products, productId);
    return { productId, name, quantity, price };
  });
  return {
    kind: "held",
    order: {
      ...order,
      items: priced,
      amount: priced.reduce((sum, { price, quantity }) => sum + price * quantity, 0),
      status: "HELD",
      heldAtMs: nowMs,
      expiresAtMs: nowMs + holdSeconds * 1000,
      payment: null,
    },
  };
};
