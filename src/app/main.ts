import type { AddressInfo } from "node:net";
import { createLog, type Log } from "#platform/log.ts";
import { createMeters } from "#platform/metrics.ts";
import { openDatabase } from "#platform/postgres/database.ts";
import { migrate } from "#platform/postgres/migrate.ts";
import { waitForDatabase } from "#platform/postgres/wait-for-database.ts";
import { openRedis, type RedisStore } from "#platform/redis/store.ts";
import { pino } from "pino";
import { parseConfig } from "./config.ts";
import type { Environment } from "./config/readers.ts";
import { seedDemo } from "./seed.ts";
import { wire } from "./wire.ts";

export interface Instance {
  /** The address that it listens on. */
  readonly url: string;
  /** Drains and closes every connection. DRAIN_SECONDS and the timeouts of the stores bound the time. */
  close(): Promise<void>;
}

export interface StartOptions {
  /** Other processes of this user may listen on the same port, and the kernel spreads connections. Linux. */
  readonly sharePort?: boolean;
}

/**
 * A shorter timeout drops the connection, with every command in flight, when the machine is busy for a
 * moment. With a longer one, two timeouts in a row exceed the 3,000 ms within which a 503 is due.
 */
const redisTimeoutMs = 1000;

/** A database that starts together with the server accepts connections within this time. */
const databaseStartMs = 30_000;
const redisWarningMs = 2_000;

/** Warns of a Redis that does not answer. The instance starts anyway, with the queue closed. */
const warnOfRedis = (redis: RedisStore, url: string, log: Log): void => {
  const { hostname, port } = new URL(url);
  const timer = setTimeout(() => {
    if (redis.ready()) return;
    const where = `${hostname}:${port || 6379}`;
    const problem = `Redis at ${where} (REDIS_URL) does not answer.`;
    log.warn({}, `${problem} Until it does, no user can join a queue; ACTIVE users can still buy.`);
  }, redisWarningMs);
  timer.unref();
};

/**
 * Starts one instance: configuration, schema, connections, features, server. Resolves when it listens.
 *
 * Throws `ConfigError` with every error of the environment, before it opens a connection; `DatabaseUnreachable`
 * when PostgreSQL does not answer within 30 s.
 */
export const start = async (
  environment: Environment,
  { sharePort = false }: StartOptions = {},
): Promise<Instance> => {
  const config = parseConfig(environment);
  // The log goes to standard error; standard output is for the address that a script reads.
  const log = createLog({ level: config.logLevel, destination: pino.destination(2) });
  await waitForDatabase({ url: config.databaseUrl, withinMs: databaseStartMs, log });
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
  if (redis !== null && config.redisUrl !== null) warnOfRedis(redis, config.redisUrl, log);
  const meters = createMeters();
  opened.defer(() => meters.close());

  const app = await wire(config, { database, redis, log, meters });
  opened.defer(() => app.close());
  if (config.demoSeed) await seedDemo(app.catalogue, database);
  await app.start();
  const where = { port: config.port, host: config.host };
  // Fastify passes `reusePort` on to Node, but its types do not have it yet.
  await app.server.listen(Object.assign(where, sharePort ? { reusePort: true } : {}));

  const { port } = app.server.server.address() as AddressInfo;
  const resources = opened.move();
  const url = `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${port}`;
  log.info({ url, queue: redis === null ? "memory" : "redis" }, "listening");
  return { url, close: () => resources.disposeAsync() };
};
