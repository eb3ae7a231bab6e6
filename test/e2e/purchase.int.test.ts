import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { hasMembers, refused, succeeded, type Members } from "#test/support/client.ts";
import { members } from "#test/support/contract.ts";
import { sweep } from "#test/support/invariants.ts";
import {
  dateIn,
  openSale,
  type Payment,
  type QueueStatus,
  type Reservation,
} from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { eventually } from "#test/support/concurrency.ts";
import { claimsOf, headerOf } from "#test/support/tokens.ts";

// One fan's way from nothing to tickets, over three processes in turns, with every success on it. Two of the
// processes get to PostgreSQL through PgBouncer.

const deployment = await startDeployment({ poolers: true });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const { call } = deployment.client;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const days = [dateIn(20), dateIn(21)] as const;
const grades = [
  { name: "R", price: 1500, seats: [1, 20] },
  { name: "S", price: 900, seats: [21, 50] },
];
const concert = await sale.onSale({ dates: days.map((date) => ({ date })), grades });
const fan = await sale.fan();
const concertPath = `/api/v1/concerts/${concert.concertId}`;

interface Page {
  readonly items: readonly Members[];
  readonly nextCursor: string | null;
}

test("a new user gets a UUIDv7 and an access token", async () => {
  const made = succeeded(
    await call({ method: "POST", path: "/api/v1/users", body: { name: "Kim" } }),
    201,
  );
  hasMembers(made, members.user);
  assert.match(String(made["userId"]), uuid);
  assert.match(String(made["expiresAt"]), instant);
  succeeded(await call({ method: "POST", path: "/api/v1/users" }), 201);
});

test("a charge raises the balance by its amount and is listed newest first", async () => {
  assert.equal(await sale.balanceOf(fan), 0);
  for (const amount of [3000, 2000]) {
    const charged = succeeded(await sale.charge(fan, amount), 201);
    hasMembers(charged, members.charge);
    assert.equal(charged["amount"], amount);
    assert.match(String(charged["chargedAt"]), instant);
  }
  assert.equal(await sale.balanceOf(fan), 5000);
  const path = `/api/v1/users/${fan.userId}/balance/entries`;
  const first = succeeded<Page>(
    await call({ path: `${path}?limit=1`, token: fan.accessToken }),
    200,
  );
  assert.equal(first.items.length, 1);
  hasMembers(first.items[0], members.entry);
  assert.deepEqual([first.items[0]?.["amount"], first.items[0]?.["balance"]], [2000, 5000]);
  const cursor = encodeURIComponent(first.nextCursor ?? "");
  const second = succeeded<Page>(
    await call({ path: `${path}?limit=1&cursor=${cursor}`, token: fan.accessToken }),
    200,
  );
  assert.deepEqual([second.items[0]?.["amount"], second.items[0]?.["type"]], [3000, "CHARGE"]);
  assert.equal(second.nextCursor, null);
});

test("a concert is shown with its dates, price range and the queue's schedule, to anybody", async () => {
  const shown = succeeded(await call({ path: concertPath }), 200);
  hasMembers(shown, members.concert);
  assert.deepEqual(shown["priceRange"], { min: 900, max: 1500 });
  assert.deepEqual(
    (shown["dates"] as Members[]).map((it) => it["date"]),
    days,
  );
  hasMembers(shown["queue"], ["mode", "state", "opensAt", "admitsAt"]);
  const { items } = succeeded<Page>(await call({ path: "/api/v1/concerts" }), 200);
  assert.ok(items.some((it) => it["concertId"] === concert.concertId));
});

test("the queue is the same for everybody and cacheable for one second", async () => {
  const answer = await call({ path: `${concertPath}/queue` });
  const queue = succeeded(answer, 200);
  hasMembers(queue, members.queue);
  assert.deepEqual([queue["state"], queue["mode"], queue["draw"]], ["OPEN", "fifo", null]);
  assert.deepEqual(
    [queue["seatsTotal"], queue["seatsAvailable"], queue["seatsHeld"]],
    [100, 100, 0],
  );
  assert.match(String(answer.headers["cache-control"]), /max-age=1\b/);
});

test("joining gives a place at once; joining again gives the same place, from any device", async () => {
  const joined = await sale.join(fan, concert.concertId);
  const status = succeeded<QueueStatus>(joined, 201);
  hasMembers(status, members.status);
  assert.equal(status.userId, fan.userId);
  const again = succeeded<QueueStatus>(await sale.join(fan, concert.concertId), 200);
  assert.equal(claimsOf(again.token)["jti"], claimsOf(status.token)["jti"]);
});

test("a queue token names its user, concert, place, order and epoch, signed with the first key", async () => {
  const { queueToken } = await sale.admitted(fan, concert.concertId);
  const claims = claimsOf(queueToken);
  assert.equal(claims["sub"], fan.userId);
  assert.equal(claims["concertId"], concert.concertId);
  assert.equal(typeof claims["jti"], "string");
  assert.ok(Number.isInteger(claims["seq"]) && Number.isInteger(claims["epoch"]));
  const nowSeconds = Date.now() / 1000;
  const untilSeconds = Number(claims["activeUntil"]);
  assert.ok(untilSeconds > nowSeconds + 500 && untilSeconds < nowSeconds + 700);
  assert.deepEqual([headerOf(queueToken)["alg"], headerOf(queueToken)["kid"]], ["HS256", "first"]);
});

test("an ACTIVE place sees the dates and the seats 1 to 50 with grade, price and status", async () => {
  const { queueToken: token } = await sale.admitted(fan, concert.concertId);
  const { items } = succeeded<Page>(await call({ path: `${concertPath}/dates`, token }), 200);
  assert.deepEqual(
    items.map((it) => [it["date"], it["seatsAvailable"], it["seatsTotal"]]),
    days.map((day) => [day, 50, 50]),
  );
  hasMembers(items[0], members.date);
  const seats = succeeded(
    await call({ path: `${concertPath}/dates/${days[0]}/seats`, token }),
    200,
  );
  hasMembers(seats, members.seats);
  const rows = seats["items"] as Members[];
  assert.deepEqual(
    rows.map((it) => it["seatNumber"]),
    Array.from({ length: 50 }, (_, index) => index + 1),
  );
  hasMembers(rows[0], members.seat);
  assert.deepEqual([rows[19]?.["price"], rows[20]?.["price"]], [1500, 900]);
  assert.deepEqual([rows[19]?.["grade"], rows[20]?.["grade"]], ["R", "S"]);
});

test("a reservation holds its seats for its owner alone until it is paid", async () => {
  const placed = await sale.admitted(fan, concert.concertId);
  const answer = await sale.reserve(placed, { date: days[0], seatNumbers: [21, 20] });
  const held = succeeded<Reservation>(answer, 201);
  hasMembers(held, members.reservation);
  assert.match(held.reservationId, uuid);
  assert.deepEqual([...held.seatNumbers].sort(), [20, 21]);
  assert.deepEqual([held.amount, held.status, held.userId], [2400, "HELD", fan.userId]);
  assert.equal(Date.parse(held.expiresAt) - Date.parse(held.heldAt), 300_000);
  const path = `/api/v1/reservations/${held.reservationId}`;
  for (const token of [fan.accessToken, placed.queueToken])
    assert.equal(succeeded<Reservation>(await call({ path, token }), 200).status, "HELD");
  const mine = succeeded<Page>(
    await call({ path: `/api/v1/users/${fan.userId}/reservations`, token: fan.accessToken }),
    200,
  );
  assert.deepEqual(
    mine.items.map((it) => it["reservationId"]),
    [held.reservationId],
  );
  const seatsPath = `${concertPath}/dates/${days[0]}/seats`;
  await eventually("every instance shows the seats HELD", async () => {
    const shown = await Promise.all(
      deployment.instances.map((it) =>
        call({ path: seatsPath, token: placed.queueToken, on: it.index }),
      ),
    );
    const held20 = shown.filter(
      (it) => (succeeded(it, 200)["items"] as Members[])[19]?.["status"] === "HELD",
    );
    return held20.length === shown.length || undefined;
  });
  const free = succeeded(
    await call({ path: `${seatsPath}?status=AVAILABLE`, token: placed.queueToken }),
    200,
  );
  assert.equal((free["items"] as Members[]).length, 48);
  assert.equal(free["seatsAvailable"], 48);
});

test("a payment debits the price, gives a ticket a seat and ends the place", async () => {
  const placed = await sale.admitted(fan, concert.concertId);
  const list = { path: `/api/v1/users/${fan.userId}/reservations`, token: fan.accessToken };
  const reservationId = String(succeeded<Page>(await call(list)).items[0]?.["reservationId"]);
  const payment = succeeded<Payment>(await sale.pay(placed, reservationId), 201);
  hasMembers(payment, members.payment);
  hasMembers(payment.tickets[0], members.ticket);
  assert.deepEqual([payment.amount, payment.balance], [2400, 2600]);
  assert.deepEqual(payment.tickets.map((it) => it.seatNumber).sort(), [20, 21]);
  assert.equal(await sale.balanceOf(fan), 2600);
  const ended = await sale.status(placed);
  assert.deepEqual([ended.status, ended.endedReason, ended.position], ["ENDED", "PAID", null]);
  refused(
    await call({ path: `${concertPath}/dates`, token: placed.queueToken }),
    "QUEUE_TOKEN_ENDED",
  );
  const again = succeeded<Payment>(await sale.pay(placed, reservationId), 200);
  assert.deepEqual(again, payment);
  const path = `/api/v1/payments/${payment.paymentId}`;
  assert.deepEqual(succeeded(await call({ path, token: fan.accessToken }), 200), payment);
  const mine = { path: `/api/v1/users/${fan.userId}/payments`, token: fan.accessToken };
  assert.deepEqual(succeeded<Page>(await call(mine), 200).items, [payment]);
  const entries = { path: `/api/v1/users/${fan.userId}/balance/entries`, token: fan.accessToken };
  const [debit] = succeeded<Page>(await call(entries), 200).items;
  assert.deepEqual(
    [debit?.["type"], debit?.["amount"], debit?.["balance"]],
    ["PAYMENT", -2400, 2600],
  );
  const status = succeeded(await call({ path: list.path + `?limit=1`, token: fan.accessToken }));
  assert.equal((status["items"] as Members[])[0]?.["status"], "CONFIRMED");
});

test("a user who has paid may join again, with another place", async () => {
  const placed = await sale.admitted(fan, concert.concertId);
  assert.notEqual(claimsOf(placed.queueToken)["jti"], undefined);
  assert.equal((await sale.status(placed)).status, "ACTIVE");
});

test("cancelling frees the seats at once, and a second time says the same", async () => {
  const placed = await sale.admitted(fan, concert.concertId);
  const held = await sale.reserved(placed, { date: days[1], seatNumbers: [5] });
  succeeded(await sale.cancel(fan, held.reservationId), 204);
  succeeded(await sale.cancel(fan, held.reservationId), 204);
  const other = await sale.admitted(await sale.fan(), concert.concertId);
  await sale.reserved(other, { date: days[1], seatNumbers: [5] });
});

test("leaving gives up the place and cancels the held reservation, and says the same twice", async () => {
  const placed = await sale.admitted(await sale.fan(), concert.concertId);
  const held = await sale.reserved(placed, { date: days[1], seatNumbers: [6, 7] });
  succeeded(await sale.leave(placed), 204);
  succeeded(await sale.leave(placed), 204);
  const status = await sale.status(placed);
  assert.deepEqual([status.status, status.endedReason], ["ENDED", "LEFT"]);
  const path = `/api/v1/reservations/${held.reservationId}`;
  const after = succeeded<Reservation>(await call({ path, token: placed.accessToken }), 200);
  assert.equal(after.status, "CANCELLED");
});

test("a POST with no required member takes no body, an empty one and {}", async () => {
  for (const raw of [undefined, "", "{}"]) {
    const asked = { method: "POST", path: "/api/v1/users", ...(raw === undefined ? {} : { raw }) };
    succeeded(await call(asked), 201);
    const path = `${concertPath}/queue/tokens`;
    const token = (await sale.fan()).accessToken;
    succeeded(await call({ ...asked, path, token }), 201);
  }
});

test("the queue counts its admissions and the sold seats", async () => {
  await eventually("figures have caught up", async () => {
    const queue = succeeded(await call({ path: `${concertPath}/queue` }), 200);
    return queue["seatsAvailable"] === 97 && queue["seatsHeld"] === 1 ? true : undefined;
  });
});

test("an instance serves health, readiness, metrics and its document", async () => {
  for (const path of ["/healthz", "/readyz", "/metrics", "/openapi.json", "/docs"]) {
    const answer = await deployment.client.send({ path });
    assert.ok(
      answer.status === 200 || (path === "/docs" && answer.status === 302),
      `${path} ${answer.status}`,
    );
  }
  const metrics = await deployment.client.send({ path: "/metrics" });
  assert.match(metrics.text, /^# TYPE \w+ histogram$/m);
  assert.match(metrics.text, /^# TYPE \w+ counter$/m);
});

test("no secret is in the logs, and the books are in order", async () => {
  const placed = await sale.admitted(await sale.fan(), concert.concertId);
  await sale.charge(placed, 100, { key: `secret-${randomUUID()}` });
  const printed = deployment.instances.map((it) => it.output()).join("\n");
  const secrets = [
    placed.accessToken,
    placed.queueToken,
    deployment.operatorKey,
    deployment.tokenKey.secret.toString("hex"),
  ];
  for (const secret of secrets) assert.ok(!printed.includes(secret), "a secret was logged");
  await sweep(deployment.sql);
});
