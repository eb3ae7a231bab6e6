import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { tokenSigner, type TokenSigner } from "#platform/token-signer.ts";
import { silentLog } from "#platform/log.ts";
import { migrate } from "#platform/postgres/migrate.ts";
import { nodeArguments } from "../../scripts/start/node-arguments.ts";
import { startPostgres, type RunningPostgres } from "../../scripts/stores/postgres.ts";
import { dieWithParent } from "../../scripts/stores/process.ts";
import { findRedis, startRedis, type RunningRedis } from "../../scripts/stores/redis.ts";
import { versionOf } from "../measure/machine.ts";
import type { Watched } from "../measure/processes.ts";

/** A server process under measurement. */
export interface Subject {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** The beginning and the end of its standard error and output. */
  output(): string;
  end(): Promise<void>;
}

/** The stores and keys that subjects run with; everything ends and is deleted with it. */
export interface TestBed {
  readonly folder: string;
  readonly operatorKey: string;
  readonly tokens: TokenSigner;
  readonly postgres: RunningPostgres;
  readonly redis: RunningRedis;
  /** The database of the subjects. */
  readonly databaseUrl: string;
  readonly versions: { readonly PostgreSQL: string; readonly Redis: string };
  /** The stores, as processes whose CPU time counts beside the server's. */
  readonly stores: readonly Watched[];
  startSubject(options?: SubjectOptions): Promise<Subject>;
  /** A migrated database of its own on the same server, for a floor. */
  freshDatabase(name: string): Promise<string>;
  sql<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

export interface SubjectOptions {
  /** Words for node, before the program. */
  readonly nodeArguments?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** A command of the shell that starts another server in place of Frontrow. Absent: Frontrow. */
  readonly command?: string;
}

const root = join(import.meta.dirname, "../..");
const entry = join(root, "src/app/serve.ts");
const readyWithinMs = 30_000;
/** FAST_LANE of the caller: the same rows are measured with the fast lane on and off, in turns. */
const fastLane = process.env["FAST_LANE"];
/** Of what a server says, its address at the beginning and its troubles at the end are of interest. */
const keptChars = 20_000;

/** More connections than the default, for the floor's 128 clients beside the server's own. */
const postgresSettings = { max_connections: "200" };

const withClient = async <T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

/** Refuses to measure on a database that does not wait for the disk. */
const assertDurable = async (url: string): Promise<void> => {
  for (const name of ["fsync", "synchronous_commit", "full_page_writes"]) {
    const { rows } = await withClient(url, (client) => client.query(`show ${name}`));
    const value = String(Object.values(rows[0] as object)[0]);
    if (value !== "on") throw new Error(`the database runs with ${name} = ${value}`);
  }
};

const addressOf = (child: ChildProcess, output: () => string): Promise<string> =>
  new Promise((resolve, reject) => {
    const fail = (what: string): void => reject(new Error(`the server ${what}:\n${output()}`));
    const timer = setTimeout(() => fail(`said no address in ${readyWithinMs} ms`), readyWithinMs);
    const findAddress = (): void => {
      const said = /^\{"url":"([^"]+)"/m.exec(output())?.[1];
      if (said === undefined) return;
      clearTimeout(timer);
      child.stdout?.off("data", findAddress);
      resolve(said);
    };
    child.stdout?.on("data", findAddress);
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      fail(`ended with ${code ?? signal}`);
    });
  });

const untilReady = async (url: string, output: () => string): Promise<void> => {
  const deadlineMs = performance.now() + readyWithinMs;
  for (;;) {
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    await answer?.arrayBuffer();
    if (answer?.status === 200) return;
    if (performance.now() > deadlineMs) throw new Error(`the server is not ready:\n${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

const programOf = ({ command, nodeArguments: more = [] }: SubjectOptions): readonly string[] =>
  command === undefined
    ? [process.execPath, ...nodeArguments, ...more, entry]
    : ["/bin/sh", "-c", `exec ${command}`];

const startServer = async (
  environment: Readonly<Record<string, string>>,
  options: SubjectOptions,
): Promise<Subject> => {
  const words = [...dieWithParent("TERM"), ...programOf(options)];
  const child = spawn(words[0] ?? "", words.slice(1), {
    cwd: root,
    env: { PATH: process.env["PATH"] ?? "", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let beginning = "";
  let ending = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      const text = chunk.toString("utf8");
      if (beginning.length < keptChars) beginning += text;
      else ending = (ending + text).slice(-keptChars);
    });
  }
  const output = (): string => beginning + ending;
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  try {
    const url = await addressOf(child, output);
    await untilReady(url, output);
    return {
      url,
      port: Number(new URL(url).port),
      pid: child.pid ?? -1,
      output,
      end: async () => {
        const patience = setTimeout(() => child.kill("SIGKILL"), 10_000);
        child.kill("SIGTERM");
        await gone;
        clearTimeout(patience);
      },
    };
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
};

const startStores = async (folder: string) => {
  const program = findRedis(join(root, ".data/packages"));
  if (program === null) throw new Error("The bench needs a redis-server on this machine.");
  const [postgres, redis] = await Promise.all([
    startPostgres({ folder: join(folder, "postgres"), settings: postgresSettings }),
    startRedis({ program, folder: join(folder, "redis"), appendonly: true, lastSignal: "KILL" }),
  ]);
  const words = [...program.words, "--version"];
  return {
    postgres,
    redis,
    redisVersion: /v=([\d.]+)/.exec(versionOf(words) ?? "")?.[1] ?? "unknown",
  };
};

const createDatabase = async (postgres: RunningPostgres, name: string): Promise<string> => {
  await withClient(postgres.url("postgres"), (client) => client.query(`create database ${name}`));
  await migrate(postgres.url(name), silentLog);
  return postgres.url(name);
};

/**
 * Starts real stores of this run's own: PostgreSQL with fsync on, Redis with its append-only file,
 * on the disk that the repository lies on. About 3 s.
 */
export const openTestBed = async (): Promise<TestBed> => {
  mkdirSync(join(root, ".data"), { recursive: true });
  const folder = mkdtempSync(join(root, ".data/bench-"));
  const { postgres, redis, redisVersion } = await startStores(folder);
  const databaseUrl = await createDatabase(postgres, "frontrow");
  await assertDurable(databaseUrl);
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  // The next query reports an idle connection that has failed.
  pool.on("error", () => undefined);
  const operatorKey = `operator-${randomBytes(24).toString("hex")}`;
  const key = { id: "bench", secret: randomBytes(32) };
  const environment = {
    NODE_ENV: "production",
    HOST: "127.0.0.1",
    PORT: "0",
    LOG_LEVEL: "warn",
    USERS_BUILT_IN: "true",
    CHARGES: "open",
    DATABASE_URL: databaseUrl,
    REDIS_URL: redis.url,
    OPERATOR_KEY: operatorKey,
    TOKEN_KEYS: `${key.id}:${key.secret.toString("hex")}`,
    TICKET_KEYS: `1:${randomBytes(32).toString("hex")}`,
    ...(fastLane && { FAST_LANE: fastLane }),
  };
  const subjects: Subject[] = [];
  const sql: TestBed["sql"] = async <Row extends pg.QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
  ) => (await pool.query<Row>(text, [...values])).rows;
  const [version] = await sql<{ server_version: string }>("show server_version");
  return {
    folder,
    operatorKey,
    tokens: tokenSigner([key]),
    postgres,
    redis,
    databaseUrl,
    versions: { PostgreSQL: version?.server_version ?? "unknown", Redis: redisVersion },
    stores: [
      { name: "redis", pid: redis.pid },
      { name: "postgres", pid: postgres.pid, tree: true },
    ],
    startSubject: async (options = {}) => {
      const all = { ...environment, ...options.environment };
      const subject = await startServer(all, options);
      subjects.push(subject);
      return subject;
    },
    freshDatabase: (name) => createDatabase(postgres, name),
    sql,
    close: async () => {
      await Promise.all(subjects.map((subject) => subject.end()));
      await pool.end();
      await Promise.all([postgres.stop(), redis.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
