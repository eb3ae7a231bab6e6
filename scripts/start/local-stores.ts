import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Environment } from "../../src/app/config/readers.ts";
import { demoOperatorKey, demoTicketKeyId } from "../../src/app/config/secrets.ts";
import { readRunningPid, writePidFile } from "../stores/pid-file.ts";
import { startPostgres } from "../stores/postgres.ts";
import { persistentPort } from "../stores/process.ts";
import { findRedis, startRedis } from "../stores/redis.ts";

/** A store that `npm start` has started, and a line that describes it. */
export interface LocalStore {
  readonly url: string;
  readonly description: string;
  stop(): Promise<void>;
}

const databaseName = "frontrow";

const createDatabase = async (adminUrl: string): Promise<void> => {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const text = "select 1 from pg_database where datname = $1";
    const { rowCount } = await client.query(text, [databaseName]);
    if (rowCount === 0) await client.query(`create database ${databaseName}`);
  } finally {
    await client.end();
  }
};

/** 20 for each instance, and some for further instances and for tools. */
const connectionsFor = (instances: number): number => Math.max(100, 40 + 22 * instances);

/** Starts PostgreSQL 18 from npm's packages, with data in `dataDir` and connections for the instances. */
export const startLocalPostgres = async (dataDir: string, instances = 1): Promise<LocalStore> => {
  const folder = join(dataDir, "postgres");
  const settings = { max_connections: String(connectionsFor(instances)) };
  const postgres = await startPostgres({ folder, settings });
  try {
    await createDatabase(postgres.url("postgres"));
  } catch (error) {
    await postgres.stop();
    throw error;
  }
  return {
    url: postgres.url(databaseName),
    description: `PostgreSQL 18 on port ${postgres.port}, data in ${folder}`,
    stop: () => postgres.stop(),
  };
};

/** Stops a Redis that an earlier run has left running on this folder; it saves its data first. */
const stopOrphan = async (pidFile: string): Promise<void> => {
  for (let round = 0; readRunningPid(pidFile) !== null; round++) {
    const pid = readRunningPid(pidFile);
    if (round === 200) throw new Error(`process ${pid}, a Redis of an earlier run, does not stop`);
    if (pid !== null && round % 100 === 0) process.kill(pid, "SIGTERM");
    await sleep(50);
  }
};

const persistentSecret = (file: string, make: () => string): string => {
  if (!existsSync(file)) {
    const draft = `${file}-draft`;
    writeFileSync(draft, make(), { mode: 0o600 });
    renameSync(draft, file);
  }
  return readFileSync(file, "utf8");
};

/** Starts a Redis with data in `dataDir`; returns null when `findRedis` finds no program. */
export const startLocalRedis = async (dataDir: string): Promise<LocalStore | null> => {
  const program = findRedis(join(dataDir, "packages"));
  if (program === null) return null;
  const folder = join(dataDir, "redis");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const pidFile = join(folder, "pid");
  await stopOrphan(pidFile);
  const redis = await startRedis({
    program,
    folder,
    port: await persistentPort(join(folder, "port")),
    password: persistentSecret(join(folder, "password"), () => randomBytes(18).toString("hex")),
    appendonly: true,
  });
  writePidFile(pidFile, redis.pid);
  return {
    url: redis.url,
    description: `Redis on port ${redis.port}, data in ${folder}, program ${program.origin}`,
    stop: () => redis.stop(),
  };
};

/** Secrets for a demo on this machine: the demo operator key, and random keys of tokens and tickets that persist. */
export const demoSecrets = (
  dataDir: string,
): Readonly<Record<"OPERATOR_KEY" | "TOKEN_KEYS" | "TICKET_KEYS", string>> => ({
  OPERATOR_KEY: demoOperatorKey,
  TOKEN_KEYS: persistentSecret(
    join(dataDir, "demo-token-key"),
    () => `demo:${randomBytes(32).toString("hex")}`,
  ),
  TICKET_KEYS: persistentSecret(
    join(dataDir, "demo-ticket-key"),
    () => `${demoTicketKeyId}:${randomBytes(32).toString("hex")}`,
  ),
});

/** Writes the settings of another instance on the same stores into a file that only this user can read. */
export const writeInstanceFile = (dataDir: string, environment: Environment): string => {
  const file = join(dataDir, "instance.env");
  const names = ["DATABASE_URL", "REDIS_URL", "OPERATOR_KEY", "TOKEN_KEYS", "TICKET_KEYS"];
  const lines = names.map((name) => `${name}='${environment[name] ?? ""}'\n`);
  writeFileSync(file, lines.join(""), { mode: 0o600 });
  return file;
};
