import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hall } from "#test/support/batch.ts";
import { dates, newId, openSaleFixture, type SaleFixture } from "#test/support/box-office.ts";
import { race, times } from "#test/support/concurrency.ts";
import type { Reserve, ReserveOutcome } from "../../domain/commands.ts";
import { singlesCreated } from "../../domain/single-seats.ts";

// Choices in one row that refuse to leave a single seat, on PostgreSQL, by several box offices at once.

/**
 * Rows of ten seats, in each of which seat 6 is sold: a run of five and a run of four are free. Two buyers who take
 * two seats at either end of the first run leave its middle alone. Neither does so without the other.
 */
const rowCount = 5;
const ends = [
  [1, 2],
  [4, 5],
] as const;
const rowOf = (n: number) => ({ firstSeat: 10 * n + 1, lastSeat: 10 * n + 10 });

const sellSixths = (sale: SaleFixture) =>
  sale.sql(
    `update seat set status = 'SOLD', reservation_id = gen_random_uuid()
     where date = $1 and seat_number % 10 = 6`,
    [dates[0]],
  );

/** By row, which seats are free. */
const freeByRow = async (sale: SaleFixture): Promise<readonly (readonly boolean[])[]> => {
  const seats = await sale.sql<{ is_free: boolean }>(
    `select status = 'AVAILABLE' as is_free from seat where date = $1 order by seat_number`,
    [dates[0]],
  );
  return times(rowCount, (n) =>
    seats.slice(10 * n, 10 * n + 10).map(({ is_free: isFree }) => isFree),
  );
};

/** Both buyers of each row at once, at two offices. */
const raceForRows = (
  offices: readonly Pick<SaleFixture, "reserve">[],
  part: (row: number) => Partial<Reserve>,
): Promise<readonly ReserveOutcome[]> =>
  race(
    times(2 * rowCount, (n) => async () => {
      const [row, end] = [n >> 1, ends[n % 2] ?? ends[0]];
      const seatNumbers = end.map((seat) => 10 * row + seat);
      const office = offices[n % 2] ?? assert.fail();
      return office.reserve(newId<"user">(), seatNumbers, part(row));
    }),
  );

const hasSingleThird = (free: readonly boolean[]): boolean =>
  free[2] === true && free[1] === false && free[3] === false;

describe("single seats on PostgreSQL", () => {
  it("two buyers at both ends of a row never leave its middle alone: one of them is refused", async () => {
    await using sale = await openSaleFixture();
    await sellSixths(sale);
    const outcomes = await raceForRows([sale, sale.another()], (row) => ({ rows: [rowOf(row)] }));
    for (const row of times(rowCount, (n) => n)) {
      const [first, second] = outcomes.slice(2 * row, 2 * row + 2);
      assert.deepEqual([first?.kind, second?.kind].sort(), ["reserved", "single-seat-left"]);
      const refused = first?.kind === "reserved" ? second : first;
      assert.deepEqual(refused, { kind: "single-seat-left", seatNumbers: [10 * row + 3] });
    }
    assert.equal((await freeByRow(sale)).filter(hasSingleThird).length, 0);
  });

  it("control: buyers who are judged on the same seats and lock only their own leave singles", async () => {
    await using sale = await openSaleFixture();
    await sellSixths(sale);
    const [free = []] = await freeByRow(sale);
    for (const end of ends)
      assert.deepEqual(
        singlesCreated(
          free,
          end.map((seat) => seat - 1),
        ),
        [],
      );
    const outcomes = await raceForRows([sale, sale.another()], () => ({ rows: [] }));
    assert.ok(outcomes.every(({ kind }) => kind === "reserved"));
    assert.equal((await freeByRow(sale)).filter(hasSingleThird).length, rowCount);
  });

  it("a choice waits for a seat of its row that another transaction has locked, and is judged after it", async () => {
    await using sale = await openSaleFixture();
    await sellSixths(sale);
    let release = (): void => undefined;
    const isLocked = Promise.withResolvers<void>();
    const other = sale.database.transaction(async (tx) => {
      await tx.query({
        text: `update seat set status = 'SOLD', reservation_id = gen_random_uuid()
          where date = $1 and seat_number in (1, 2)`,
        values: [dates[0]],
      });
      isLocked.resolve();
      await new Promise<void>((resolve) => (release = resolve));
    });
    await isLocked.promise;
    const asked = sale.reserve(newId<"user">(), [4, 5], { rows: [rowOf(0)] });
    const early = await Promise.race([asked, sale.sql("select pg_sleep(0.3)")]);
    assert.ok(Array.isArray(early), "the choice waits");
    release();
    await other;
    assert.deepEqual(await asked, { kind: "single-seat-left", seatNumbers: [3] });
  });

  it("the best seats are never refused for a single seat", async () => {
    await using sale = await openSaleFixture();
    await sale.sql(
      `update seat set status = 'SOLD', reservation_id = gen_random_uuid()
       where date = $1 and seat_number not in (1, 2, 3, 5)`,
      [dates[0]],
    );

    const wish = { count: 2, grade: null, section: null, together: true };
    const outcome = await sale.reserve(newId<"user">(), [], { best: { wish, plan: hall } });
    assert.ok(outcome.kind === "reserved");
    assert.deepEqual(outcome.reservation.seatNumbers, [2, 3]);
  });
});
