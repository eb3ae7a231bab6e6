import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import pg from "pg";
import { Unavailable } from "#kernel/unavailable.ts";
import { freshPgbouncer } from "#test/support/pgbouncer.ts";
import { freshDatabase, type FreshDatabase } from "#test/support/postgres.ts";
import { silentLog } from "../log.ts";
import { CommitUnknown, openDatabase, type Database } from "./database.ts";
import { migrate, readMigrations } from "./migrate.ts";
import { DatabaseUnreachable, waitForDatabase } from "./wait-for-database.ts";

let fresh: FreshDatabase;
before(async () => {
  fresh = await freshDatabase();
});
after(() => fresh[Symbol.asyncDispose]());

const settingsQuery = `
  select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
    current_setting('idle_in_transaction_session_timeout') as idle, current_setting('TimeZone') as zone,
    current_setting('DateStyle') as dates, current_setting('transaction_isolation') as isolation`;
const ours = {
  statement: "1900ms",
  lock: "1400ms",
  idle: "2900ms",
  zone: "UTC",
  dates: "ISO, MDY",
  isolation: "read committed",
};
const options = {
  statementTimeoutMs: 1900,
  lockTimeoutMs: 1400,
  idleInTransactionMs: 2900,
  acquireTimeoutMs: 30_000,
  queryTimeoutMs: 40_000,
};

const plain = (rows: readonly unknown[]): unknown[] => rows.map((row) => ({ ...(row as object) }));

/** Asserts that the settings are in force in a transaction and for a statement alone. */
const assertSettings = async (database: Database): Promise<void> => {
  assert.deepEqual(plain(await database.query({ text: settingsQuery })), [ours]);
  const inside = await database.transaction((tx) => tx.query({ text: settingsQuery }));
  assert.deepEqual(plain(inside), [ours]);
};

for (const mode of ["session", "transaction"] as const) {
  const withPooler = async (
    work: (database: Database, url: string) => Promise<void>,
    // In session mode each connection of a client keeps one of the two to the server.
    connectionsMax = mode === "session" ? 2 : 6,
  ): Promise<void> => {
    await using pooler = await freshPgbouncer(fresh.url, mode, 2);
    const database = openDatabase({ url: pooler.url, connectionsMax, ...options });
    try {
      await work(database, pooler.url);
    } finally {
      await database.close();
    }
  };

  test(`behind PgBouncer in ${mode} mode the settings are in force, and another client gets none of them`, () =>
    withPooler(async (database, url) => {
      await Promise.all(Array.from({ length: 20 }, () => assertSettings(database)));
      await database.close();
      const other = new pg.Client({ connectionString: url });
      await other.connect();
      const { rows } = await other.query<{ statement_timeout: string }>("show statement_timeout");
      await other.end();
      assert.deepEqual(plain(rows), [{ statement_timeout: "0" }]);
    }));

  test(`behind PgBouncer in ${mode} mode a named statement works on every connection, again and again`, () =>
    withPooler(async (database) => {
      const twice = (n: number) => ({
        name: "twice",
        text: "select $1::int * 2 as n",
        values: [n],
      });
      for (let round = 0; round < 10; round += 1) {
        const answers = await Promise.all(
          Array.from({ length: 12 }, (_, n) =>
            n % 2 === 0
              ? database.query<{ n: number }>(twice(n))
              : database.transaction(async (tx) => {
                  const [rows] = await Promise.all([
                    tx.query<{ n: number }>(twice(n)),
                    tx.query(twice(0)),
                  ]);
                  return rows;
                }),
          ),
        );
        assert.deepEqual(
          answers.map(([row]) => row?.n),
          Array.from({ length: 12 }, (_, n) => n * 2),
        );
      }
    }));

  test(`behind PgBouncer in ${mode} mode a statement that fails or takes too long changes nothing`, () =>
    withPooler(async (database) => {
      await database.query({ text: "create table if not exists kept (n int check (n > 0))" });
      await database.query({ text: "insert into kept values (1)" });
      const failing = database.query({ text: "insert into kept values (-1)" });
      await assert.rejects(failing, { code: "23514" });
      const slow = database.query({
        text: "insert into kept select 2 from (select pg_sleep(5)) as waited",
      });
      await assert.rejects(slow, (error) => {
        assert.ok(error instanceof Unavailable);
        return !(error instanceof CommitUnknown);
      });
      assert.deepEqual(plain(await database.query({ text: "select n from kept" })), [{ n: 1 }]);
      await database.query({ text: "drop table kept" });
    }));
}

test("a start behind PgBouncer in transaction mode waits for the database and migrates", async () => {
  await using pooler = await freshPgbouncer(fresh.url, "transaction");
  await waitForDatabase({ url: pooler.url, withinMs: 20_000, log: silentLog });
  const sql = "create table made_through_the_pooler ()";
  const added = { name: "0901_a.sql", sql, checksum: "a" };
  await migrate(pooler.url, silentLog, [...readMigrations(), added]);
  const database = openDatabase({ url: fresh.url });
  await database.query({ text: "select from made_through_the_pooler" });
  await database.close();
});

test("a start behind PgBouncer in statement mode is refused at once, in one line", async () => {
  await using pooler = await freshPgbouncer(fresh.url, "statement");
  const start = waitForDatabase({ url: pooler.url, withinMs: 60_000, log: silentLog });
  await assert.rejects(start, (error) => {
    assert.ok(error instanceof DatabaseUnreachable);
    assert.match(error.message, /a pooler in statement mode/);
    assert.doesNotMatch(error.message, /\n/);
    return true;
  });
});

test("the URL, the role and the database of a client do not replace the settings", async () => {
  const admin = openDatabase({ url: fresh.url });
  const name = new URL(fresh.url).pathname.slice(1);
  await admin.query({
    text: `alter database ${name} set default_transaction_isolation = 'serializable'`,
  });
  const url = new URL(fresh.url);
  url.searchParams.set("options", "-c timezone=Asia/Seoul -c statement_timeout=0");
  const database = openDatabase({ url: url.href, ...options });
  await assertSettings(database);
  const [row] = await database.query<{ at: number }>({
    text: "select timestamptz '2026-11-22 19:00:00+09' as at",
  });
  assert.equal(row?.at, Date.UTC(2026, 10, 22, 10));
  await database.close();
  await admin.close();
});
