import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Log } from "../log.ts";
import { codeOf } from "../reason.ts";

/** One SQL file of `migrations/`. */
export interface Migration {
  /** `0001_house.sql` */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file in hex; finds an applied file that was edited. */
  readonly checksum: string;
}

/** The schema cannot be brought up to date. The message is one line for the operator. */
export class MigrationRefused extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "MigrationRefused";
  }
}

/** Key of the advisory lock that the migrating instance holds; any number that nothing else uses. */
const migrationLock = 4_687_721_903;
/** How long a start waits without progress, for another instance or for a table in use. */
const waitMaxMs = 120_000;
/** Statements of other sessions queue behind a change of a table that waits for its lock, so it waits briefly. */
const tableLockMs = 1_000;
const pauseMs = 500;
const fileName = /^\d{4}_[a-z0-9_]+\.sql$/;
const here = new URL("../../../migrations/", import.meta.url);

/** Returns the `NNNN_name.sql` files of a folder in order. Throws on other `.sql` names and on doubled numbers. */
export const readMigrations = (folder: URL = here): Migration[] => {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort();
  const numbers = new Set<string>();
  return names.map((name) => {
    if (!fileName.test(name)) throw new Error(`migration ${name} is not named NNNN_name.sql`);
    const number = name.slice(0, 4);
    if (numbers.has(number)) throw new Error(`two migrations have the number ${number}`);
    numbers.add(number);
    const sql = readFileSync(new URL(name, folder), "utf8");
    return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
  });
};

/**
 * Returns the files that are not applied yet, in order. An applied file without a file here belongs to a
 * later release and is left alone. Throws MigrationRefused when an applied file was edited, or a file was added before it.
 */
export const pendingMigrations = (
  all: readonly Migration[],
  applied: ReadonlyMap<string, string>,
): Migration[] => {
  const last = [...applied.keys()].sort().at(-1) ?? "";
  return all.filter((migration) => {
    const checksum = applied.get(migration.name);
    if (checksum === undefined) {
      if (migration.name > last) return true;
      throw new MigrationRefused(
        `migration ${migration.name} comes before ${last}, which is applied`,
      );
    }
    if (checksum !== migration.checksum) {
      throw new MigrationRefused(
        `migration ${migration.name} was edited after it had been applied`,
      );
    }
    return false;
  });
};

/** Asks before it creates anything: a role without the right to create can start on a schema that is complete. */
const readApplied = async (client: pg.Client): Promise<Map<string, string> | null> => {
  const { rows: found } = await client.query<{ isThere: boolean }>(
    `select to_regclass('schema_migration') is not null as "isThere"`,
  );
  if (found[0]?.isThere !== true) return null;
  const { rows } = await client.query<{ name: string; checksum: string }>(
    "select name, checksum from schema_migration",
  );
  return new Map(rows.map((row) => [row.name, row.checksum]));
};

const createTable = `create table schema_migration (
  name text primary key,
  checksum text not null,
  applied_at timestamptz not null default clock_timestamp()
)`;

const apply = async (client: pg.Client, migration: Migration): Promise<void> => {
  await client.query(migration.sql);
  await client.query("insert into schema_migration (name, checksum) values ($1, $2)", [
    migration.name,
    migration.checksum,
  ]);
};

/** The result of one attempt: a file is applied, or a sentence says why it must wait. */
type Attempt = { readonly applied: string } | { readonly waitsFor: string } | "nothing pending";

const failureOf = (error: unknown, migration: Migration | undefined): Attempt => {
  if (migration === undefined) throw error;
  if (codeOf(error) === "55P03") {
    return { waitsFor: `migration ${migration.name} waits for a table that other sessions use` };
  }
  if (codeOf(error) === "42501") {
    throw new MigrationRefused(
      `migration ${migration.name} is not applied, and the role of DATABASE_URL may not change the schema: run npm run migrate with a role that may`,
      error,
    );
  }
  throw new Error(`migration ${migration.name} failed`, { cause: error });
};

/** Tries to apply the first pending file in one transaction, without waiting for another instance. */
const tryNext = async (client: pg.Client, migrations: readonly Migration[]): Promise<Attempt> => {
  let next: Migration | undefined;
  await client.query(
    `begin; set local lock_timeout = ${tableLockMs}; set local statement_timeout = 0`,
  );
  try {
    const { rows } = await client.query<{ isOurs: boolean }>(
      `select pg_try_advisory_xact_lock($1) as "isOurs"`,
      [migrationLock],
    );
    if (rows[0]?.isOurs !== true) {
      await client.query("rollback");
      return { waitsFor: "another instance migrates the schema" };
    }
    const applied = await readApplied(client);
    [next] = pendingMigrations(migrations, applied ?? new Map());
    if (next !== undefined) {
      if (applied === null) await client.query(createTable);
      await apply(client, next);
    }
    await client.query("commit");
    return next === undefined ? "nothing pending" : { applied: next.name };
  } catch (error) {
    await client.query("rollback").catch(() => undefined); // A lost connection must not hide the cause.
    return failureOf(error, next);
  }
};

const applyAll = async (
  client: pg.Client,
  log: Log,
  migrations: readonly Migration[],
): Promise<void> => {
  let logged = "";
  let waitsSinceMs: number | null = null;
  for (;;) {
    const applied = await readApplied(client);
    if (pendingMigrations(migrations, applied ?? new Map()).length === 0) return;
    const attempt = await tryNext(client, migrations);
    if (attempt === "nothing pending") return;
    if ("applied" in attempt) {
      log.info({ migration: attempt.applied }, "migration applied");
      waitsSinceMs = null;
      continue;
    }
    waitsSinceMs ??= performance.now();
    if (performance.now() - waitsSinceMs > waitMaxMs) {
      throw new MigrationRefused(`${attempt.waitsFor}: waited ${waitMaxMs / 1000} s`);
    }
    if (attempt.waitsFor !== logged) log.warn({ waitMaxMs }, `${attempt.waitsFor}; waiting`);
    logged = attempt.waitsFor;
    await sleep(pauseMs * (0.5 + Math.random()));
  }
};

/**
 * Brings the schema up to the files, in order. Each file is one transaction with its row in
 * `schema_migration`. However many instances start at once, each file is applied once: the lock and the
 * settings belong to the transaction, so a pooler in transaction mode keeps them together. When no file is
 * pending it only reads, and needs no right to create.
 *
 * Throws MigrationRefused when an applied file was edited, when the role may not change the schema, and when
 * another instance or a table in use kept it waiting for 120 s; another error, with its name in the message,
 * when a file fails. Its transaction is rolled back then.
 */
export const migrate = async (
  url: string,
  log: Log,
  migrations: readonly Migration[] = readMigrations(),
): Promise<void> => {
  const client = new pg.Client({
    connectionString: url,
    application_name: "frontrow-migrate",
    connectionTimeoutMillis: 5000,
  });
  client.on("error", (error) => log.warn({ err: error }, "the migrating connection failed"));
  await client.connect();
  try {
    await applyAll(client, log, migrations);
  } finally {
    await client.end();
  }
};
