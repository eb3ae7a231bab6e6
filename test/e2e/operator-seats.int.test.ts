import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { refused, succeeded, type Members } from "#test/support/client.ts";
import { dateIn, openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { eventually, outlastsTwoAnswers } from "#test/support/concurrency.ts";

// The operator's view of the seats, and the release of a hold.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const { call } = deployment.client;

interface Queue {
  readonly date: string;
  readonly grade: string;
  readonly price: number;
  readonly seatsAvailable: number;
  readonly seatsHeld: number;
  readonly seatsSold: number;
  readonly seatsBlocked: number;
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
  const { concertId } = await sale.onSale({
    dates,
    grades,
    policy: { holdSeconds: outlastsTwoAnswers },
  });
  const free = { seatsHeld: 0, seatsSold: 0, seatsBlocked: 0, revenue: 0 };
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
    section: null,
    row: null,
    name: null,
    grade: "S",
    price: 300,
    status: "HELD",
    userId: placed.userId,
    reservationId: held.reservationId,
    ticketId: null,
    expiresAt: held.expiresAt,
  });
  assert.ok((await seatsOn(late)).every((seat) => seat["userId"] === null));
  const one = (seatNumber: number) =>
    sale.admin("GET", `/concerts/${concertId}/dates/${early}/seats?seatNumber=${seatNumber}`);
  assert.deepEqual(succeeded<{ items: Members[] }>(await one(7), 200).items, [seats[6]]);
  refused(await one(51), "INVALID_REQUEST");

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

test("blocked seats are BLOCKED to operators and S to fans, and neither free nor sold in any figure", async () => {
  const { concertId } = await sale.onSale({ dates: [{ date: early }], grades });
  const path = `/concerts/${concertId}/dates/${early}/seats`;
  const fan = await sale.admitted(await sale.fan({ balance: 10_000 }), concertId);
  const held = await sale.reserved(fan, { date: early, seatNumbers: [7] });
  const change = (how: "block" | "unblock", body: Members) =>
    sale.admin("POST", `${path}/${how}`, { reason: "camera", ...body });
  const seatNumbers = [9, 7, 8];
  assert.deepEqual(succeeded(await change("block", { seatNumbers }), 200), {
    ...{ blocked: 2, changed: 2 },
    skipped: [{ seatNumber: 7, status: "HELD" }],
  });
  const shown = succeeded<{ items: Members[] }>(await sale.admin("GET", path), 200).items;
  const statuses = shown.slice(6, 10).map(({ status }) => status);
  assert.deepEqual(statuses, ["HELD", "BLOCKED", "BLOCKED", "AVAILABLE"]);
  const read = async (of: string) =>
    succeeded<Members>(
      await call({
        path: `/api/v1/concerts/${concertId}/dates/${early}/${of}`,
        token: fan.queueToken,
      }),
      200,
    );
  const { value: map } = await eventually("the map has the blocked seats", async () => {
    const found = await read("seat-map");
    return String(found["statuses"]).startsWith("HSSA", 6) ? found : undefined;
  });
  assert.equal(map["seatsAvailable"], 47);
  assert.equal(map["statuses"], `AAAAAAHSS${"A".repeat(41)}`);
  const operators = `/concerts/${concertId}/dates/${early}/seat-map`;
  const house = succeeded<Members>(await sale.admin("GET", operators), 200);
  assert.equal(house["statuses"], `AAAAAAHBB${"A".repeat(41)}`);
  const seen = (await read("seats"))["items"] as Members[];
  assert.deepEqual(
    seen.filter(({ status }) => status === "SOLD").map((seat) => seat["seatNumber"]),
    [8, 9],
  );
  const [ofS] = await salesOf(concertId);
  const figures = { seatsAvailable: 37, seatsHeld: 1, seatsSold: 0, seatsBlocked: 2, revenue: 0 };
  assert.deepEqual(ofS, { date: early, grade: "S", price: 300, ...figures });
  const stats = succeeded<Members>(await sale.admin("GET", `/concerts/${concertId}/stats`), 200);
  assert.deepEqual(
    ["seatsAvailable", "seatsHeld", "seatsSold", "seatsTotal"].map((name) => stats[name]),
    [47, 1, 0, 50],
  );
  await sale.cancel(fan, held.reservationId);
  refused(await sale.reserve(fan, { date: early, seatNumbers: [8] }), "SEAT_UNAVAILABLE");
  await eventually("operators are told what has changed", async () => {
    const since = `${operators}?since=${String(house["version"])}`;
    const { changes } = succeeded<Members>(await sale.admin("GET", since), 200);
    return JSON.stringify(changes).includes('[7,"A"]') || undefined;
  });
  const freed = succeeded<Members>(await change("unblock", { seatNumbers }), 200);
  assert.deepEqual(freed, { blocked: 0, changed: 2, skipped: [] });
  await sale.reserved(fan, { date: early, seatNumbers: [8, 9] });
  const audit = await sale.admin("GET", `/audit?concertId=${concertId}&limit=2`);
  const actions = succeeded<{ items: Members[] }>(audit, 200).items.map(({ action }) => action);
  assert.deepEqual(actions, ["seats.unblocked", "seats.blocked"]);
  for (const bad of [
    {},
    { seatNumbers, section: "Stalls" },
    { section: "Stalls" },
    { seatNumbers: [51] },
    { seatNumbers: [] },
    { seatNumbers, reason: "" },
  ])
    refused(await change("block", bad), "INVALID_REQUEST");
  const elsewhere = `/concerts/${concertId}/dates/${dateIn(99)}/seats/block`;
  refused(await sale.admin("POST", elsewhere, { seatNumbers, reason: "x" }), "DATE_NOT_FOUND");
});

test("a sale whose free seats are all blocked is sold out, and goes on once they are free", async () => {
  const { concertId } = await sale.onSale({ dates: [{ date: early }], grades });
  const path = `/concerts/${concertId}/dates/${early}/seats`;
  const body = { seatNumbers: Array.from({ length: 50 }, (_, n) => n + 1), reason: "rehearsal" };
  const stateIs = (wanted: string) =>
    eventually(`the queue is ${wanted}`, async () => {
      const answer = await call({ path: `/api/v1/concerts/${concertId}/queue` });
      return succeeded<Members>(answer, 200)["state"] === wanted || undefined;
    });
  succeeded(await sale.admin("POST", `${path}/block`, body), 200);
  await stateIs("SOLD_OUT");
  succeeded(await sale.admin("POST", `${path}/unblock`, body), 200);
  await stateIs("OPEN");
});

test("an unknown concert or date is not found", async () => {
  const { concertId } = await sale.onSale({});
  refused(await sale.admin("GET", `/concerts/${randomUUID()}/sales`), "CONCERT_NOT_FOUND");
  const elsewhere = `/concerts/${concertId}/dates/${dateIn(99)}/seats`;
  refused(await sale.admin("GET", elsewhere), "DATE_NOT_FOUND");
  refused(await sale.admin("GET", `${elsewhere}?seatNumber=1`), "DATE_NOT_FOUND");
  refused(await sale.admin("GET", elsewhere.replace(/seats$/, "seat-map")), "DATE_NOT_FOUND");
  const nowhere = `/concerts/${randomUUID()}/dates/${early}/seats`;
  refused(await sale.admin("GET", nowhere), "DATE_NOT_FOUND");
});
