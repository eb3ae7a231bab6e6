import { randomBytes } from "node:crypto";
import { accountFeature, type AccountFeature } from "#account";
import { catalogueFeature, type CatalogueFeature } from "#catalogue";
import { exportsFeature } from "#exports";
import type { Clock } from "#kernel/instant.ts";
import { queueFeature, type QueueFeature } from "#queue";
import { mintId } from "#platform/ids.ts";
import { tokenSigner } from "#platform/token-signer.ts";
import type { Log } from "#platform/log.ts";
import type { Meters } from "#platform/metrics.ts";
import type { Database } from "#platform/postgres/database.ts";
import type { Snapshots } from "#platform/postgres/snapshots.ts";
import { shareLimits } from "#platform/redis/share-limits.ts";
import type { RedisStore } from "#platform/redis/store.ts";
import { saleFeature, type ConnectedSale, type SaleFeature } from "#sale";
import { shopFeature, type ShopFeature } from "#shop";
import { ticketsFeature } from "#tickets";
import { saleMonitor } from "./adapters/sale-monitor.ts";
import { stockOfConcerts } from "./adapters/stock.ts";
import type { Config } from "./config.ts";
import { guide } from "./guide.ts";
import { limitsOf } from "./limits.ts";
import { buildListeners, type Listeners } from "./listeners.ts";
import { readPages } from "./pages.ts";
import { storeChecks } from "./store-checks.ts";
import { queueObserver, saleObserver, watchStores } from "./observers.ts";

/** The connections of one instance. */
export interface Drivers {
  readonly database: Database;
  /** For the calls of operators. */
  readonly operatorDatabase: Database;
  readonly snapshots: Snapshots;
  /** Null: the queue lives in this process's memory. */
  readonly redis: RedisStore | null;
  readonly log: Log;
  readonly meters: Meters;
}

export interface App {
  readonly listeners: Listeners;
  readonly catalogue: CatalogueFeature;
  readonly shop: ShopFeature;
  /** Starts the periodic work: admission, sweeping, outbox delivery, refreshing. */
  start(): Promise<void>;
  /** Answers the requests in flight, then stops the periodic work. The drivers stay open. */
  close(): Promise<void>;
}

const clock: Clock = { nowMs: () => Date.now() };
const monotonicMs = (): number => performance.now();

/** Requests in flight from which users who poll too fast are refused: half of what the server accepts. */
const crowdedFrom = 1_000;

interface Features {
  readonly account: AccountFeature;
  readonly catalogue: CatalogueFeature;
  readonly queue: QueueFeature;
  readonly sale: SaleFeature;
  readonly shop: ShopFeature;
  readonly connectedSale: ConnectedSale;
}

/** Builds the features that call each other and connects each to the others that it calls. */
const connect = (config: Config, drivers: Drivers): Features => {
  const { database, operatorDatabase, redis, log, meters } = drivers;
  const tokens = tokenSigner(config.tokenKeys);
  const shared = {
    database,
    operatorDatabase,
    clock,
    monotonicMs,
    mintId,
    log,
    currency: config.currency,
  };

  const catalogue = catalogueFeature({ ...shared, randomBytes });
  const sale = saleFeature({
    ...shared,
    concerts: catalogue,
    plans: catalogue.plans,
    observer: saleObserver(meters),
    charges: config.charges,
  });
  const account = accountFeature({
    ...shared,
    tokens,
    operatorKeys: config.operatorKeys,
    isSecure: config.publicUrl?.startsWith("https:") ?? false,
    builtInUsers: config.usersBuiltIn,
    accessTokenDays: config.accessTokenDays,
    challenge:
      config.challenge.kind === "pow"
        ? { ...config.challenge, secrets: config.tokenKeys.map(({ secret }) => secret), redis }
        : config.challenge,
    identityProvider: config.oidc,
    holdings: sale.holdings,
  });
  const stock = stockOfConcerts({ sale, monotonicMs });
  const queue = queueFeature({
    ...shared,
    keeping: redis === null ? { kind: "memory" } : { kind: "redis", redis },
    sales: {
      find: catalogue.find,
      refresh: catalogue.refresh,
      running: catalogue.running,
      stock: stock.stock,
    },
    lastStock: stock.lastStock,
    leave: sale.leave,
    tokenSigner: tokens,
    tokenEpochOf: account.tokenEpochOf,
    challenges: account.challenges,
    random: Math.random,
    observer: queueObserver(meters),
    isCrowded: () => meters.http.live.requests >= crowdedFrom,
  });
  const shop = shopFeature({
    ...shared,
    concerts: catalogue,
    active: queue.active,
    bookings: sale.bookings,
    houseHoldSeconds: config.houseHoldSeconds,
  });
  const connectedSale = sale.connect({ ...queue, ...account });
  return { account, catalogue, queue, sale, shop, connectedSale };
};

/** Builds the application on its connections. Nothing runs before `start`. */
export const wire = async (config: Config, drivers: Drivers): Promise<App> => {
  const { database, operatorDatabase, snapshots, redis, log, meters } = drivers;
  const { account, catalogue, queue, sale, shop, connectedSale } = connect(config, drivers);
  const { plans } = catalogue;
  const exported = exportsFeature({ database: operatorDatabase, snapshots, plans });
  const tickets = ticketsFeature({ ...config, database, mintId, plans });
  const checks = storeChecks({ database, redis, monotonicMs, log });
  watchStores(meters, database, checks);

  const limits = limitsOf(config, redis !== null, monotonicMs);
  const shared = Object.values(limits).filter((limit) => limit !== null);
  const sharing = redis === null ? null : shareLimits(redis, shared, log);

  const listeners = await buildListeners(config, {
    routes: [
      ...account.routes,
      ...account.findRoutes([...queue.userParts, ...sale.userParts, ...tickets.userParts]),
      ...catalogue.routes(saleMonitor({ queue, sale })),
      ...queue.routes,
      ...connectedSale.routes,
      ...shop.routes,
      ...tickets.routes,
      ...exported.routes,
    ],
    authenticators: {
      access: account.authenticate,
      queue: queue.readToken,
      operator: account.operator,
      consoleSession: account.consoleSession,
      active: queue.active,
    },
    log,
    meters: meters.http,
    document: guide,
    checks: () => checks.read(),
    metricsText: () => meters.text(),
    limits: {
      drainMs: config.drainSeconds * 1000,
      // Closing the listener resets connections in the kernel's backlog; the delay accepts them first.
      drainDelayMs: Math.max(config.drainDelaySeconds * 1000, config.drainSeconds > 0 ? 200 : 0),
      keepAliveMs: config.keepAliveSeconds * 1000,
    },
    addressLimits: limits,
    pages: readPages(log, config),
    trustProxy: config.trustedProxies.length > 0 && [...config.trustedProxies],
    ...(config.publicUrl === null ? {} : { publicUrl: config.publicUrl }),
  });

  return {
    listeners,
    catalogue,
    shop,
    async start() {
      checks.start();
      sharing?.start();
      await account.start();
      catalogue.start();
      connectedSale.start();
      shop.start();
      queue.start();
    },
    async close() {
      await Promise.all([listeners.main.close(), listeners.ops?.close()]);
      await Promise.all([account.close(), queue.close(), connectedSale.close()]);
      await Promise.all([shop.close(), catalogue.close()]);
      await Promise.all([checks.close(), sharing?.close()]);
    },
  };
};
