import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ConcertId } from "#kernel/ids.ts";
import { dates, newId, openSaleFixture, type SaleFixture } from "#test/support/box-office.ts";
import { eventually, mapConcurrently, times } from "#test/support/concurrency.ts";
import type { SeatMap } from "../../domain/seat-map.ts";
import { seatChangePurge } from "./purge-seat-changes.ts";
import { changesText, readChanges, readWhole, type SeatMapRead } from "./read-seat-maps.ts";

// A seat map that is fed by what has changed, against reads of all seats.

const next = async (sale: SaleFixture, last: SeatMapRead): Promise<SeatMapRead> => {
  const read = await readChanges(sale.database, sale, last);
  assert.ok(read, "the last read can be continued");
  return read;
};

const contentOf = ({ shows }: SeatMapRead) =>
  shows.map(({ date, statuses, ends, soldCount }) => [
    ...[date, statuses, soldCount],
    [...ends].sort(([a], [b]) => a - b),
  ]);

const openTransaction = async (sale: SaleFixture, seatNumber: number) => {
  const reached = Promise.withResolvers<void>();
  const mayCommit = Promise.withResolvers<void>();
  const done = sale.database.transaction(async (tx) => {
    await tx.query({
      text: `update seat set status = 'SOLD', reservation_id = gen_random_uuid()
        where date = $1 and seat_number = $2`,
      values: [dates[0], seatNumber],
    });
    reached.resolve();
    await mayCommit.promise;
  });
  await reached.promise;
  return { commit: () => (mayCommit.resolve(), done) };
};

const showOf = ({ shows }: SeatMapRead): SeatMap => shows[0] ?? assert.fail();

interface PlanNode {
  readonly "Relation Name"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
}

/** The rows of a table that a statement has read, as EXPLAIN tells. */
const rowsRead = (plan: unknown, table: string): number => {
  if (typeof plan !== "object" || plan === null) return 0;
  const node = plan as PlanNode;
  const own =
    node["Relation Name"] === table
      ? (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)) * node["Actual Loops"]
      : 0;
  return Object.values(plan).reduce<number>((sum, part) => sum + rowsRead(part, table), own);
};

describe("a seat map that is fed by changes", () => {
  it("has a change whose transaction began before others and commits after them and after a read", async () => {
    await using sale = await openSaleFixture();
    let read = await readWhole(sale.database, sale);
    const slow = await openTransaction(sale, 1);
    await sale.held(newId<"user">(), [2]);
    read = await next(sale, read);
    assert.equal(showOf(read).statuses.slice(0, 3), "AHA");
    await sale.held(newId<"user">(), [3]);
    read = await next(sale, read);
    assert.equal(showOf(read).statuses.slice(0, 3), "AHH");
    await slow.commit();
    read = await next(sale, read);
    assert.equal(showOf(read).statuses.slice(0, 3), "SHH");
    const versions = [1, 2, 3].map((seatNumber) => showOf(read).changed.get(seatNumber) ?? 0);
    assert.ok((versions[0] ?? 0) < (versions[1] ?? 0) && (versions[1] ?? 0) < (versions[2] ?? 0));
    read = await next(sale, read);
    assert.deepEqual(contentOf(read), contentOf(await readWhole(sale.database, sale)));
  });

  it("control: a map that continues after the last transaction that it has seen misses that change", async () => {
    await using sale = await openSaleFixture();
    const slow = await openTransaction(sale, 1);
    await sale.held(newId<"user">(), [2]);
    const [row] = await sale.sql<{ xid: string }>(
      "select max(xid::text::int8)::text as xid from seat_change",
    );
    await slow.commit();
    const text = "select seat_numbers from seat_change where xid > $1::text::xid8";
    assert.deepEqual(await sale.sql(text, [row?.xid]), []);
  });

  it("equals a read of all seats after every round of reserving, paying and cancelling at once", async () => {
    await using sale = await openSaleFixture();
    const other = sale.another();
    let read = await readWhole(sale.database, sale);
    for (let round = 0; round < 5; round += 1) {
      const buyers = times(30, (n) => ({
        userId: newId<"user">(),
        seatNumber: ((n * 7 + round) % 50) + 1,
      }));
      const work = mapConcurrently(buyers, 12, async ({ userId, seatNumber }, n) => {
        const office = n % 2 === 0 ? sale : other;
        const outcome = await office.reserve(userId, [seatNumber], { holdSeconds: 60 });
        if (outcome.kind !== "reserved") return;
        const { reservationId } = outcome.reservation;
        if (n % 3 === 0) await office.cancel(userId, reservationId);
      });
      while (
        !(await Promise.race([
          work.then(() => true),
          next(sale, read).then((it) => ((read = it), false)),
        ]))
      );
      await work;
      read = await next(sale, read);
      assert.deepEqual(contentOf(read), contentOf(await readWhole(sale.database, sale)));
    }
  });

  it("reads the rows of the changed seats only, also before the database has statistics of a new sale", async () => {
    await using sale = await openSaleFixture();
    const { shows } = await readWhole(sale.database, sale);
    for (const seatNumber of [3, 20, 41]) await sale.held(newId<"user">(), [seatNumber]);
    const [row] = await sale.sql<{ "QUERY PLAN": unknown }>(
      `explain (analyze, format json) ${changesText}`,
      [sale.concertId, String(shows[0]?.version), null, "{}"],
    );
    assert.equal(rowsRead(row?.["QUERY PLAN"], "seat"), 3);
  });

  it("is read as a whole again when changes were deleted since, or a date was added", async () => {
    await using sale = await openSaleFixture();
    const old = await readWhole(sale.database, sale);
    let atMs = 0;
    const purge = seatChangePurge(sale.database, () => atMs);
    await sale.held(newId<"user">(), [1]);
    await purge();
    assert.equal((await sale.sql("select from seat_change")).length, 1);
    // A transaction of any database of the cluster that is still open keeps the changes for longer.
    await eventually("the changes are deleted", async () => {
      atMs += 60_000;
      await purge();
      return (await sale.sql("select from seat_change")).length === 0 || undefined;
    });
    assert.equal(await readChanges(sale.database, sale, old), null);
    const recent = await readWhole(sale.database, sale);
    assert.ok(await readChanges(sale.database, sale, recent));
    await sale.sql("insert into show values ($1, '2027-12-30', '2027-12-30')", [sale.concertId]);
    assert.equal(await readChanges(sale.database, sale, recent), null);
  });

  it("of a concert without shows stays empty", async () => {
    await using sale = await openSaleFixture();
    const none: ConcertId = newId<"concert">();
    const read = await readWhole(sale.database, { concertId: none });
    assert.deepEqual(read.shows, []);
    assert.equal(await readChanges(sale.database, { concertId: none }, read), null);
  });
});
