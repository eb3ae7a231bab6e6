import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { areTogether } from "#kernel/seating-plan.ts";
import type { Database, Statement } from "#platform/postgres/database.ts";
import { dates, newId, openSaleFixture, type SaleFixture } from "#test/support/box-office.ts";
import { race, mapConcurrently, times } from "#test/support/concurrency.ts";
import { hallOf, planFrom } from "#test/support/halls.ts";
import { pickBest, type BestWish } from "../../domain/best-seats.ts";
import type { ReserveOutcome } from "../../domain/commands.ts";
import { freeSeats } from "../../domain/free-seats.ts";
import { geometryOf } from "../../domain/seat-geometry.ts";

// The best seats on PostgreSQL, chosen by several box offices at once.

/** 20 rows of 50 seats. */
const plan = planFrom(hallOf(1));

const wish = (count: number, part: Partial<BestWish> = {}): BestWish => ({
  ...{ count, grade: null, section: null, together: true },
  ...part,
});

const openHall = async (): Promise<SaleFixture> => {
  const sale = await openSaleFixture();
  await sale.sql(
    `insert into seat (concert_id, date, seat_number, grade)
     select $1, $2, n, 'R' from generate_series(51, 1000) n`,
    [sale.concertId, dates[0]],
  );
  return sale;
};

const kinds = (outcomes: readonly ReserveOutcome[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { kind } of outcomes) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
};

const taken = async (sale: SaleFixture): Promise<number> => {
  const text = `select count(*)::int as count from seat where date = $1 and status <> 'AVAILABLE'`;
  const [row] = await sale.sql<{ count: number }>(text, [dates[0]]);
  return row?.count ?? 0;
};

const best = (count: number, part: Partial<BestWish> = {}) => ({
  best: { wish: wish(count, part), plan },
});

describe("the best seats on PostgreSQL", () => {
  it("500 buyers who ask three offices for 2 of the last 1,000 seats get all of them, side by side", async () => {
    await using sale = await openHall();
    const offices = [sale, sale.another(), sale.another()];
    const outcomes = await race(
      times(500, (n) => () => (offices[n % 3] ?? sale).reserve(newId<"user">(), [], best(2))),
    );
    assert.deepEqual(kinds(outcomes), { reserved: 500 });
    for (const outcome of outcomes) {
      assert.ok(outcome.kind === "reserved");
      assert.ok(areTogether(plan, outcome.reservation.seatNumbers));
      assert.equal(outcome.reservation.seatNumbers.length, 2);
    }
    assert.equal(await taken(sale), 1000);
    const one = await sale.reserve(newId<"user">(), [], best(1));
    assert.deepEqual(one, { kind: "seats-unavailable", seatNumbers: [], available: 0 });
  });

  it("control: 500 buyers who choose from one map and reserve by number leave seats unsold", async () => {
    await using sale = await openHall();
    const free = freeSeats(new Uint8Array(1000).fill(1));
    const chosen = pickBest(geometryOf(plan), free, wish(2)) ?? [];
    const outcomes = await race(times(500, () => () => sale.reserve(newId<"user">(), chosen)));
    assert.ok((kinds(outcomes)["seats-unavailable"] ?? 0) > 400);
    assert.ok((await taken(sale)) < 1000);
  });

  it("no request is refused because others choose single seats and give them back at the same time", async () => {
    await using sale = await openHall();
    const offices = [sale, sale.another(), sale.another()];
    const churn = async (n: number): Promise<void> => {
      for (let round = 0; round < 5; round += 1) {
        const buyer = newId<"user">();
        const office = offices[n % 3] ?? sale;
        const outcome = await office.reserve(buyer, [1 + ((n * 97 + round * 31) % 1000)]);
        if (outcome.kind === "reserved")
          await office.cancel(buyer, outcome.reservation.reservationId);
      }
    };
    const buying = times(
      300,
      (n) => () =>
        (offices[n % 3] ?? sale).reserve(newId<"user">(), [], best(2, { together: false })),
    );
    const [outcomes] = await Promise.all([
      mapConcurrently(buying, 100, (buy) => buy()),
      mapConcurrently(
        times(60, (n) => n),
        20,
        churn,
      ),
    ]);
    assert.deepEqual(kinds(outcomes), { reserved: 300 });
    assert.equal(await taken(sale), 600);
  });

  it("a request waits for a seat that another transaction has locked, rather than refusing", async () => {
    await using sale = await openHall();
    await sale.held(
      newId<"user">(),
      times(50, (n) => n + 1),
      { maxSeatsPerUser: 2000 },
    );
    await sale.sql(
      `update seat set status = 'SOLD', reservation_id = gen_random_uuid() where date = $1 and seat_number > 52`,
      [dates[0]],
    );
    let release = (): void => undefined;
    const lock = sale.database.transaction(async (tx) => {
      await tx.query({
        text: "select from seat where date = $1 and seat_number in (51, 52) for update",
        values: [dates[0]],
      });
      await new Promise<void>((resolve) => (release = resolve));
    });
    const asked = sale.reserve(newId<"user">(), [], best(2));
    await new Promise((resolve) => setTimeout(resolve, 300));
    release();
    await lock;
    const outcome = await asked;
    assert.ok(outcome.kind === "reserved", outcome.kind);
    assert.deepEqual(outcome.reservation.seatNumbers, [51, 52]);
  });

  it("a buyer's own lapsed seats are free to the same buyer", async () => {
    await using sale = await openHall();
    await sale.sql(
      `update seat set status = 'SOLD', reservation_id = gen_random_uuid() where date = $1 and seat_number > 2`,
      [dates[0]],
    );
    const buyer = newId<"user">();
    const { reservationId } = await sale.held(buyer, [1, 2]);
    await sale.lapse(reservationId);
    const outcome = await sale.reserve(buyer, [], best(2));
    assert.equal(outcome.kind, "reserved");
  });

  it("a choice reads the seats that others have changed, and not those of the office's own batches", async () => {
    await using sale = await openHall();
    const read: unknown[] = [];
    const { transaction } = sale.database;
    const watched: Database["transaction"] = (work, options) =>
      transaction((tx) => {
        const query: typeof tx.query = async <Row>(statement: Statement) => {
          const rows = await tx.query<Row>(statement);
          if (statement.name === "sale-read-seat-changes") read.push(...rows);
          return rows;
        };
        return work({ query });
      }, options);
    const office = sale.another({ database: { ...sale.database, transaction: watched } });
    const changed = async (): Promise<number[]> => {
      read.length = 0;
      assert.equal((await office.reserve(newId<"user">(), [], best(2))).kind, "reserved");
      const rows = read as { changes: [number][] | null }[];
      return rows.flatMap(({ changes }) => changes ?? []).map(([seatNumber]) => seatNumber);
    };
    for (let round = 0; round < 3; round += 1) assert.deepEqual(await changed(), []);
    await sale.held(newId<"user">(), [7]);
    assert.deepEqual(await changed(), [7]);
    await office.held(newId<"user">(), [9]);
    // A batch by number does not know the show, so it counts as another's.
    assert.ok((await changed()).includes(9));
    const [row] = await sale.sql<{ taken: number[] }>(
      "select array_agg(seat_number order by seat_number) as taken from seat where status <> 'AVAILABLE'",
    );
    assert.equal(row?.taken.length, 5 * 2 + 2);
  });

  it("without others a choice reads the seats of the show once and then their changes, and a choice by number needs ten statements", async () => {
    await using sale = await openHall();
    const statements: string[] = [];
    const { transaction } = sale.database;
    const watched: Database["transaction"] = (work, options) =>
      transaction(
        (tx) =>
          work({
            query: (statement) => {
              statements.push(statement.name ?? statement.text);
              return tx.query(statement);
            },
          }),
        options,
      );
    const office = sale.another({ database: { ...sale.database, transaction: watched } });
    for (const read of [
      "sale-read-seat-maps",
      "sale-read-seat-changes",
      "sale-read-seat-changes",
    ]) {
      statements.length = 0;
      assert.equal((await office.reserve(newId<"user">(), [], best(2))).kind, "reserved");
      const reads = statements.filter((name) => name.startsWith("sale-read-seat-"));
      assert.deepEqual([reads, statements.length], [[read], 16]);
    }
    statements.length = 0;
    assert.equal((await office.reserve(newId<"user">(), [7])).kind, "reserved");
    // Plans of halls and prices of grades add none.
    assert.deepEqual(statements, [
      "sale-begin-batch",
      "sale-lock-concerts",
      "sale-lock-buyers-skip",
      "sale-read-reservations",
      "sale-lock-seats-skip",
      "read-clock",
      "sale-update-seat-status",
      "sale-insert-reservation",
      "sale-insert-reservation_seat",
      "sale-insert-outbox",
    ]);
  });

  it("a choice knows what others took and gave back, and which holds lapsed, since the office's last one", async () => {
    await using sale = await openHall();
    const [office, others] = [sale.another(), sale.another()];
    const choose = async (): Promise<readonly number[]> => {
      const outcome = await office.reserve(newId<"user">(), [], best(2));
      assert.ok(outcome.kind === "reserved");
      return outcome.reservation.seatNumbers;
    };
    const [first = 0, second = 0] = await choose();
    const buyer = newId<"user">();
    const beside = await others.held(buyer, [first - 2, first - 1, second + 1, second + 2]);
    const third = await choose();
    for (const seatNumber of third) assert.ok(![first - 1, second + 1].includes(seatNumber));
    await others.cancel(buyer, beside.reservationId);
    const fourth = await choose();
    assert.ok(fourth.includes(first - 1) || fourth.includes(second + 1));
    await sale.sql("update reservation set expires_at = now() - interval '1 minute'");
    await sale.sql(
      "update seat set expires_at = now() - interval '1 minute' where status = 'HELD'",
    );
    assert.deepEqual(await choose(), [first, second]);
  });

  it("a choice waits for a price that is being changed, and holds the seats at the new one", async () => {
    await using sale = await openHall();
    const change = Promise.withResolvers<void>();
    const isLocked = Promise.withResolvers<void>();
    const correction = sale.database.transaction(async (tx) => {
      await tx.query({ text: "update grade set price = 900" });
      isLocked.resolve();
      await change.promise;
    });
    await isLocked.promise;
    const asked = Promise.all([
      sale.reserve(newId<"user">(), [], best(2)),
      sale.reserve(newId<"user">(), [7]),
    ]);
    const early = await Promise.race([asked.then(() => true), sale.sql("select pg_sleep(0.3)")]);
    assert.notEqual(early, true, "both wait");
    change.resolve();
    await correction;
    assert.deepEqual(
      (await asked).map((outcome) => outcome.kind === "reserved" && outcome.reservation.amount),
      [1800, 900],
    );
  });

  it("too many seats, a live hold and an unknown date are refused before seats are chosen", async () => {
    await using sale = await openHall();
    const buyer = newId<"user">();
    const tooMany = await sale.reserve(buyer, [], { ...best(3), maxSeatsPerReservation: 2 });
    assert.equal(tooMany.kind, "seat-limit-exceeded");
    assert.equal(
      (await sale.reserve(buyer, [], { ...best(2), date: "2031-01-01" })).kind,
      "date-not-found",
    );
    assert.equal((await sale.reserve(buyer, [], best(2))).kind, "reserved");
    assert.equal((await sale.reserve(buyer, [], best(2))).kind, "already-held");
  });
});
