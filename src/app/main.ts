import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { createMeters } from "#platform/metrics.ts";
import { openDatabase } from "#platform/postgres/database.ts";
import { openSnapshots } from "#platform/postgres/snapshots.ts";
import { migrate } from "#platform/postgres/migrate.ts";
import { waitForDatabase } from "#platform/postgres/wait-for-database.ts";
import { openRedis } from "#platform/redis/store.ts";
import { checkRedis } from "./check-redis.ts";
import { parseConfig } from "./config.ts";
import type { Environment } from "./config/readers.ts";
import { openLog } from "./open-log.ts";
import { seedDemo } from "./seed.ts";
import { wire } from "./wire.ts";

export interface Instance {
  /** The address that it listens on. */
  readonly url: string;
  /** The address for operators; null when `url` serves them too. */
  readonly opsUrl: string | null;
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
const redisTimeouts = { commandTimeoutMs: 1000, connectTimeoutMs: 1000 };

/** A console asks three things at once every few seconds; the calls of more consoles wait for each other. */
const operatorConnections = 3;

/** A database that starts together with the server accepts connections within this time. */
const databaseStartMs = 30_000;

/** Lets the server listen, and returns its address. */
const listen = async (
  server: FastifyInstance,
  { host, port, sharePort }: { host: string; port: number; sharePort: boolean },
): Promise<string> => {
  // Fastify passes `reusePort` on to Node, but its types do not have it yet.
  await server.listen(Object.assign({ host, port }, sharePort ? { reusePort: true } : {}));
  const { port: taken } = server.server.address() as AddressInfo;
  return `http://${host.includes(":") ? `[${host}]` : host}:${taken}`;
};

/**
 * Starts one instance: configuration, schema, connections, features, server. Resolves when it listens.
 *
 * Throws `ConfigError` with every error of the environment, before it opens a connection; `DatabaseUnreachable`
 * when PostgreSQL does not answer within 30 s; `UnusableRedis` when Redis would lose or refuse places.
 */
export const start = async (
  environment: Environment,
  { sharePort = false }: StartOptions = {},
): Promise<Instance> => {
  const config = parseConfig(environment);
  const log = openLog(config.logLevel);
  await Promise.all([
    waitForDatabase({ url: config.databaseUrl, withinMs: databaseStartMs, log }),
    config.redisUrl === null ? null : checkRedis(config.redisUrl, redisTimeouts, log),
  ]);
  await migrate(config.databaseUrl, log);

  await using opened = new AsyncDisposableStack();
  const database = openDatabase({
    url: config.databaseUrl,
    connectionsMax: config.pgConnections,
    applicationName: "frontrow",
  });
  opened.defer(() => database.close());
  const operatorDatabase = openDatabase({
    url: config.databaseUrl,
    connectionsMax: operatorConnections,
    applicationName: "frontrow-operator",
  });
  opened.defer(() => operatorDatabase.close());
  const snapshots = openSnapshots({ url: config.databaseUrl });
  opened.defer(() => snapshots.close());
  const redis =
    config.redisUrl === null ? null : openRedis({ url: config.redisUrl, ...redisTimeouts, log });
  opened.defer(() => redis?.close());
  const meters = createMeters();
  opened.defer(() => meters.close());

  const app = await wire(config, { database, operatorDatabase, snapshots, redis, log, meters });
  opened.defer(() => app.close());
  if (config.demoSeed) await seedDemo(app, database);
  await app.start();
  const { main, ops } = app.listeners;
  const where = { host: config.host, sharePort };
  // Operators can act before the first fan comes.
  const opsUrl = ops && (await listen(ops, { ...where, port: config.opsPort ?? 0 }));
  const url = await listen(main, { ...where, port: config.port });
  const resources = opened.move();
  log.info({ url, opsUrl, queue: redis === null ? "memory" : "redis" }, "listening");
  return { url, opsUrl, close: () => resources.disposeAsync() };
};
