import assert from "node:assert/strict";
import { test } from "node:test";
import { freshDatabase } from "#test/support/postgres.ts";
import { silentLog } from "../log.ts";
import { openDatabase, type Database } from "./database.ts";
import { migrate, readMigrations, type Migration } from "./migrate.ts";

const withDatabase = async (
  work: (url: string, database: Database) => Promise<void>,
): Promise<void> => {
  await using fresh = await freshDatabase();
  const database = openDatabase({ url: fresh.url });
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
