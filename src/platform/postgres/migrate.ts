import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import pg from "pg";
import type { Log } from "../log.ts";

/** One file of the schema's history. */
export interface Migration {
  /** `0001_house.sql` */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file in hex: an applied file is never edited. */
  readonly checksum: string;
}

/** Any number; whoever migrates this database holds it. */
const migrationLock = 4_687_721_903;
const waitForOthersMs = 120_000;
const fileName = /^\d{4}_[a-z0-9_]+\.sql$/;
const here = new URL("../../../migrations/", import.meta.url);

/** The `NNNN_name.sql` files of a folder in order. Throws on other `.sql` names and on doubled numbers. */
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
 * What is still to be applied. Throws when an applied file was edited, or one was added before it.
 * Applied files that are not here are a later release's: they stand.
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
  const { rows } = await client.query<{ name: string; checksum: string }>(
    "select name, checksum from schema_migration",
  );
  return new Map(rows.map((row) => [row.name, row.checksum]));
};

const applyOne = async (client: pg.Client, migration: Migration): Promise<void> => {
  await client.query("begin");
  try {
    await client.query(migration.sql);
    await client.query("insert into schema_migration (name, checksum) values ($1, $2)", [
      migration.name,
      migration.checksum,
    ]);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw new Error(`migration ${migration.name} failed`, { cause: error });
  }
};

/**
 * Brings the schema up to the files. However many instances do so at once, one applies and the others
 * wait for it, at most two minutes. Each file is one transaction with its row in `schema_migration`.
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
    options: `-c lock_timeout=${waitForOthersMs} -c statement_timeout=0`,
  });
  client.on("error", (error) => log.warn({ err: error }, "the migrating connection failed"));
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [migrationLock]);
    await client.query(
      `create table if not exists schema_migration (
         name text primary key,
         checksum text not null,
         applied_at timestamptz not null default clock_timestamp()
       )`,
    );
    for (const migration of pendingMigrations(migrations, await readApplied(client))) {
      await applyOne(client, migration);
      log.info({ migration: migration.name }, "migration applied");
    }
  } finally {
    // Ending the session gives the lock back.
    await client.end();
  }
};
