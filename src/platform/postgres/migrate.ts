import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import pg from "pg";
import type { Log } from "../log.ts";

/** One SQL file of `migrations/`. */
export interface Migration {
  /** `0001_house.sql` */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file in hex; finds an applied file that was edited. */
  readonly checksum: string;
}

/** Key of the advisory lock that the migrating instance holds; any number that nothing else uses. */
const migrationLock = 4_687_721_903;
const waitForOthersMs = 120_000;
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
 * later release and is left alone. Throws when an applied file was edited, or a file was added before it.
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
      throw new Error(`migration ${migration.name} comes before ${last}, which is applied`);
    }
    if (checksum !== migration.checksum) {
      throw new Error(`migration ${migration.name} was edited after it had been applied`);
    }
    return false;
  });
};

const readApplied = async (client: pg.Client): Promise<Map<string, string>> => {
  await client.query(
    `create table if not exists schema_migration (
       name text primary key,
       checksum text not null,
       applied_at timestamptz not null default clock_timestamp()
     )`,
  );
  const { rows } = await client.query<{ name: string; checksum: string }>(
    "select name, checksum from schema_migration",
  );
  return new Map(rows.map((row) => [row.name, row.checksum]));
};

const apply = async (client: pg.Client, migration: Migration): Promise<void> => {
  try {
    await client.query(migration.sql);
  } catch (error) {
    throw new Error(`migration ${migration.name} failed`, { cause: error });
  }
  await client.query("insert into schema_migration (name, checksum) values ($1, $2)", [
    migration.name,
    migration.checksum,
  ]);
};

/** Applies the first pending file in one transaction; returns its name, or null when none is pending. */
const applyNext = async (
  client: pg.Client,
  migrations: readonly Migration[],
): Promise<string | null> => {
  await client.query(
    `begin; set local lock_timeout = ${waitForOthersMs}; set local statement_timeout = 0`,
  );
  try {
    await client.query("select pg_advisory_xact_lock($1)", [migrationLock]);
    const [next] = pendingMigrations(migrations, await readApplied(client));
    if (next !== undefined) await apply(client, next);
    await client.query("commit");
    return next?.name ?? null;
  } catch (error) {
    await client.query("rollback").catch(() => undefined); // A lost connection must not hide the cause.
    throw error;
  }
};

/**
 * Brings the schema up to the files, in order. Each file is one transaction with its row in
 * `schema_migration`. However many instances start at once, each file is applied once: the lock and the
 * settings belong to the transaction, so a pooler in transaction mode keeps them together.
 *
 * Throws when a file fails (its name in the message, its transaction rolled back), when an applied file
 * was edited, or when another instance holds the lock for longer than 120 s.
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
    for (;;) {
      const migration = await applyNext(client, migrations);
      if (migration === null) return;
      log.info({ migration }, "migration applied");
    }
  } finally {
    await client.end();
  }
};
