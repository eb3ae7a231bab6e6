import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Database, Statement } from "#platform/postgres/database.ts";
import {
  dates,
  newId,
  openSaleFixture,
  seatPrice,
  type SaleFixture,
} from "#test/support/box-office.ts";
import { mapConcurrently, times } from "#test/support/concurrency.ts";
import { hallOf, planFrom } from "#test/support/halls.ts";
import { pgSalesFigures } from "./sales-figures.ts";

// The figures of a sale, kept up to date by what has changed, against a count of all seats.

const plans = { find: async () => planFrom(hallOf(1)) };

/** The database, and the names of the statements that were sent in transactions. `after` runs behind each of them. */
const watched = (
  database: Database,
  after: (name: string) => Promise<void> = async () => undefined,
) => {
  const names: string[] = [];
  const watching: Database = {
    ...database,
    transaction: (work, options) =>
      database.transaction(
        (tx) =>
          work({
            async query<Row>(statement: Statement) {
              const rows = await tx.query<Row>(statement);
              if (statement.name !== undefined) {
                names.push(statement.name);
                await after(statement.name);
              }
              return rows;
            },
          }),
        options,
      ),
  };
  return { database: watching, names };
};

const counted = (sale: SaleFixture) =>
  sale.sql(
    `select s.date, s.grade, g.price,
       (count(*) filter (where s.status = 'AVAILABLE' or s.expires_at <= clock_timestamp()))::int as available,
       (count(*) filter (where s.status = 'HELD' and s.expires_at > clock_timestamp()))::int as held,
       (count(*) filter (where s.status = 'SOLD'))::int as sold,
       (count(*) filter (where s.status = 'BLOCKED'))::int as blocked,
       (coalesce(sum(l.price) filter (where s.status = 'SOLD'), 0))::int as revenue
     from seat s
     join grade g on g.concert_id = s.concert_id and g.name = s.grade
     left join reservation_seat l on l.live and (l.concert_id, l.date, l.seat_number) = (s.concert_id, s.date, s.seat_number)
     group by 1, 2, 3 order by 1, 2`,
  );

const buys = async (sale: SaleFixture, seatNumbers: readonly number[]): Promise<void> => {
  const buyer = newId<"user">();
  await sale.charge(buyer, seatPrice * seatNumbers.length);
  const { reservationId } = await sale.held(buyer, seatNumbers);
  assert.equal((await sale.pay(buyer, reservationId)).kind, "paid");
};

describe("figures of a sale on PostgreSQL", () => {
  it("are those of a count, after each of many changes", async () => {
    await using sale = await openSaleFixture();
    const figures = pgSalesFigures({ database: sale.database, plans });
    const same = async (): Promise<void> =>
      assert.deepEqual((await figures.read(sale.concertId)).found, await counted(sale));
    await same();
    await buys(sale, [1, 2, 3]);
    await same();
    const held = await sale.held(newId<"user">(), [4, 5]);
    await same();
    await sale.lapse(held.reservationId);
    await same();
    await mapConcurrently(
      times(8, (n) => n),
      4,
      (n) => buys(sale, [10 + n]),
    );
    await same();
    await sale.sql("update grade set price = price + 7");
    await sale.sql("update seat set status = 'BLOCKED' where seat_number = 50 and date = $1", [
      dates[1],
    ]);
    await same();
  });

  it("have the price of the buyer who has a seat now, when it was sold, given back and sold again between two calls", async () => {
    await using sale = await openSaleFixture();
    const figures = pgSalesFigures({ database: sale.database, plans });
    await buys(sale, [1]);
    const revenue = async (): Promise<number> =>
      (await figures.read(sale.concertId)).found.reduce((sum, row) => sum + row.revenue, 0);
    assert.equal(await revenue(), seatPrice);
    await sale.sql("update reservation_seat set live = false");
    await sale.sql("update ticket set status = 'VOID'");
    await sale.sql(
      "update seat set status = 'AVAILABLE', reservation_id = null where seat_number = 1 and date = $1",
      [dates[0]],
    );
    await sale.sql("update grade set price = price + 5");
    const buyer = newId<"user">();
    await sale.charge(buyer, seatPrice + 5);
    const { reservationId } = await sale.held(buyer, [1]);
    await sale.pay(buyer, reservationId);
    assert.equal(await revenue(), seatPrice + 5);
  });

  it("read all seats once, and then what has changed", async () => {
    await using sale = await openSaleFixture();
    const { database, names } = watched(sale.database);
    const figures = pgSalesFigures({ database, plans });
    await figures.read(sale.concertId);
    assert.deepEqual(names.splice(0), ["sale-read-seat-maps", "sale-grade-prices"]);
    await figures.read(sale.concertId);
    assert.deepEqual(names.splice(0), ["sale-read-seat-changes", "sale-grade-prices"]);
    await buys(sale, [7]);
    await figures.read(sale.concertId);
    assert.deepEqual(names, [
      "sale-read-seat-changes",
      "sale-prices-of-sold-seats",
      "sale-grade-prices",
    ]);
  });

  it("are as of one moment: a seat that is given back between two statements has its price", async () => {
    await using sale = await openSaleFixture();
    await buys(sale, [1]);
    const giveBack = async (name: string): Promise<void> => {
      if (name !== "sale-read-seat-maps") return;
      await sale.sql("update reservation_seat set live = false");
      await sale.sql(
        "update seat set status = 'AVAILABLE', reservation_id = null where status = 'SOLD'",
      );
    };
    const { database } = watched(sale.database, giveBack);
    const figures = pgSalesFigures({ database, plans });
    const totals = async (): Promise<number[]> => {
      const { found } = await figures.read(sale.concertId);
      const rows = found.filter(({ date }) => date === dates[0]);
      return rows.flatMap(({ sold, revenue }) => [sold, revenue]);
    };
    assert.deepEqual(await totals(), [1, seatPrice]);
    assert.deepEqual(await totals(), [0, 0]);
  });

  it("are empty without such a concert", async () => {
    await using sale = await openSaleFixture();
    const figures = pgSalesFigures({ database: sale.database, plans: { find: async () => null } });
    assert.deepEqual((await figures.read(newId<"concert">())).found, []);
  });
});
