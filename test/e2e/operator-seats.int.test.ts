import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { refused, succeeded, type Members } from "#test/support/client.ts";
import { dateIn, openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { eventually } from "#test/support/concurrency.ts";

// The operator's view of the seats, and the release of a hold.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);

interface Queue {
  readonly date: string;
  readonly grade: string;
  readonly price: number;
  readonly seatsAvailable: number;
  readonly seatsHeld: number;
  readonly seatsSold: number;
  readonly revenue: number;
}

const salesOf = async (concertId: string): Promise<readonly Queue[]> =>
  succeeded<{ items: Queue[] }>(await sale.admin("GET", `/concerts/${concertId}/sales`), 200).items;

const [early, late] = [dateIn(10), dateIn(20)];
const dates = [{ date: late }, { date: early }];
const grades = [
  { name: "S", price: 300, seats: [1, 40] },
  { name: "R", price: 500, seats: [41, 50] },
];

test("sales by date and grade cover the whole sale; a lapsed hold counts as free", async () => {
  const { concertId } = await sale.onSale({ dates, grades, policy: { holdSeconds: 1 } });
  const free = { seatsHeld: 0, seatsSold: 0, revenue: 0 };
  const [s, r] = [
    { grade: "S", price: 300, seatsAvailable: 40, ...free },
    { grade: "R", price: 500, seatsAvailable: 10, ...free },
  ];
  const [earlyS, earlyR] = [s, r].map((it) => ({ date: early, ...it }));
  const [lateS, lateR] = [s, r].map((it) => ({ date: late, ...it }));
  assert.deepEqual(await salesOf(concertId), [earlyS, earlyR, lateS, lateR]);

  const buyer = await sale.admitted(await sale.fan({ balance: 10_000 }), concertId);
  const bought = await sale.reserved(buyer, { date: late, seatNumbers: [40, 41, 42] });
  succeeded(await sale.pay(buyer, bought.reservationId), 201);
  const holder = await sale.admitted(await sale.fan(), concertId);
  await sale.reserved(holder, { date: early, seatNumbers: [1, 2] });
  const held = { ...earlyS, seatsAvailable: 38, seatsHeld: 2 };
  const sold = [
    { ...lateS, seatsAvailable: 39, seatsSold: 1, revenue: 300 },
    { ...lateR, seatsAvailable: 8, seatsSold: 2, revenue: 1_000 },
  ];
  assert.deepEqual(await salesOf(concertId), [held, earlyR, ...sold]);
  await eventually("the hold lapses", async () => {
    const [first] = await salesOf(concertId);
    return first?.seatsHeld === 0 || undefined;
  });
  const queues = await salesOf(concertId);
  assert.deepEqual(queues, [earlyS, earlyR, ...sold]);
  const stats = succeeded<Members>(await sale.admin("GET", `/concerts/${concertId}/stats`), 200);
  assert.equal(
    queues.reduce((sum, { revenue }) => sum + revenue, 0),
    stats["revenue"],
  );
});

test("the holder of each seat is listed by date; a hold is released with a reason, a paid seat is not", async () => {
  const { concertId } = await sale.onSale({ dates, grades });
  const seatsOn = async (date: string): Promise<readonly Members[]> => {
    const path = `/concerts/${concertId}/dates/${date}/seats`;
    return succeeded<{ items: Members[] }>(await sale.admin("GET", path), 200).items;
  };
  const placed = await sale.admitted(await sale.fan({ balance: 10_000 }), concertId);
  const held = await sale.reserved(placed, { date: early, seatNumbers: [7] });
  const seats = await seatsOn(early);
  assert.equal(seats.length, 50);
  assert.deepEqual(seats[6], {
    seatNumber: 7,
    grade: "S",
    price: 300,
    status: "HELD",
    userId: placed.userId,
    reservationId: held.reservationId,
    expiresAt: held.expiresAt,
  });
  assert.ok((await seatsOn(late)).every((seat) => seat["userId"] === null));

  const release = (reservationId: string, body: Members) =>
    sale.admin("POST", `/reservations/${reservationId}/release`, body);
  refused(await release(held.reservationId, {}), "INVALID_REQUEST");
  refused(await release(randomUUID(), { reason: "x" }), "RESERVATION_NOT_FOUND");
  const reason = "asked by phone";
  const gone = succeeded<Members>(await release(held.reservationId, { reason }), 200);
  assert.equal(gone["status"], "CANCELLED");
  assert.equal((await seatsOn(early))[6]?.["status"], "AVAILABLE");
  const audit = await sale.admin("GET", `/audit?concertId=${concertId}&limit=1`);
  const [entry] = succeeded<{ items: Members[] }>(audit, 200).items;
  assert.match(JSON.stringify(entry), /asked by phone/);

  const again = await sale.reserved(placed, { date: early, seatNumbers: [7] });
  succeeded(await sale.pay(placed, again.reservationId), 201);
  refused(await release(again.reservationId, { reason }), "RESERVATION_NOT_CANCELLABLE");
  assert.equal((await seatsOn(early))[6]?.["status"], "SOLD");
});

test("an unknown concert or date is not found", async () => {
  const { concertId } = await sale.onSale({});
  refused(await sale.admin("GET", `/concerts/${randomUUID()}/sales`), "CONCERT_NOT_FOUND");
  const elsewhere = `/concerts/${concertId}/dates/${dateIn(99)}/seats`;
  refused(await sale.admin("GET", elsewhere), "DATE_NOT_FOUND");
});
