import type { Intent, KeyOutcome } from "#kernel/idempotency.ts";
import type { ConcertId, MintId, UserId } from "#kernel/ids.ts";
import type { QueueClaims } from "#kernel/place.ts";
import {
  findShortage,
  type PlaceOrderOutcome,
  type ShelfState,
  type RequestedItem,
} from "../domain/decide-order.ts";
import type { Order } from "../domain/order.ts";
import type { StockedProduct } from "../domain/product.ts";
import type { Concerts } from "../ports/concerts.ts";
import type { Orders } from "../ports/orders.ts";
import type { Products } from "../ports/products.ts";

export interface PlaceOrderDeps {
  readonly concerts: Concerts;
  /** The state of a place in its queue. Throws Unavailable. */
  active(claims: QueueClaims): Promise<"active" | "waiting" | "ended">;
  /** The outcome that the stored answer of the key decides; null without one. Throws Unavailable. */
  findAnswer(userId: UserId, intent: Intent): Promise<KeyOutcome<unknown> | null>;
  readonly products: Pick<Products, "find">;
  readonly orders: Pick<Orders, "place">;
  readonly mintId: MintId;
  readonly currency: string;
  /** How long an order of the house's products alone is held; else the concert's policy says. */
  readonly houseHoldSeconds: number;
}

export interface PlaceOrderRequest {
  readonly userId: UserId;
  /** Of the queue token; null for an access token. */
  readonly claims: QueueClaims | null;
  /** No product twice. */
  readonly items: readonly RequestedItem[];
  readonly intent: Intent | null;
}

type Refusal =
  | { readonly kind: "token-mismatch" }
  | { readonly kind: "turn-required" }
  | { readonly kind: "not-active" }
  | { readonly kind: "ended" }
  /** `index`: of the item. */
  | { readonly kind: "product-not-found"; readonly index: number }
  | { readonly kind: "concerts-mixed"; readonly index: number };

export type PlaceOrderAnswer = PlaceOrderOutcome | Refusal;

/** The refusal of the token, as far as the token alone tells. */
const refuseToken = (
  claims: QueueClaims | null,
  products: readonly StockedProduct[],
): Refusal | null => {
  if (claims === null)
    return products.some(({ requiresTurn }) => requiresTurn) ? { kind: "turn-required" } : null;
  const isForeign = products.some(
    ({ concertId }) => concertId !== null && concertId !== claims.concertId,
  );
  return isForeign ? { kind: "token-mismatch" } : null;
};

/** The refusal of a place that is not ACTIVE, where a product requires the turn. */
const refusePlace = async (
  deps: PlaceOrderDeps,
  claims: QueueClaims | null,
  products: readonly StockedProduct[],
): Promise<Refusal | null> => {
  if (claims === null || !products.some(({ requiresTurn }) => requiresTurn)) return null;
  const state = await deps.active(claims);
  if (state === "active") return null;
  return { kind: state === "ended" ? "ended" : "not-active" };
};

/** The one concert of the items, or the first item that is of none or of another one. */
const concertOf = (
  items: readonly RequestedItem[],
  products: ShelfState["products"],
): Refusal | { readonly concertId: ConcertId | null } => {
  let concertId: ConcertId | null = null;
  const unknown = items.findIndex(({ productId }) => !products.has(productId));
  if (unknown >= 0) return { kind: "product-not-found", index: unknown };
  for (const [index, { productId }] of items.entries()) {
    const own = products.get(productId)?.concertId ?? null;
    if (own !== null && concertId !== null && own !== concertId)
      return { kind: "concerts-mixed", index };
    concertId ??= own;
  }
  return { concertId };
};

/** How long the order is held; null when its concert is not there. */
const holdSecondsOf = async (
  deps: PlaceOrderDeps,
  concertId: ConcertId | null,
): Promise<number | null> => {
  if (concertId === null) return deps.houseHoldSeconds;
  return (await deps.concerts.find(concertId))?.policy.holdSeconds ?? null;
};

/**
 * Orders pieces of products: all of them are held, or none.
 *
 * Outcomes, first that applies:
 * - `token-mismatch`         a product is of another concert than the queue token
 * - `turn-required`          a product requires the turn, and the token is an access token
 * - `replayed`, `key-reused` the key has a stored answer; checked before the queue
 * - `not-active`, `ended`    a product requires the turn, and the place still waits, or has ended
 * - `product-not-found`, `concerts-mixed`
 * - `key-in-progress`        the first request with the key still runs
 * - then as `decideOrder`: `out-of-stock`, `limit-exceeded`, `held`
 *
 * An order of more pieces than are free is refused by a read, without a lock: when the last pieces of a wanted
 * product are gone, that is nearly every order. Throws Unavailable.
 */
export const placeOrder =
  (deps: PlaceOrderDeps) =>
  async ({ userId, claims, items, intent }: PlaceOrderRequest): Promise<PlaceOrderAnswer> => {
    const found = await deps.products.find(items.map(({ productId }) => productId));
    const products = new Map(found.map((product) => [product.productId, product]));
    const stored = async () =>
      intent && ((await deps.findAnswer(userId, intent)) as KeyOutcome<Order> | null);
    const refused =
      refuseToken(claims, found) ?? (await stored()) ?? (await refusePlace(deps, claims, found));
    if (refused !== null) return refused;
    const concert = concertOf(items, products);
    if ("kind" in concert) return concert;
    const { concertId } = concert;
    const holdSeconds = await holdSecondsOf(deps, concertId);
    if (holdSeconds === null) return { kind: "product-not-found", index: 0 };
    const shortage = findShortage(products, items);
    // The first request with the key may have taken the last pieces. Then its answer counts, not the refusal.
    if (shortage !== null) return (await stored()) ?? shortage;
    const orderId = deps.mintId<"order">();
    const { currency } = deps;
    return deps.orders.place({ orderId, userId, concertId, items, holdSeconds, currency, intent });
  };
