import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import {
  dates,
  markOf,
  newId,
  openSaleFixture,
  seatPrice,
  type SaleFixture,
} from "#test/support/box-office.ts";
import { sweep } from "#test/support/invariants.ts";

const sale = await openSaleFixture();
after(() => sale[Symbol.asyncDispose]());

const seatRow = async (seatNumber: number, date: string = dates[0]) => {
  const [row] = await sale.sql<{ status: string; reservation_id: string | null; fence: number }>(
    `select status, reservation_id, fence from seat
     where concert_id = $1 and date = $2 and seat_number = $3`,
    [sale.concertId, date, seatNumber],
  );
  return row ?? assert.fail();
};

const linesOf = (reservationId: string) =>
  sale.sql<{ seat_number: number; live: boolean }>(
    `select seat_number, live from reservation_seat where reservation_id = $1 order by 1`,
    [reservationId],
  );

const statusOf = async (reservationId: string): Promise<string | undefined> => {
  const [row] = await sale.sql<{ status: string }>(
    `select status from reservation where reservation_id = $1`,
    [reservationId],
  );
  return row?.status;
};

const topicsFor = async (userId: string): Promise<string[]> => {
  const rows = await sale.sql<{ topic: string }>(
    `select topic from outbox where user_id = $1 order by outbox_id`,
    [userId],
  );
  return rows.map((row) => row.topic);
};

const buyerOf = async (userId: string) => {
  const [row] = await sale.sql<{ ended_seq: number; ended_reason: string | null }>(
    `select ended_seq, ended_reason from buyer where user_id = $1 and concert_id = $2`,
    [userId, sale.concertId],
  );
  return row;
};

describe("reserve on PostgreSQL", () => {
  it("a reservation writes seats, reservation, its seat rows and the outbox event together", async () => {
    const user = newId<"user">();
    const held = await sale.held(user, [1, 2]);
    assert.equal(held.amount, 2 * seatPrice);
    assert.equal(held.expiresAtMs - held.heldAtMs, 300_000);
    assert.ok(Math.abs(held.heldAtMs - Date.now()) < 5000);
    assert.deepEqual(await seatRow(1), {
      status: "HELD",
      reservation_id: held.reservationId,
      fence: 1,
    });
    assert.deepEqual(await linesOf(held.reservationId), [
      { seat_number: 1, live: true },
      { seat_number: 2, live: true },
    ]);
    assert.deepEqual(await topicsFor(user), ["hold-carried"]);
  });

  it("a taken seat is refused by number, and nothing is written", async () => {
    const user = newId<"user">();
    const outcome = await sale.reserve(user, [2, 3]);
    assert.deepEqual(outcome, { kind: "seats-unavailable", seatNumbers: [2] });
    assert.equal((await seatRow(3)).fence, 0);
    assert.deepEqual(await topicsFor(user), []);
  });

  it("a user has one hold a concert, and the seats of all dates count towards the limit", async () => {
    const user = newId<"user">();
    const { reservationId } = await sale.held(user, [4]);
    const second = await sale.reserve(user, [5], { date: dates[1] });
    assert.deepEqual(second, { kind: "already-held", reservationId });
    await sale.charge(user, seatPrice);
    assert.equal((await sale.pay(user, reservationId)).kind, "paid");
    const later = { place: markOf(2), date: dates[1], maxSeatsPerUser: 2 };
    assert.equal((await sale.reserve(user, [5, 6], later)).kind, "seat-limit-exceeded");
    assert.equal((await sale.reserve(user, [5], later)).kind, "reserved");
  });

  it("a seat of a lapsed hold is reserved before the sweeper has run", async () => {
    const [first, second] = [newId<"user">(), newId<"user">()];
    const old = await sale.held(first, [7, 8]);
    await sale.lapse(old.reservationId);
    const taken = await sale.held(second, [8]);
    assert.equal((await seatRow(8)).fence, 2);
    assert.equal((await seatRow(8)).reservation_id, taken.reservationId);
    assert.deepEqual(await linesOf(old.reservationId), [
      { seat_number: 7, live: true },
      { seat_number: 8, live: false },
    ]);
    assert.equal(await statusOf(old.reservationId), "HELD");
    // The user may hold again at once, and the lapsed reservation becomes EXPIRED.
    await sale.held(first, [9]);
    assert.equal(await statusOf(old.reservationId), "EXPIRED");
    assert.equal((await seatRow(7)).status, "AVAILABLE");
    assert.equal((await seatRow(8)).reservation_id, taken.reservationId);
  });

  it("a place that has ended in the database is refused", async () => {
    const user = newId<"user">();
    await sale.leave(user, markOf(5));
    assert.equal((await sale.reserve(user, [10], { place: markOf(5) })).kind, "ended");
    assert.equal((await sale.reserve(user, [10], { place: markOf(4) })).kind, "ended");
    assert.equal((await sale.reserve(user, [10], { place: markOf(6) })).kind, "reserved");
  });

  it("an unknown show or concert is date-not-found", async () => {
    const user = newId<"user">();
    assert.equal((await sale.reserve(user, [1], { date: "2030-01-01" })).kind, "date-not-found");
    const concertId = newId<"concert">();
    assert.equal((await sale.reserve(user, [1], { concertId })).kind, "date-not-found");
  });
});

describe("pay and charge on PostgreSQL", () => {
  it("a payment moves money, seats, tickets and the end of the place in one transaction", async () => {
    const user = newId<"user">();
    await sale.charge(user, 5000);
    const held = await sale.held(user, [11, 12], { place: markOf(3) });
    const outcome = await sale.pay(user, held.reservationId, { place: markOf(3), key: "pay" });
    assert.equal(outcome.kind, "paid");
    const payment = outcome.kind === "paid" ? outcome.payment : assert.fail();
    assert.equal(payment.balance, 3000);
    assert.deepEqual(
      payment.tickets.map((ticket) => ticket.seatNumber),
      [11, 12],
    );
    assert.equal((await seatRow(12)).status, "SOLD");
    assert.equal(await statusOf(held.reservationId), "CONFIRMED");
    assert.deepEqual(await buyerOf(user), { ended_seq: 3, ended_reason: "PAID" });
    assert.deepEqual(await topicsFor(user), ["hold-carried", "place-ended"]);
    const again = await sale.pay(user, held.reservationId);
    assert.deepEqual(again, { kind: "already-paid", payment });
    const replayed = await sale.pay(user, held.reservationId, { place: markOf(3), key: "pay" });
    assert.deepEqual(replayed, { kind: "replayed", answer: outcome });
  });

  it("a payment beyond the balance, and of another user's reservation, is refused and moves nothing", async () => {
    const [user, other] = [newId<"user">(), newId<"user">()];
    const { reservationId } = await sale.held(user, [13]);
    await sale.charge(user, seatPrice - 1);
    await sale.charge(other, seatPrice);
    const poor = { kind: "insufficient-balance", balance: seatPrice - 1, amount: seatPrice };
    assert.deepEqual(await sale.pay(user, reservationId), poor);
    assert.deepEqual(await sale.pay(other, reservationId), { kind: "not-found" });
    assert.deepEqual(await sale.pay(user, newId()), { kind: "not-found" });
    const mismatch = await sale.pay(user, reservationId, { concertId: newId() });
    assert.deepEqual(mismatch, { kind: "token-mismatch" });
    assert.equal((await seatRow(13)).status, "HELD");
  });

  it("a payment of a lapsed or cancelled reservation is refused before the sweeper has run", async () => {
    const user = newId<"user">();
    await sale.charge(user, 5000);
    const lapsed = await sale.held(user, [14]);
    await sale.lapse(lapsed.reservationId);
    assert.equal((await sale.pay(user, lapsed.reservationId)).kind, "expired");
    const cancelled = await sale.held(user, [14]);
    assert.equal((await sale.cancel(user, cancelled.reservationId)).kind, "cancelled");
    assert.equal((await sale.pay(user, cancelled.reservationId)).kind, "not-payable");
    assert.equal((await sale.pay(user, lapsed.reservationId)).kind, "expired");
  });

  it("a charge takes effect once a key", async () => {
    const user = newId<"user">();
    const first = await sale.charge(user, 70, { key: 'a "key", {with} commas\\' });
    const again = await sale.charge(user, 70, { key: 'a "key", {with} commas\\' });
    assert.deepEqual(again, { kind: "replayed", answer: first });
    const other = { key: 'a "key", {with} commas\\', fingerprint: "other" };
    assert.deepEqual(await sale.charge(user, 71, other), { kind: "key-reused" });
    const [row] = await sale.sql<{ balance: number }>(
      "select balance from wallet where user_id = $1",
      [user],
    );
    assert.equal(row?.balance, 70);
  });

  it("a refusal frees the key", async () => {
    const user = newId<"user">();
    const { reservationId } = await sale.held(user, [15]);
    assert.equal((await sale.pay(user, reservationId, { key: "k" })).kind, "insufficient-balance");
    await sale.charge(user, seatPrice);
    assert.equal((await sale.pay(user, reservationId, { key: "k" })).kind, "paid");
  });
});

describe("cancel and leave on PostgreSQL", () => {
  it("a cancellation frees the seats at once for any user, and repeating it changes nothing", async () => {
    const [user, other] = [newId<"user">(), newId<"user">()];
    const { reservationId } = await sale.held(user, [16, 17]);
    assert.equal((await sale.cancel(other, reservationId)).kind, "not-found");
    assert.equal((await sale.cancel(user, reservationId)).kind, "cancelled");
    assert.deepEqual(await seatRow(16), { status: "AVAILABLE", reservation_id: null, fence: 2 });
    await sale.held(other, [16, 17]);
    const again = await sale.cancel(user, reservationId);
    assert.deepEqual(again, { kind: "cancelled", freed: null });
    assert.equal((await seatRow(16)).status, "HELD");
    assert.deepEqual(await topicsFor(user), ["hold-carried", "hold-cleared"]);
  });

  it("a paid reservation cannot be cancelled", async () => {
    const user = newId<"user">();
    await sale.charge(user, seatPrice);
    const { reservationId } = await sale.held(user, [18]);
    await sale.pay(user, reservationId);
    assert.equal((await sale.cancel(user, reservationId)).kind, "not-cancellable");
  });

  it("leaving ends the place and cancels its reservation once, and a newer place stays", async () => {
    const user = newId<"user">();
    const { reservationId } = await sale.held(user, [19], { place: markOf(4) });
    await sale.leave(user, markOf(3));
    assert.equal(await statusOf(reservationId), "HELD");
    assert.deepEqual(await buyerOf(user), { ended_seq: 3, ended_reason: "LEFT" });
    await sale.leave(user, markOf(4));
    await sale.leave(user, markOf(4));
    assert.equal(await statusOf(reservationId), "CANCELLED");
    assert.equal((await seatRow(19)).status, "AVAILABLE");
    assert.deepEqual(await topicsFor(user), [
      "hold-carried",
      "place-ended",
      "hold-cleared",
      "place-ended",
    ]);
  });

  it("leaving works without a reservation, and for an unknown concert", async () => {
    const user = newId<"user">();
    await sale.leave(user, markOf(2));
    assert.deepEqual(await buyerOf(user), { ended_seq: 2, ended_reason: "LEFT" });
    const nowhere = { kind: "leave", userId: user, concertId: newId<"concert">() } as const;
    const outcome = await sale.office.submit<"leave">({ ...nowhere, place: markOf(2) });
    assert.deepEqual(outcome, { kind: "left" });
  });

  it("commands of one user in one batch are decided in order of arrival", async () => {
    const user = newId<"user">();
    const charge = sale.charge(user, seatPrice);
    const first = sale.reserve(user, [20]);
    const second = sale.reserve(user, [21]);
    assert.equal((await charge).kind, "charged");
    assert.equal((await first).kind, "reserved");
    assert.equal((await second).kind, "already-held");
  });

  it("every invariant of the tables holds", async () => {
    await sweep(sale.sql as SaleFixture["sql"]);
  });
});
