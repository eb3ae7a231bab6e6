import assert from "node:assert/strict";
import { test } from "node:test";
import pg from "pg";
import { freshDatabase, openPatiently } from "#test/support/postgres.ts";
import { silentLog, type Log } from "../log.ts";
import type { Database } from "./database.ts";
import { migrate, MigrationRefused, readMigrations, type Migration } from "./migrate.ts";

const withDatabase = async (
  work: (url: string, database: Database) => Promise<void>,
): Promise<void> => {
  await using fresh = await freshDatabase();
  const database = openPatiently({ url: fresh.url });
  try {
    await work(fresh.url, database);
  } finally {
    await database.close();
  }
};

const more = (name: string, sql: string): Migration => ({ name, sql, checksum: name });
const tables = async (database: Database): Promise<string[]> =>
  (
    await database.query<{ tablename: string }>({
      text: "select tablename from pg_tables where schemaname = 'public' order by 1",
    })
  ).map((row) => row.tablename);

test("twenty starts at once apply each file once", () =>
  withDatabase(async (url, database) => {
    const all = [
      ...readMigrations(),
      more("0901_a.sql", "create table race_a (n int); insert into race_a values (1)"),
      more("0902_b.sql", "create table race_b (n int)"),
    ];
    await Promise.all(Array.from({ length: 20 }, () => migrate(url, silentLog, all)));
    assert.deepEqual((await database.query({ text: "select n from race_a" })).length, 1);
    const applied = await database.query<{ name: string }>({
      text: "select name from schema_migration order by name",
    });
    assert.deepEqual(
      applied.map(({ name }) => name),
      all.map(({ name }) => name),
    );
  }));

test("a migration that fails leaves no change, and the error names it", () =>
  withDatabase(async (url, database) => {
    const broken = more("0901_a.sql", "create table half (n int); select nonsense");
    await assert.rejects(migrate(url, silentLog, [...readMigrations(), broken]), /0901_a\.sql/);
    assert.ok(!(await tables(database)).includes("half"));
    await migrate(url, silentLog, [
      ...readMigrations(),
      more("0901_a.sql", "create table half ()"),
    ]);
    assert.ok((await tables(database)).includes("half"));
  }));

test("the lock ends with each file's transaction, so a pooler in transaction mode keeps none", () =>
  withDatabase(async (url, database) => {
    const afterCommit = `commit;
      create table lock_seen as select count(*)::int as n from pg_locks
        where locktype = 'advisory' and pid = pg_backend_pid();
      begin`;
    await migrate(url, silentLog, [...readMigrations(), more("0901_a.sql", afterCommit)]);
    assert.deepEqual(
      (await database.query<{ n: number }>({ text: "select n from lock_seen" })).map(({ n }) => n),
      [0],
    );
  }));

/** A log, and a promise of its first warning. */
const warned = (): { log: Log; first: Promise<string> } => {
  const { promise: first, resolve } = Promise.withResolvers<string>();
  return { log: { ...silentLog, warn: (_fields, message) => resolve(message) }, first };
};

/** Keeps what the statements lock until the work is over. */
const whileLocked = async (
  url: string,
  statements: string,
  work: (release: () => Promise<void>) => Promise<void>,
): Promise<void> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`begin; ${statements}`);
  try {
    await work(async () => void (await client.query("commit")));
  } finally {
    await client.end();
  }
};

test("a start that waits for another instance says so, and goes on when it may", () =>
  withDatabase((url) =>
    whileLocked(url, "select pg_advisory_xact_lock(4687721903)", async (release) => {
      const { log, first } = warned();
      const added = more("0901_a.sql", "create table later ()");
      const start = migrate(url, log, [...readMigrations(), added]);
      assert.match(await first, /another instance migrates the schema; waiting/);
      await release();
      await start;
    }),
  ));

test("a start with nothing to migrate waits for no lock", () =>
  withDatabase((url) =>
    whileLocked(url, "select pg_advisory_xact_lock(4687721903)", () => migrate(url, silentLog)),
  ));

test("a change of a table in use is tried again, and does not keep others from the table meanwhile", () =>
  withDatabase(async (url, database) => {
    await database.query({ text: "create table busy (n int)" });
    await whileLocked(url, "select from busy", async (release) => {
      const { log, first } = warned();
      const added = more("0901_a.sql", "alter table busy add column m int");
      const start = migrate(url, log, [...readMigrations(), added]);
      assert.match(await first, /0901_a\.sql waits for a table that other sessions use; waiting/);
      await database.query({ text: "select from busy" });
      await release();
      await start;
    });
    await database.query({ text: "select m from busy" });
  }));

test("a role that may not change the schema starts on a complete one, and is told what to do on another", () =>
  withDatabase(async (url, database) => {
    const role = `frontrow_test_${process.pid}`;
    await database.query({
      text: `create role ${role} login password 'x'; grant select on schema_migration to ${role}`,
    });
    try {
      const limited = new URL(url);
      limited.username = role;
      limited.password = "x";
      await migrate(limited.href, silentLog);
      const added = more("0901_a.sql", "create table forbidden ()");
      await assert.rejects(
        migrate(limited.href, silentLog, [...readMigrations(), added]),
        (error) => {
          assert.ok(error instanceof MigrationRefused);
          assert.match(error.message, /0901_a\.sql is not applied, .* run npm run migrate/);
          return true;
        },
      );
    } finally {
      await database.query({ text: `drop owned by ${role}; drop role ${role}` });
    }
  }));

test("a file that was edited after it had been applied stops the start", () =>
  withDatabase(async (url) => {
    const all = readMigrations();
    await migrate(url, silentLog, all);
    const edited = all.map((it, index) => (index === 0 ? { ...it, checksum: "other" } : it));
    await assert.rejects(migrate(url, silentLog, edited), /edited/);
  }));

test("the repository's files apply to an empty database and again change nothing", () =>
  withDatabase(async (url, database) => {
    await migrate(url, silentLog);
    const before = await tables(database);
    await migrate(url, silentLog);
    assert.deepEqual(await tables(database), before);
    assert.ok(before.includes("seat"));
  }));
