import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mintId } from "#platform/ids.ts";
import { dates, newId, openSaleFixture, type SaleFixture } from "#test/support/box-office.ts";
import { race, times } from "#test/support/concurrency.ts";
import { hallOf, planFrom } from "#test/support/halls.ts";
import type { BlockSeats } from "../../domain/block-seats.ts";
import { countSeats } from "../../domain/seat-map.ts";
import { pgHouseSeats } from "./house-seats.ts";
import { readChanges, readWhole } from "./read-seat-maps.ts";
import { pgSalesFigures } from "./sales-figures.ts";

// House seats on PostgreSQL, beside buyers.

const all = times(50, (n) => n + 1);

const houseOf = (sale: SaleFixture) => {
  const house = pgHouseSeats({ database: sale.database, mintId });
  return (seatNumbers: readonly number[], part: Partial<BlockSeats> = {}) =>
    house.change({
      ...{ actor: "operator", reason: "camera", concertId: sale.concertId, date: dates[0] },
      ...{ seatNumbers, to: "BLOCKED" },
      ...part,
    });
};

const statusesOf = (sale: SaleFixture) =>
  sale.sql<{ seat_number: number; status: string; live: number }>(
    `select s.seat_number, s.status,
       (select count(*)::int from reservation_seat l
        where l.live and (l.concert_id, l.date, l.seat_number) = (s.concert_id, s.date, s.seat_number)) as live
     from seat s where s.date = $1 order by s.seat_number`,
    [dates[0]],
  );

/** Whether each seat has as many live reservations as its status says. */
const isSound = (rows: Awaited<ReturnType<typeof statusesOf>>): boolean =>
  rows.every(({ status, live }) => live === (status === "HELD" || status === "SOLD" ? 1 : 0));

describe("house seats on PostgreSQL", () => {
  it("blocks the free seats of those named, and leaves held and sold ones", async () => {
    await using sale = await openSaleFixture();
    const change = houseOf(sale);
    const buyer = newId<"user">();
    await sale.held(buyer, [2]);
    const outcome = await change([1, 2, 3]);
    assert.deepEqual(outcome, {
      ...{ kind: "blocked", blocked: 2, changed: 2 },
      skipped: [{ seatNumber: 2, status: "HELD" }],
    });
    const refused = await sale.reserve(newId<"user">(), [3, 4]);
    assert.deepEqual(refused, { kind: "seats-unavailable", seatNumbers: [3] });
    assert.deepEqual(await change([1, 3]), {
      ...{ kind: "blocked", blocked: 2, changed: 0 },
      skipped: [],
    });
    const freed = await change([1, 2, 3], { to: "AVAILABLE" });
    assert.ok(freed.kind === "blocked" && freed.changed === 2 && freed.blocked === 0);
    assert.equal((await sale.reserve(newId<"user">(), [3, 4])).kind, "reserved");
    assert.deepEqual(await change([1], { date: "2031-01-01" }), { kind: "date-not-found" });
    const audits = await sale.sql<{ action: string; after: { seats: string; reason: string } }>(
      "select action, after from audit order by at",
    );
    assert.deepEqual(
      audits.map(({ action, after }) => [action, after.seats, after.reason]),
      [
        ["seats.blocked", "1, 3", "camera"],
        ["seats.unblocked", "1, 3", "camera"],
      ],
    );
  });

  it("blocks the seat of a lapsed hold; the hold ends as always", async () => {
    await using sale = await openSaleFixture();
    const buyer = newId<"user">();
    const { reservationId } = await sale.held(buyer, [1, 2]);
    await sale.lapse(reservationId);
    const outcome = await houseOf(sale)([1]);
    assert.ok(outcome.kind === "blocked" && outcome.blocked === 1);
    assert.equal((await sale.reserve(buyer, [2])).kind, "reserved");
    const [first, second] = await statusesOf(sale);
    assert.deepEqual([first?.status, second?.status], ["BLOCKED", "HELD"]);
    assert.ok(isSound(await statusesOf(sale)));
  });

  it("a map that is fed by changes has the blocked seats, and counts them as neither free nor sold", async () => {
    await using sale = await openSaleFixture();
    const before = await readWhole(sale.database, sale);
    await houseOf(sale)([1, 2]);
    const read = await readChanges(sale.database, sale, before);
    const map = read?.shows[0] ?? assert.fail();
    assert.equal(map.statuses.slice(0, 3), "BBA");
    const counts = { AVAILABLE: 48, HELD: 0, SOLD: 0, BLOCKED: 2 };
    assert.deepEqual(countSeats(map, read?.readAtMs ?? 0), counts);
  });

  it("the best seats are never blocked ones", async () => {
    await using sale = await openSaleFixture();
    await houseOf(sale)(all.slice(0, 48));
    const wish = { count: 2, grade: null, section: null, together: true };
    const plan = planFrom(hallOf(1));
    const best = { wish, plan };
    const outcome = await sale.reserve(newId<"user">(), [], { best });
    assert.ok(outcome.kind === "reserved");
    assert.deepEqual(outcome.reservation.seatNumbers, [49, 50]);
    const none = await sale.reserve(newId<"user">(), [], { best });
    assert.deepEqual(none, { kind: "seats-unavailable", seatNumbers: [], available: 0 });
  });

  it("a section of 60,000 seats is blocked as a whole", async () => {
    await using sale = await openSaleFixture();
    await sale.sql(
      `insert into seat (concert_id, date, seat_number, grade)
       select $1, $2, n, 'R' from generate_series(51, 60000) n`,
      [sale.concertId, dates[0]],
    );
    const outcome = await houseOf(sale)(times(60_000, (n) => n + 1));
    assert.ok(outcome.kind === "blocked" && outcome.blocked === 60_000);
    const [audit] = await sale.sql<{ after: { seats: string } }>("select after from audit");
    assert.equal(audit?.after.seats, "1-60000");
  });

  it("of a block and buyers who reserve at once, each seat goes to one: blocked, or held by one reservation", async () => {
    await using sale = await openSaleFixture();
    const change = houseOf(sale);
    const offices = [sale, sale.another()];
    const buyers = times(50, (n) => async () => {
      const outcome = await (offices[n % 2] ?? sale).reserve(newId<"user">(), [n + 1]);
      return outcome.kind;
    });
    const blocks = times(5, () => async () => (await change(all)).kind);
    const kinds = await race([...buyers.slice(0, 25), ...blocks, ...buyers.slice(25)]);
    const rows = await statusesOf(sale);
    const held = rows.filter(({ status }) => status === "HELD").length;
    assert.equal(kinds.filter((kind) => kind === "reserved").length, held);
    assert.ok(rows.every(({ status }) => status === "HELD" || status === "BLOCKED"));
    assert.ok(isSound(rows));
  });

  it("commands that block and unblock the same seats at once: each seat is blocked once, and the figures have them", async () => {
    await using sale = await openSaleFixture();
    const change = houseOf(sale);
    const [odd, even] = [all.filter((n) => n % 2 === 1), all.filter((n) => n % 2 === 0)];
    await race([() => change(odd), () => change(even), () => change(all)]);
    await race([
      () => change(all.slice(0, 20), { to: "AVAILABLE" }),
      () => change(all.slice(10, 30), { to: "AVAILABLE" }),
    ]);
    const rows = await statusesOf(sale);
    const blocked = rows.filter(({ status }) => status === "BLOCKED").length;
    assert.equal(blocked, 20);
    const plans = { find: async () => planFrom(hallOf(1)) };
    const { found } = await pgSalesFigures({ database: sale.database, plans }).read(sale.concertId);
    const ofDate = found.filter(({ date }) => date === dates[0]);
    const sumOf = (field: "blocked" | "available") =>
      ofDate.reduce((sum, row) => sum + row[field], 0);
    assert.deepEqual([sumOf("blocked"), sumOf("available")], [20, 30]);
  });

  it("control: a block that reads first and writes afterwards takes seats from reservations", async () => {
    await using sale = await openSaleFixture();
    const free = await sale.sql<{ seat_number: number }>(
      "select seat_number from seat where date = $1 and status = 'AVAILABLE'",
      [dates[0]],
    );
    await sale.held(newId<"user">(), [1]);
    await sale.sql(
      `update seat set status = 'BLOCKED', reservation_id = null, expires_at = null
       where date = $1 and seat_number = any($2)`,
      [dates[0], free.map((one) => one.seat_number)],
    );
    assert.ok(!isSound(await statusesOf(sale)));
  });
});
