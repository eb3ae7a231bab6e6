import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { nodeArguments } from "../../scripts/start/node-arguments.ts";
import { openClient, type Client } from "./client.ts";
import { freshPgbouncer } from "./pgbouncer.ts";
import { freshDatabase } from "./postgres.ts";
import { freshRedis, type FreshRedis } from "./redis.ts";
import { startFaultProxy, type FaultProxy } from "./fault-proxy.ts";

/** One server process. */
export interface Instance {
  readonly index: number;
  readonly url: string;
  /** The listener of operators; null when `url` serves them too. */
  readonly opsUrl: string | null;
  readonly pid: number;
  /** The output so far. */
  output(): string;
  signal(signal: NodeJS.Signals): void;
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

export type Sql = <Row = Record<string, unknown>>(
  text: string,
  values?: readonly unknown[],
) => Promise<Row[]>;

export interface Lock extends AsyncDisposable {
  release(): Promise<void>;
}

/** Server processes on one database and one Redis. Both start empty, and no other test uses them. */
export interface Deployment extends AsyncDisposable {
  readonly instances: readonly Instance[];
  readonly client: Client;
  /** Sends a statement to the database directly, without a server or a proxy. */
  readonly sql: Sql;
  /** Locks rows with this statement in a separate transaction until it is released. */
  lock(text: string, values: readonly unknown[]): Promise<Lock>;
  readonly databaseUrl: string;
  /** The Redis of the servers, which a test can kill, stop and restart. */
  readonly redis: FreshRedis;
  readonly operatorKey: string;
  readonly tokenKey: { readonly id: string; readonly secret: Buffer };
  /** The proxies between servers and stores; null without the option. */
  readonly proxies: { readonly postgres: FaultProxy; readonly redis: FaultProxy } | null;
  /** Starts one more process on the same stores. The client does not send requests to it by itself. */
  add(env?: Readonly<Record<string, string>>): Promise<Instance>;
}

export interface DeploymentOptions {
  readonly instances?: number;
  readonly proxies?: boolean;
  /** The second instance gets to PostgreSQL through PgBouncer in transaction mode, the third in session mode. */
  readonly poolers?: boolean;
  /** Whether Redis writes an append-only file; without it a restarted Redis is empty. */
  readonly appendonly?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** The folder for the output of every instance, for the analysis of a failure. */
const logFolder = process.env["TEST_LOG_FOLDER"];

const entry =
  process.env["TEST_SERVER"] ?? fileURLToPath(new URL("../../src/app/serve.ts", import.meta.url));
const readyWithinMs = 90_000;
/** Of the environment of the run: whether all have the fast lane, or none, and where compiled modules are kept. */
const fromRun = Object.fromEntries(
  ["PATH", "FAST_LANE", "NODE_COMPILE_CACHE"].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  }),
);

const launched = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of launched) child.kill("SIGKILL");
});

type Addresses = Pick<Instance, "url" | "opsUrl">;

const addressesFrom = (child: ChildProcess, output: () => string): Promise<Addresses> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`no address in ${readyWithinMs} ms:\n${output()}`)),
      readyWithinMs,
    );
    let rest = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      const lines = (rest + chunk.toString("utf8")).split("\n");
      rest = lines.pop() ?? "";
      const said = lines.find((line) => line.startsWith('{"url"'));
      if (said === undefined) return;
      clearTimeout(timer);
      resolve(JSON.parse(said) as Addresses);
    });
    child.on("exit", (code, signal) => {
      clearTimeout(timer);
      reject(new Error(`ended before it was ready (${code ?? signal}):\n${output()}`));
    });
  });

const untilReady = async (url: string, output: () => string): Promise<void> => {
  const deadlineMs = performance.now() + readyWithinMs;
  for (;;) {
    const answered = await fetch(`${url}/readyz`).catch(() => null);
    await answered?.arrayBuffer();
    if (answered?.status === 200) return;
    if (performance.now() > deadlineMs) throw new Error(`not ready:\n${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

/** Starts one server process with only this environment, and waits until it is ready. */
export const startInstance = async (
  index: number,
  env: Readonly<Record<string, string>>,
): Promise<Instance> => {
  const child = spawn(process.execPath, [...nodeArguments, entry], {
    // Of several instances every other one answers without the fast lane, unless the run says which it wants.
    env: { FAST_LANE: String(index % 2 === 0), ...fromRun, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  launched.add(child);
  let printed = "";
  const output = (): string => printed;
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      printed = (printed + chunk.toString("utf8")).slice(-2_000_000);
    });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on("exit", (code, signal) => {
      launched.delete(child);
      resolve({ code, signal });
    });
  });
  const { url, opsUrl } = await addressesFrom(child, output);
  await untilReady(url, output);
  const signal = (name: NodeJS.Signals): void => {
    child.kill(name);
  };
  return { index, url, opsUrl, pid: child.pid ?? -1, output, signal, ended };
};

const end = async (instance: Instance): Promise<void> => {
  instance.signal("SIGKILL");
  await instance.ended;
};

const lockRows = async (pool: pg.Pool, text: string, values: readonly unknown[]): Promise<Lock> => {
  const client = await pool.connect();
  let held = true;
  const release = async (): Promise<void> => {
    if (!held) return;
    held = false;
    await client.query("rollback");
    client.release();
  };
  await client.query("begin");
  await client.query(text, [...values]);
  return { release, [Symbol.asyncDispose]: release };
};

/** Starts a deployment with its own stores. `await using` stops all of it. */
export const startDeployment = async (options: DeploymentOptions = {}): Promise<Deployment> => {
  const { appendonly = false } = options;
  const [database, redis] = await Promise.all([freshDatabase(), freshRedis({ appendonly })]);
  const proxies = options.proxies
    ? { postgres: await startFaultProxy(database.url), redis: await startFaultProxy(redis.url) }
    : null;
  const operatorKey = `operator-${randomBytes(24).toString("hex")}`;
  const tokenKey = { id: "first", secret: randomBytes(32) };
  const env = {
    NODE_ENV: "test",
    HOST: "127.0.0.1",
    PORT: "0",
    DATABASE_URL: proxies?.postgres.url ?? database.url,
    REDIS_URL: proxies?.redis.url ?? redis.url,
    OPERATOR_KEY: operatorKey,
    TOKEN_KEYS: `${tokenKey.id}:${tokenKey.secret.toString("hex")}`,
    TICKET_KEYS: `1:${randomBytes(32).toString("hex")}`,
    ...options.env,
  };
  const poolers = options.poolers
    ? await Promise.all(
        (["transaction", "session"] as const).map((mode) => freshPgbouncer(database.url, mode)),
      )
    : [];
  const instances = await Promise.all(
    Array.from({ length: options.instances ?? 3 }, (_, index) => {
      const pooler = poolers[index - 1];
      return startInstance(index, pooler ? { ...env, DATABASE_URL: pooler.url } : env);
    }),
  );
  const added: Instance[] = [];
  const client = openClient(instances.map((it) => it.url));
  const pool = new pg.Pool({ connectionString: database.url, max: 4, application_name: "proof" });
  pool.on("error", () => undefined);
  return {
    instances,
    client,
    lock: (text, values) => lockRows(pool, text, values),
    sql: async <Row>(text: string, values: readonly unknown[] = []) =>
      (await pool.query(text, [...values])).rows as Row[],
    databaseUrl: database.url,
    redis,
    operatorKey,
    tokenKey,
    proxies,
    add: async (more = {}) => {
      const instance = await startInstance(instances.length + added.length, { ...env, ...more });
      added.push(instance);
      return instance;
    },
    [Symbol.asyncDispose]: async () => {
      client.close();
      if (logFolder !== undefined)
        for (const it of [...instances, ...added])
          writeFileSync(join(logFolder, `${process.pid}-${it.index}.log`), it.output());
      await Promise.all([...instances, ...added].map(end));
      await pool.end();
      await proxies?.postgres[Symbol.asyncDispose]();
      await proxies?.redis[Symbol.asyncDispose]();
      await Promise.all(poolers.map((pooler) => pooler[Symbol.asyncDispose]()));
      await Promise.all([database[Symbol.asyncDispose](), redis[Symbol.asyncDispose]()]);
    },
  };
};
