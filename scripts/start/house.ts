import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Environment } from "../../src/app/config/readers.ts";
import { demoOperatorKey } from "../../src/app/config/secrets.ts";
import { note, ownerOf } from "../stores/owner.ts";
import { startPostgres } from "../stores/postgres.ts";
import { keptPort } from "../stores/process.ts";
import { findRedis, startRedis } from "../stores/redis.ts";

/** A store of our own, and the words that say what it is. */
export interface Store {
  readonly url: string;
  readonly says: string;
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

/** Of each instance 20, and some that join later or look. */
const connectionsFor = (instances: number): number => Math.max(100, 40 + 22 * instances);

/** PostgreSQL 18 from npm's packages, its data in `dataDir`, with connections for so many instances. */
export const ownPostgres = async (dataDir: string, instances = 1): Promise<Store> => {
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
    says: `PostgreSQL 18 on port ${postgres.port}, data in ${folder}`,
    stop: () => postgres.stop(),
  };
};

/** Ends a Redis that an earlier run left at work in this folder, letting it save. */
const endOrphan = async (pidFile: string): Promise<void> => {
  for (let round = 0; ownerOf(pidFile) !== null; round++) {
    const pid = ownerOf(pidFile);
    if (round === 200) throw new Error(`process ${pid}, a Redis of an earlier run, does not end`);
    if (pid !== null && round % 100 === 0) process.kill(pid, "SIGTERM");
    await sleep(50);
  }
};

const keptSecret = (file: string, make: () => string): string => {
  if (!existsSync(file)) {
    const draft = `${file}-draft`;
    writeFileSync(draft, make(), { mode: 0o600 });
    renameSync(draft, file);
  }
  return readFileSync(file, "utf8");
};

/** A Redis found by the ladder, its data in `dataDir`; null when the machine has none. */
export const ownRedis = async (dataDir: string): Promise<Store | null> => {
  const program = findRedis(join(dataDir, "packages"));
  if (program === null) return null;
  const folder = join(dataDir, "redis");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const pidFile = join(folder, "pid");
  await endOrphan(pidFile);
  const redis = await startRedis({
    program,
    folder,
    port: await keptPort(join(folder, "port")),
    password: keptSecret(join(folder, "password"), () => randomBytes(18).toString("hex")),
    appendonly: true,
  });
  note(pidFile, redis.pid);
  return {
    url: redis.url,
    says: `Redis on port ${redis.port}, data in ${folder}, program ${program.origin}`,
    stop: () => redis.stop(),
  };
};

/** Secrets good enough for this machine: an obvious operator key, and a token key that is kept. */
export const demoSecrets = (dataDir: string): { OPERATOR_KEY: string; TOKEN_KEYS: string } => ({
  OPERATOR_KEY: demoOperatorKey,
  TOKEN_KEYS: keptSecret(
    join(dataDir, "demo-token-key"),
    () => `demo:${randomBytes(32).toString("hex")}`,
  ),
});

/** Writes what another instance on the same stores needs, for this user alone to read. */
export const writeInstanceFile = (dataDir: string, environment: Environment): string => {
  const file = join(dataDir, "instance.env");
  const names = ["DATABASE_URL", "REDIS_URL", "OPERATOR_KEY", "TOKEN_KEYS"];
  const lines = names.map((name) => `${name}='${environment[name] ?? ""}'\n`);
  writeFileSync(file, lines.join(""), { mode: 0o600 });
  return file;
};
