import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { ReservationId } from "#kernel/ids.ts";
import type { Database } from "#platform/postgres/database.ts";
import {
  dates,
  newId,
  openSaleFixture,
  seatPrice,
  type SaleFixture,
} from "#test/support/box-office.ts";
import { eventually, times } from "#test/support/concurrency.ts";
import { countSeats, statusAt } from "../../domain/seat-map.ts";
import { releaseDelayMs, renewAfterMs, trustMs } from "../known-taken.ts";
import { pgAnswers } from "./answers.ts";
import { pgBuyers } from "./buyers.ts";
import { pgSeatMapCache } from "./seat-map-cache.ts";
import { pgTakenSeats } from "./taken-seats.ts";
import { pgRecords } from "./records.ts";

let sale: SaleFixture;
before(async () => {
  sale = await openSaleFixture();
});
after(() => sale[Symbol.asyncDispose]());

/** Halls on a clock that the test moves, and how often the database was asked, and how often for all seats. */
const watchedCache = () => {
  let atMs = 0;
  let loads = 0;
  let whole = 0;
  const database: Database = {
    ...sale.database,
    query: (statement) => {
      loads += 1;
      if (statement.name === "sale-read-seat-maps") whole += 1;
      return sale.database.query(statement);
    },
  };
  const monotonicMs = (): number => atMs;
  const cache = pgSeatMapCache({ database, monotonicMs });
  const taken = pgTakenSeats({ database, monotonicMs });
  const advance = (ms: number): void => void (atMs += ms);
  return { cache, taken, advance, loads: () => loads, whole: () => whole };
};

describe("the seat map cache", () => {
  it("a concert has every show with its 50 seats in order", async () => {
    const { shows, nowMs } = await watchedCache().cache.get(sale.concertId);
    assert.deepEqual(
      shows.map((show) => show.date),
      [...dates],
    );
    const [first] = shows;
    assert.deepEqual([first?.statuses, first?.startsAtMs], ["A".repeat(50), Date.parse(dates[0])]);
    assert.ok(Math.abs(nowMs - Date.now()) < 5000);
  });

  it("seat maps are loaded once for all callers, and again when they are 500 ms old", async () => {
    const { cache, advance, loads, whole } = watchedCache();
    await Promise.all(times(50, async () => cache.get(sale.concertId)));
    assert.equal(loads(), 1);
    advance(400);
    await cache.get(sale.concertId);
    assert.equal(loads(), 1);
    advance(600);
    await cache.get(sale.concertId);
    assert.deepEqual([loads(), whole()], [2, 1]);
  });

  it("a hold lapses between two loads, by the database's clock", async () => {
    const { cache, advance, loads } = watchedCache();
    await sale.held(newId<"user">(), [1], { holdSeconds: 60 });
    const statusNow = async () => {
      const { shows, nowMs } = await cache.get(sale.concertId);
      return statusAt(shows[0] ?? assert.fail(), 1, nowMs);
    };
    assert.equal(await statusNow(), "HELD");
    const maps = await cache.get(sale.concertId);
    const endsAtMs = maps.shows[0]?.ends.get(1) ?? assert.fail();
    const leftMs = endsAtMs - maps.nowMs;
    assert.ok(leftMs > 0 && leftMs <= 60_000);
    const { shows } = maps;
    assert.equal(countSeats(shows[0] ?? assert.fail(), endsAtMs - 1).HELD, 1);
    assert.equal(countSeats(shows[0] ?? assert.fail(), endsAtMs).HELD, 0);
    advance(500);
    const later = await cache.get(sale.concertId);
    assert.equal(later.nowMs - maps.nowMs, 500);
    assert.equal(loads(), 1);
  });

  it("an unknown concert has no shows", async () => {
    const { shows } = await watchedCache().cache.get(newId<"concert">());
    assert.deepEqual(shows, []);
  });

  it("taken seats are read past the cache, in one statement for all callers", async () => {
    const { cache, taken, loads } = watchedCache();
    const { concertId } = sale;
    const [, date] = dates;
    const put = (seatNumber: number, status: string, end: string | null) =>
      sale.database.query({
        text: `
          update seat
          set status = $3, reservation_id = gen_random_uuid(), expires_at = clock_timestamp() + $4::interval
          where concert_id = $1 and date = $2 and seat_number = $5`,
        values: [concertId, date, status, end, seatNumber],
      });
    await put(41, "HELD", "1 minute");
    await put(42, "HELD", "0 s");
    await put(43, "SOLD", null);
    const show = (await cache.get(concertId)).shows.find((one) => one.date === date);
    assert.equal(show?.statuses.slice(39, 44), "AHHSA");
    const [long, short] = [41, 42].map((seatNumber) => show?.ends.get(seatNumber) ?? 0);
    assert.equal(Math.round(((long ?? 0) - (short ?? 0)) / 1_000), 60);
    const before = loads();
    const ask = (seatNumbers: readonly number[]) => taken.find({ concertId, date, seatNumbers });
    const [first, ...others] = await Promise.all([
      ask([44, 43, 42, 41]),
      ...times(40, () => ask([41])),
    ]);
    assert.deepEqual(first, [43, 41]);
    for (const one of others) assert.deepEqual(one, [41]);
    assert.equal(loads() - before, 1);
    assert.deepEqual(await ask([42, 44]), []);
  });

  it("seats that a read has shown as taken are not read again for 10 ms, unless a hold on them ends soon", async () => {
    const { taken, advance, loads } = watchedCache();
    const { concertId } = sale;
    const [date] = dates;
    const ask = (...seatNumbers: number[]) => taken.find({ concertId, date, seatNumbers });
    const { reservationId } = await sale.held(newId<"user">(), [31]);
    const lapsing = await sale.held(newId<"user">(), [32]);
    assert.deepEqual(await ask(31, 32, 33), [31, 32]);
    assert.deepEqual(await ask(31, 32), [31, 32]);
    assert.equal(loads(), 1);
    assert.deepEqual(await ask(31, 33), [31], "33 was free, so both are read");
    assert.equal(loads(), 2);
    advance(renewAfterMs - 1);
    assert.deepEqual(await ask(31), [31]);
    assert.equal(loads(), 2);
    await sale.lapse(reservationId);
    advance(1);
    assert.deepEqual(taken.find({ concertId, date, seatNumbers: [31] }), [31], "it still counts");
    assert.deepEqual(await ask(31), [31], "and is renewed meanwhile");
    await eventually("the renewal has shown the seat as free", async () =>
      (await ask(31)).length === 0 ? true : undefined,
    );
    advance(trustMs);
    const asked = loads();
    assert.deepEqual(await ask(31), []);
    assert.equal(loads() - asked, 1);
    await sale.database.query({
      text: "update seat set expires_at = clock_timestamp() + interval '15 ms' where reservation_id = $1",
      values: [lapsing.reservationId],
    });
    await ask(32);
    await ask(32);
    assert.equal(loads() - asked, 3, "a hold that ends soon is read each time");
  });

  it("a seat that another instance releases is free after the wait of the release, and control: not without it", async () => {
    const { taken, advance } = watchedCache();
    const { concertId } = sale;
    const [date] = dates;
    const user = newId<"user">();
    const { reservationId } = await sale.held(user, [34]);
    const find = () => taken.find({ concertId, date, seatNumbers: [34] });
    assert.deepEqual(await find(), [34]);
    await sale.another().cancel(user, reservationId);
    assert.deepEqual(await find(), [34], "an answer at the commit would come too early");
    advance(releaseDelayMs);
    assert.deepEqual(await find(), []);
  });
});

describe("buyers", () => {
  it("each user's ended place and seats are read in one statement for all callers", async () => {
    let asked = 0;
    const query: typeof sale.database.query = (statement) => {
      asked += 1;
      return sale.database.query(statement);
    };
    const database = { ...sale.database, query };
    const buyers = pgBuyers({ database, monotonicMs: () => 0 });
    const { concertId } = sale;
    const [stranger, holder, payer] = times(3, () => newId<"user">());
    assert.ok(stranger && holder && payer);
    await sale.held(holder, [48], { place: { epoch: 1, seq: 21 } });
    const place = { epoch: 1, seq: 22 };
    await sale.charge(payer, seatPrice);
    const { reservationId } = await sale.held(payer, [49], { place });
    await sale.pay(payer, reservationId, { place });
    const nothing = { ended: { epoch: 0, seq: 0 }, hasSeats: false, unpaidHolds: [] };
    const found = await Promise.all([
      buyers.get(payer, concertId),
      buyers.get(stranger, concertId),
      buyers.get(holder, concertId),
      buyers.get(payer, newId<"concert">()),
    ]);
    assert.deepEqual(found, [
      { ended: place, hasSeats: true, unpaidHolds: [] },
      nothing,
      { ...nothing, hasSeats: true },
      nothing,
    ]);
    assert.equal(asked, 1);
  });
});

describe("records", () => {
  it("balance, entries, reservations and payments of a user come newest first, page by page", async () => {
    const records = pgRecords(sale.database);
    const user = newId<"user">();
    assert.equal(await records.balance(user), 0);
    const ids: ReservationId[] = [];
    for (const seat of [11, 12, 13]) {
      await sale.charge(user, 2 * seatPrice);
      const { reservationId } = await sale.held(user, [seat], { place: { epoch: 1, seq: seat } });
      ids.unshift(reservationId);
      const paid = await sale.pay(user, reservationId, { place: { epoch: 1, seq: seat } });
      assert.equal(paid.kind, "paid");
    }
    assert.equal(await records.balance(user), 3 * seatPrice);

    const entries = await records.entries(user, { limit: 4, after: null });
    assert.deepEqual(
      entries.map((entry) => [entry.type, entry.amount, entry.balance]),
      [
        ["PAYMENT", -1000, 3000],
        ["CHARGE", 2000, 4000],
        ["PAYMENT", -1000, 2000],
        ["CHARGE", 2000, 3000],
      ],
    );
    const after = entries[3]?.entryNo ?? assert.fail();
    const rest = await records.entries(user, { limit: 4, after });
    assert.deepEqual(
      rest.map((entry) => entry.balance),
      [1000, 2000],
    );

    const { found, nowMs } = await records.reservations(user, { limit: 2, after: null });
    assert.deepEqual(
      found.map((one) => one.reservationId),
      ids.slice(0, 2),
    );
    assert.ok(Math.abs(nowMs - Date.now()) < 5000);
    const tail = await records.reservations(user, { limit: 2, after: ids[1] ?? null });
    assert.deepEqual(
      tail.found.map((one) => one.reservationId),
      ids.slice(2),
    );
    const payments = await records.payments(user, { limit: 9, after: null });
    assert.deepEqual(
      payments.map((payment) => payment.reservationId),
      ids,
    );
    const [last] = payments;
    assert.deepEqual(await records.payment(last?.paymentId ?? assert.fail()), last);
    assert.equal(last?.paymentId, entries[0]?.transferId);
    const older = await records.payments(user, { limit: 9, after: last?.paymentId ?? null });
    assert.deepEqual(older, payments.slice(1));
  });

  it("a reservation reads as it was answered when it was created", async () => {
    const records = pgRecords(sale.database);
    const held = await sale.held(newId<"user">(), [21, 22], { place: { epoch: 3, seq: 7 } });
    const stamped = await records.reservation(held.reservationId);
    assert.deepEqual(stamped?.found, held);
    assert.ok((stamped?.nowMs ?? 0) >= held.heldAtMs);
  });

  it("an unknown user has no records", async () => {
    const records = pgRecords(sale.database);
    assert.equal(await records.reservation(newId()), null);
    assert.equal(await records.payment(newId()), null);
    const page = { limit: 5, after: null };
    assert.deepEqual((await records.reservations(newId(), page)).found, []);
    assert.deepEqual(await records.payments(newId(), page), []);
    assert.deepEqual(await records.entries(newId(), page), []);
  });
});

describe("stored answers", () => {
  it("stored answers are found by user and key, many in one statement", async () => {
    const [user, other] = [newId<"user">(), newId<"user">()];
    const first = await sale.charge(user, 5, { key: "a" });
    let asked = 0;
    const database: typeof sale.database = {
      ...sale.database,
      query: (statement) => {
        asked += 1;
        return sale.database.query(statement);
      },
    };
    const answers = pgAnswers({ database, monotonicMs: () => performance.now() });
    const found = await Promise.all([
      answers.find(user, "a"),
      answers.find(user, "b"),
      answers.find(other, "a"),
      answers.find(user, "a"),
    ]);
    const stored = { fingerprint: "charge", answer: first };
    assert.deepEqual(found, [stored, null, null, stored]);
    assert.equal(asked, 1);
    await answers.close();
  });
});
