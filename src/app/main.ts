import type { AddressInfo } from "node:net";
import { createLog, type Log } from "#platform/log.ts";
import { createMeters } from "#platform/metrics.ts";
import { openDatabase } from "#platform/postgres/database.ts";
import { migrate } from "#platform/postgres/migrate.ts";
import { reachDatabase } from "#platform/postgres/reach.ts";
import { openRedis, type RedisStore } from "#platform/redis/store.ts";
import { pino } from "pino";
import { parseConfig } from "./config.ts";
import type { Environment } from "./config/readers.ts";
import { seedDemo } from "./seed.ts";
import { wire } from "./wire.ts";

export interface Instance {
  /** Where it listens. */
  readonly url: string;
  /** Drains and lets go of everything; bounded by DRAIN_SECONDS and the stores' timeouts. */
  close(): Promise<void>;
}

export interface StartOptions {
  /** Whether other processes of this user may listen on the same port, each taking its part. Linux. */
  readonly sharePort?: boolean;
}

/**
 * Shorter, and a machine that is busy for a moment loses its connection and everybody in flight on it;
 * longer, and two of them in a row no longer fit into the 3 s in which a 503 is due.
 */
const redisTimeoutMs = 1000;

/** A database that starts together with the server has come up by then. */
const databasePatienceMs = 30_000;
const redisPatienceMs = 2_000;

/** Redis need not be there: it is told, for the queue is closed until it is. */
const tellOfRedis = (redis: RedisStore, url: string, log: Log): void => {
  const { hostname, port } = new URL(url);
  const timer = setTimeout(() => {
    if (redis.ready()) return;
    const where = `${hostname}:${port || 6379}`;
    const what = `Redis at ${where} cannot be reached; REDIS_URL says where it is.`;
    log.warn({}, `${what} Until it answers nobody can join a queue; people who are ACTIVE buy on.`);
  }, redisPatienceMs);
  timer.unref();
};

/**
 * Starts one instance: configuration, schema, connections, features, server. Resolves when it listens.
 * Throws `ConfigFault` with everything that is wrong with the environment, before anything is opened;
 * `StoreAway` when PostgreSQL does not come up within 30 s.
 */
export const start = async (
  environment: Environment,
  { sharePort = false }: StartOptions = {},
): Promise<Instance> => {
  const config = parseConfig(environment);
  // Standard output is for what a person or a script waits for.
  const log = createLog({ level: config.logLevel, destination: pino.destination(2) });
  await reachDatabase({ url: config.databaseUrl, withinMs: databasePatienceMs, log });
  await migrate(config.databaseUrl, log);

  await using opened = new AsyncDisposableStack();
  const database = openDatabase({
    url: config.databaseUrl,
    connectionsMax: config.pgConnections,
    applicationName: "frontrow",
  });
  opened.defer(() => database.close());
  const redis =
    config.redisUrl === null
      ? null
      : openRedis({ url: config.redisUrl, commandTimeoutMs: redisTimeoutMs, log });
  opened.defer(() => redis?.close());
  if (redis !== null && config.redisUrl !== null) tellOfRedis(redis, config.redisUrl, log);
  const meters = createMeters();
  opened.defer(() => meters.close());

  const app = await wire(config, { database, redis, log, meters });
  opened.defer(() => app.close());
  if (config.demoSeed) await seedDemo(app.catalogue, database);
  app.start();
  const where = { port: config.port, host: config.host };
  // The framework passes on to Node what its own types do not know yet.
  await app.server.listen(Object.assign(where, sharePort ? { reusePort: true } : {}));

  const { port } = app.server.server.address() as AddressInfo;
  const resources = opened.move();
  const url = `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${port}`;
  log.info({ url, queue: redis === null ? "memory" : "redis" }, "listening");
  return { url, close: () => resources.disposeAsync() };
};
