import type { Bookings } from "#kernel/bookings.ts";
import type { MintId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { Route } from "#platform/http/route.ts";
import { loadingCache } from "#platform/loading-cache.ts";
import type { Log } from "#platform/log.ts";
import { periodicJob } from "#platform/periodic.ts";
import type { Database, Queryable } from "#platform/postgres/database.ts";
import { operatorRoutes } from "./adapters/http/operator-routes.ts";
import { orderRoutes } from "./adapters/http/order-routes.ts";
import { productRoutes } from "./adapters/http/product-routes.ts";
import { pgOrders } from "./adapters/postgres/pg-orders.ts";
import { pgProducts } from "./adapters/postgres/pg-products.ts";
import { sweepOrders } from "./adapters/postgres/sweep-orders.ts";
import { openTurns } from "./adapters/turns.ts";
import type { AddProductOutcome, ProductQuery, Products } from "./ports/products.ts";
import { listOrders, payOrder, readOrder, refundOrder } from "./use-cases/manage-orders.ts";
import {
  createProduct,
  listProducts,
  listTopSellers,
  type CreateProduct,
} from "./use-cases/manage-products.ts";
import { placeOrder, type PlaceOrderDeps } from "./use-cases/place-order.ts";

export type { CreateProduct } from "./use-cases/manage-products.ts";

export interface ShopDeps extends Pick<PlaceOrderDeps, "concerts" | "active"> {
  readonly database: Database;
  readonly mintId: MintId;
  monotonicMs(): number;
  readonly log: Log;
  /** ISO 4217. */
  readonly currency: string;
  /** How long an order of the house's products alone is held. */
  readonly houseHoldSeconds: number;
  /** The wallets, ledger and stored answers of the sale. */
  readonly bookings: Bookings<Queryable>;
}

export interface ShopFeature {
  readonly routes: readonly Route[];
  createProduct(input: CreateProduct, actor: string): Promise<AddProductOutcome>;
  /** Starts the sweeper. */
  start(): void;
  /** Refuses new orders and resolves when every earlier one has its answer. */
  close(): Promise<void>;
}

/** Lapsed orders become visible in the tables within this time. */
const sweepEveryMs = 1_000;
/** Far beyond the time limits of the statements of a sweep. */
const sweepLateMs = 60_000;

/** The public lists may be 1 s old with the 1 s of a cache in front: half of that leaves time for the load. */
const maxAgeMs = 500;

/** Lists for everybody, read once however many ask. */
const cachedLists = (products: Products, nowMs: () => number): Pick<Products, "list" | "top"> => {
  const lists = loadingCache({
    load: (query: string) => products.list(JSON.parse(query) as ProductQuery),
    maxAgeMs,
    nowMs,
    entriesMax: 1_000,
  });
  const tops = loadingCache({ load: products.top, maxAgeMs, nowMs, entriesMax: 90 });
  return {
    list: async (query) => lists.get(JSON.stringify(query)),
    top: async (days) => tops.get(days),
  };
};

/** Goods beside the seats: products with their stock, and orders that hold pieces until they are paid. */
export const shopFeature = (deps: ShopDeps): ShopFeature => {
  const { database, log, monotonicMs } = deps;
  const turns = openTurns(deps);
  const products = pgProducts(deps);
  const orders = pgOrders({ ...deps, turns });
  const all = { ...deps, findAnswer: deps.bookings.findAnswer, products, orders };
  const shown = { products: cachedLists(products, monotonicMs) };
  const sweeper = periodicJob({
    everyMs: sweepEveryMs,
    lateMs: sweepLateMs,
    work: () => sweepOrders(database),
    onError(error) {
      if (error instanceof Unavailable) log.debug({ err: error }, "a store is away");
      else log.error({ err: error }, "the sweep of orders failed");
    },
  });
  const create = createProduct(all);
  return {
    routes: [
      ...productRoutes({
        find: products.find,
        listProducts: listProducts(shown),
        listTopSellers: listTopSellers(shown),
      }),
      ...orderRoutes({
        placeOrder: placeOrder(all),
        payOrder: payOrder(all),
        cancelOrder: orders.cancel,
        readOrder: readOrder(all),
        listOrders: listOrders(all),
      }),
      ...operatorRoutes({
        createProduct: create,
        correctProduct: products.correct,
        listAllProducts: listProducts(all),
        listOrders: listOrders(all),
        refundOrder: refundOrder(all),
      }),
    ],
    createProduct: create,
    start: () => sweeper.start(),
    async close() {
      await Promise.all([sweeper.close(), turns.close(), products.close()]);
    },
  };
};
