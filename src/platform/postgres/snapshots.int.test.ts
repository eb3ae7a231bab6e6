import assert from "node:assert/strict";
import { test } from "node:test";
import { Unavailable } from "#kernel/unavailable.ts";
import { eventually } from "#test/support/concurrency.ts";
import { freshDatabase, openPatiently } from "#test/support/postgres.ts";
import { openSnapshots, type SnapshotOptions } from "./snapshots.ts";

// Long readings on PostgreSQL.

const opened = async (options: Omit<SnapshotOptions, "url"> = {}) => {
  const fresh = await freshDatabase();
  const database = openPatiently({ url: fresh.url });
  const snapshots = openSnapshots({ url: fresh.url, ...options });
  await database.query({ text: "create table number (n int4 primary key)" });
  await database.query({ text: "insert into number select generate_series(1, 2500)" });
  return {
    database,
    snapshots,
    async openTransactions() {
      const [row] = await database.query<{ count: number }>({
        text: `select count(*)::int as count from pg_stat_activity
          where application_name = 'frontrow-export' and xact_start is not null`,
      });
      return row?.count;
    },
    async [Symbol.asyncDispose]() {
      await snapshots.close();
      await database.close();
      await fresh[Symbol.asyncDispose]();
    },
  };
};

const numbers = { text: "select n from number where n > $1 order by n", values: [0] };

test("a long reading has every row once, in batches of at most 1,000", async () => {
  await using it = await opened();
  const sizes: number[] = [];
  const read: number[] = [];
  for await (const rows of it.snapshots.read<{ n: number }>(numbers)) {
    sizes.push(rows.length);
    read.push(...rows.map(({ n }) => n));
  }
  assert.deepEqual(sizes, [1000, 1000, 500]);
  assert.deepEqual(
    read,
    [...read.keys()].map((n) => n + 1),
  );
  const none = it.snapshots.read({ text: "select n from number where false" });
  assert.deepEqual(await none.next(), { done: true, value: undefined });
  assert.equal(await it.openTransactions(), 0);
});

test("a long reading shows one moment, whatever is committed meanwhile", async () => {
  await using it = await opened();
  const reading = it.snapshots.read<{ n: number }>(numbers);
  const first = await reading.next();
  await it.database.query({ text: "delete from number where n = 2500" });
  await it.database.query({ text: "insert into number values (1000000)" });
  const rest: number[] = [];
  for await (const rows of reading) rest.push(...rows.map(({ n }) => n));
  assert.equal(first.value?.length, 1000);
  assert.deepEqual([rest.length, rest.at(-1)], [1500, 2500]);
});

test("a reader that returns in the middle frees its connection", async () => {
  await using it = await opened();
  for (let readings = 0; readings < 4; readings += 1) {
    const reading = it.snapshots.read(numbers);
    await reading.next();
    await reading.return();
  }
  await eventually("every transaction has ended", async () =>
    (await it.openTransactions()) === 0 ? true : undefined,
  );
});

test("a third reading at once is refused as Unavailable, and works afterwards", async () => {
  await using it = await opened();
  const [one, two] = [it.snapshots.read(numbers), it.snapshots.read(numbers)];
  await one.next();
  await two.next();
  await assert.rejects(it.snapshots.read(numbers).next(), Unavailable);
  await one.return();
  const third = it.snapshots.read(numbers);
  assert.equal((await third.next()).done, false);
  await third.return();
  await two.return();
});

test("a reading that takes longer than its time throws Unavailable, and its transaction ends", async () => {
  await using it = await opened({ readWithinMs: 300 });
  const reading = it.snapshots.read(numbers);
  const slow = async (): Promise<void> => {
    for await (const rows of reading) {
      assert.equal(rows.length, 1000);
      await new Promise((resolve) => setTimeout(resolve, 600));
    }
  };
  await assert.rejects(slow(), Unavailable);
  await eventually("the transaction has ended", async () =>
    (await it.openTransactions()) === 0 ? true : undefined,
  );
});

test("a faulty statement throws the error of the database, not Unavailable", async () => {
  await using it = await opened();
  await assert.rejects(
    it.snapshots.read({ text: "select nothing from number" }).next(),
    (error) => {
      assert.ok(!(error instanceof Unavailable));
      return true;
    },
  );
});
