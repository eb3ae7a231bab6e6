import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { atOnce } from "#test/support/concurrency.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import { freshDatabase } from "#test/support/postgres.ts";
import { startFaultProxy, type FaultProxy } from "#test/support/fault-proxy.ts";
import { CommitUnknown, openDatabase, type Database } from "./database.ts";
import type { PoolOptions } from "./pool.ts";

const withDatabase = async (
  work: (database: Database, url: string) => Promise<void>,
  options: Partial<PoolOptions> = {},
): Promise<void> => {
  await using fresh = await freshDatabase();
  const database = openDatabase({ url: fresh.url, ...options });
  try {
    await database.query({ text: "create table kept (n int primary key check (n > 0))" });
    await work(database, fresh.url);
  } finally {
    await database.close();
  }
};

const withProxy = (
  work: (database: Database, proxy: FaultProxy, direct: Database) => Promise<void>,
  options: Partial<PoolOptions> = {},
): Promise<void> =>
  withDatabase(async (direct, url) => {
    await using proxy = await startFaultProxy(url);
    const database = openDatabase({ url: proxy.url, queryTimeoutMs: 400, ...options });
    try {
      await work(database, proxy, direct);
    } finally {
      await database.close();
    }
  });

const kept = async (database: Database): Promise<number[]> =>
  (await database.query<{ n: number }>({ text: "select n from kept order by n" })).map(
    ({ n }) => n,
  );
const keep = (n: number) => ({ name: "keep", text: "insert into kept values ($1)", values: [n] });

test("rows have the types that Queryable promises", () =>
  withDatabase(async (database) => {
    const [row] = await database.query({
      text: `select $1::int8 as big, 1.50::numeric as numeric, timestamptz '2026-11-22 19:00:00.25+09' as at,
             date '2026-12-24' as day, '{"a":1}'::jsonb as json, array[1,2]::int8[] as list, null as none`,
      values: [5_000_000_000],
    });
    assert.deepEqual(
      { ...(row as object) },
      {
        big: 5_000_000_000,
        numeric: "1.50",
        at: Date.UTC(2026, 10, 22, 10, 0, 0, 250),
        day: "2026-12-24",
        json: { a: 1 },
        list: [1, 2],
        none: null,
      },
    );
  }));

test("a named statement is prepared once a connection", () =>
  withDatabase(
    async (database) => {
      for (const n of [1, 2, 3]) await database.query(keep(n));
      const prepared = await database.query({ text: "select name from pg_prepared_statements" });
      assert.deepEqual(
        prepared.map((row) => ({ ...(row as object) })),
        [{ name: "keep" }],
      );
    },
    { connectionsMax: 1 },
  ));

test("a transaction commits its statements, or none of them when its work throws", () =>
  withDatabase(async (database) => {
    const answer = await database.transaction(async (tx) => {
      await tx.query({ text: "select 1" });
      await tx.query(keep(1));
      await tx.query(keep(2));
      return "done";
    });
    assert.equal(answer, "done");
    const bug = new Error("bug");
    const failing = database.transaction(async (tx) => {
      await tx.query(keep(3));
      throw bug;
    });
    await assert.rejects(failing, (error) => error === bug);
    assert.deepEqual(await kept(database), [1, 2]);
  }));

test("statements of a transaction may be sent at the same time", () =>
  withDatabase(async (database) => {
    await database.transaction(async (tx) => {
      await Promise.all([tx.query(keep(1)), tx.query(keep(2)), tx.query(keep(3))]);
    });
    assert.deepEqual(await kept(database), [1, 2, 3]);
  }));

test("of statements sent together the first error is thrown, whichever rejection arrives first", () =>
  withDatabase(async (database) => {
    const work = database.transaction(async (tx) => {
      await tx.query({ text: "select 1" });
      const tellsLate = tx.query(keep(-1)).catch(async (error: unknown) => {
        await sleep(20);
        throw error;
      });
      await Promise.all([tellsLate, tx.query({ text: "select clock_timestamp()" })]);
    });
    await assert.rejects(work, { code: "23514" });
    assert.deepEqual(await kept(database), []);
  }));

test("an SQL error passes through with code and constraint, and rolls back", () =>
  withDatabase(async (database) => {
    const failing = database.transaction(async (tx) => {
      await tx.query(keep(1));
      await tx.query(keep(-1));
    });
    await assert.rejects(failing, (error) => {
      assert.ok(error instanceof pg.DatabaseError);
      return error.code === "23514" && error.constraint === "kept_n_check";
    });
    await assert.rejects(database.query({ text: "select nonsense" }), pg.DatabaseError);
    assert.deepEqual(await kept(database), []);
  }));

test("work that ignores an SQL error cannot commit", () =>
  withDatabase(async (database) => {
    const swallowing = database.transaction(async (tx) => {
      await tx.query(keep(1));
      await tx.query(keep(-1)).catch(() => {});
    });
    await assert.rejects(swallowing, /had failed/);
    assert.deepEqual(await kept(database), []);
  }));

test("a transaction without a statement sends nothing to the server", () =>
  withDatabase(async (database) => {
    assert.equal(await database.transaction(() => Promise.resolve(7)), 7);
  }));

test("the server cancels a statement that runs too long", () =>
  withDatabase(
    async (database) => {
      await assert.rejects(database.query({ text: "select pg_sleep(5)" }), Unavailable);
      assert.deepEqual(await kept(database), []);
    },
    { statementTimeoutMs: 100 },
  ));

test("the wait for a lock is bounded", () =>
  withDatabase(
    async (database) => {
      await database.query(keep(1));
      await database.transaction(async (tx) => {
        await tx.query({ text: "select n from kept for update" });
        const second = database.transaction((other) =>
          other.query({ text: "update kept set n = 2" }),
        );
        await assert.rejects(second, (error) => {
          assert.ok(error instanceof Unavailable);
          return !(error instanceof CommitUnknown);
        });
      });
    },
    { lockTimeoutMs: 100 },
  ));

test("the wait for a connection is bounded in time and in number of callers", () =>
  withDatabase(
    async (database) => {
      let isBusy = true;
      const sleeper = database.query({ text: "select pg_sleep(1)" }).then(() => (isBusy = false));
      await sleep(50);
      const waiter = assert.rejects(database.query({ text: "select 1" }), Unavailable);
      await atOnce(assert.rejects(database.query({ text: "select 1" }), /too many callers/));
      await waiter;
      assert.ok(isBusy, "the caller gives up before the connection is free");
      await sleeper;
    },
    { connectionsMax: 1, acquireTimeoutMs: 200, waitingMax: 1 },
  ));

test("the timers of calls have whole ms, so that they share one list of Node", (t) =>
  withDatabase(async (database) => {
    const timers = t.mock.method(globalThis, "setTimeout");
    for (let n = 0; n < 5; n += 1) await database.query({ text: "select 1" });
    const times = timers.mock.calls.map(({ arguments: [, ms] }) => Number(ms));
    timers.mock.restore();
    assert.ok(
      times.some((ms) => ms > 2_000),
      "the limit of a call",
    );
    assert.deepEqual(
      times.filter((ms) => !Number.isInteger(ms)),
      [],
    );
  }));

test("a frozen server costs each call its time limit and no more, and is used again when it answers", () => {
  const [callsCount, acquireTimeoutMs] = [50, 300];
  return withProxy(
    async (database, proxy) => {
      await Promise.all([kept(database), kept(database)]);
      proxy.freeze();
      const startedMs = performance.now();
      const calls = Array.from({ length: callsCount }, async () => {
        await assert.rejects(
          database.transaction((tx) => tx.query(keep(1))),
          Unavailable,
        );
      });
      await Promise.all(calls);
      assert.ok(performance.now() - startedMs < callsCount * acquireTimeoutMs, "one by one");
      assert.equal(database.usage().waiting, 0);
      proxy.heal();
      await database.query(keep(7));
      assert.deepEqual(await kept(database), [7]);
    },
    { acquireTimeoutMs },
  );
});

test("calls to a server that is gone throw Unavailable at once, and succeed when it is back", () =>
  withProxy(async (database, proxy) => {
    await kept(database);
    proxy.reset();
    await sleep(20);
    assert.deepEqual(await kept(database), []);
    const away = openDatabase({ url: "postgres://nobody@127.0.0.1:1/none" });
    await assert.rejects(away.query({ text: "select 1" }), Unavailable);
    await away.close();
  }));

test("a COMMIT without an answer throws CommitUnknown, and may have taken effect", () =>
  withProxy(async (database, proxy, direct) => {
    const unknown = database.transaction(async (tx) => {
      await tx.query(keep(1));
      proxy.mute();
    });
    await assert.rejects(unknown, CommitUnknown);
    assert.deepEqual(await kept(direct), [1]);
  }));

test("a statement outside a transaction without an answer throws CommitUnknown", () =>
  withProxy(async (database, proxy, direct) => {
    await kept(database);
    proxy.mute();
    await assert.rejects(database.query(keep(1)), CommitUnknown);
    await sleep(50);
    assert.deepEqual(await kept(direct), [1]);
  }));

test("a connection lost before COMMIT throws Unavailable but not CommitUnknown, and changes nothing", () =>
  withProxy(async (database, proxy, direct) => {
    const lost = database.transaction(async (tx) => {
      await tx.query(keep(1));
      proxy.reset();
      await sleep(20);
      await tx.query(keep(2));
    });
    await assert.rejects(lost, (error) => {
      assert.ok(error instanceof Unavailable);
      return !(error instanceof CommitUnknown);
    });
    const silent = database.transaction(async (tx) => {
      await tx.query(keep(1));
      proxy.reset();
      await sleep(20);
    });
    await assert.rejects(silent, Unavailable);
    await sleep(50);
    assert.deepEqual(await kept(direct), []);
  }));

test("a whole transaction has one time limit, however short each statement is", () =>
  withProxy(async (database, _proxy, direct) => {
    const slow = database.transaction(async (tx) => {
      for (let n = 1; n < 100; n += 1) {
        await tx.query(keep(n));
        await sleep(20);
      }
    });
    await assert.rejects(slow, Unavailable);
    await sleep(50);
    assert.deepEqual(await kept(direct), []);
  }));

test("the server ends a transaction that waits for its work too long, except within the time that the call has", () =>
  withDatabase(
    async (database) => {
      const insertAfter = (ms: number, options?: { withinMs: number }): Promise<void> =>
        database.transaction(async (tx) => {
          await tx.query({ text: "select 1" });
          await sleep(ms);
          await tx.query({ text: "insert into kept values (1)" });
        }, options);
      await assert.rejects(insertAfter(1_000), Unavailable);
      await insertAfter(1_000, { withinMs: 60_000 });
      assert.deepEqual(await kept(database), [1]);
    },
    { idleInTransactionMs: 100, queryTimeoutMs: 60_000 },
  ));

test("closing waits for calls in flight", () =>
  withProxy(async (database, proxy) => {
    const last = database.query({ text: "select pg_sleep(0.1)" });
    await sleep(20);
    await Promise.all([last, database.close()]);
    await assert.rejects(database.query({ text: "select 1" }), Unavailable);
    proxy.freeze();
  }));

test("closing is bounded when idle connections are frozen", () =>
  withProxy(async (database, proxy) => {
    await kept(database);
    proxy.freeze();
    await database.close();
  }));
