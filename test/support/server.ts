import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { nodeArguments } from "../../scripts/start/node-arguments.ts";
import { openClient, type Client } from "./client.ts";
import { freshDatabase } from "./postgres.ts";
import { freshRedis, type FreshRedis } from "./redis.ts";
import { openWire, type Wire } from "./wire.ts";

/** One server process. */
export interface Instance {
  readonly index: number;
  readonly url: string;
  readonly pid: number;
  /** Everything that it printed so far. */
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

/** Server processes on the same database and Redis, both empty at first and used by no other test. */
export interface House extends AsyncDisposable {
  readonly instances: readonly Instance[];
  readonly client: Client;
  /** Straight to the database, past servers and wires. */
  readonly sql: Sql;
  /** Locks rows with this statement in a transaction of the test's own, until it is let go. */
  lock(text: string, values: readonly unknown[]): Promise<Lock>;
  readonly databaseUrl: string;
  /** The servers' Redis itself, to kill, freeze and start again. */
  readonly redis: FreshRedis;
  readonly operatorKey: string;
  readonly tokenKey: { readonly id: string; readonly secret: Buffer };
  /** Between the servers and their stores, when asked for. */
  readonly wires: { readonly postgres: Wire; readonly redis: Wire } | null;
  /** Starts one more process on the same stores, outside the client's turns. */
  add(env?: Readonly<Record<string, string>>): Promise<Instance>;
}

export interface HouseOptions {
  readonly instances?: number;
  readonly wires?: boolean;
  /** Whether Redis keeps a file to come back with; else it comes back empty. */
  readonly appendonly?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** Where to leave what every instance printed, for whoever looks into a failure. */
const logFolder = process.env["TEST_LOG_FOLDER"];

const entry = fileURLToPath(new URL("../../src/app/serve.ts", import.meta.url));
const readyWithinMs = 45_000;

const launched = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of launched) child.kill("SIGKILL");
});

const addressFrom = (child: ChildProcess, output: () => string): Promise<string> =>
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
      resolve((JSON.parse(said) as { url: string }).url);
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

/** Starts one server process with just this environment and waits until it is ready. */
export const startInstance = async (
  index: number,
  env: Readonly<Record<string, string>>,
): Promise<Instance> => {
  const child = spawn(process.execPath, [...nodeArguments, entry], {
    env: { PATH: process.env["PATH"] ?? "", ...env },
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
  const url = await addressFrom(child, output);
  await untilReady(url, output);
  const signal = (name: NodeJS.Signals): void => {
    child.kill(name);
  };
  return { index, url, pid: child.pid ?? -1, output, signal, ended };
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

/** Opens a house with its own stores. `await using` ends all of it. */
export const openHouse = async (options: HouseOptions = {}): Promise<House> => {
  const { appendonly = false } = options;
  const [database, redis] = await Promise.all([freshDatabase(), freshRedis({ appendonly })]);
  const wires = options.wires
    ? { postgres: await openWire(database.url), redis: await openWire(redis.url) }
    : null;
  const operatorKey = `operator-${randomBytes(24).toString("hex")}`;
  const tokenKey = { id: "first", secret: randomBytes(32) };
  const env = {
    NODE_ENV: "test",
    HOST: "127.0.0.1",
    PORT: "0",
    DATABASE_URL: wires?.postgres.url ?? database.url,
    REDIS_URL: wires?.redis.url ?? redis.url,
    OPERATOR_KEY: operatorKey,
    TOKEN_KEYS: `${tokenKey.id}:${tokenKey.secret.toString("hex")}`,
    ...options.env,
  };
  const instances = await Promise.all(
    Array.from({ length: options.instances ?? 3 }, (_, index) => startInstance(index, env)),
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
    wires,
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
      await Promise.all([wires?.postgres.close(), wires?.redis.close()]);
      await Promise.all([database[Symbol.asyncDispose](), redis[Symbol.asyncDispose]()]);
    },
  };
};
