import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { openClient, refused, succeeded, type Answer, type Members } from "#test/support/client.ts";
import { sweep } from "#test/support/invariants.ts";
import { dateIn, openSale, type Placed, type Reservation } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { eventually, sleep, race, times, outlastsTwoAnswers } from "#test/support/concurrency.ts";

// Every refusal of the contract once, with its status, its code and the members it owes. The form of
// a problem (members, content type, WWW-Authenticate, Retry-After, Allow) is checked by the client on
// every answer of every test. 503 is tested by the fault tests.

const deployment = await startDeployment({ instances: 2 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const { call } = deployment.client;

const day = dateIn(20);
const concert = await sale.onSale({ dates: [{ date: day }, { date: dateIn(21) }] });
const concertPath = `/api/v1/concerts/${concert.concertId}`;
const nobody = randomUUID();

const buyer = async (balance = 0, concertId = concert.concertId): Promise<Placed> =>
  sale.admitted(await sale.fan({ balance }), concertId);

let nextSeat = 1;
const freeSeat = (): number => nextSeat++;

test("402 INSUFFICIENT_BALANCE says balance and amount, and takes nothing", async () => {
  const placed = await buyer(999);
  const held = await sale.reserved(placed, { date: day, seatNumbers: [freeSeat()] });
  const problem = refused(await sale.pay(placed, held.reservationId), "INSUFFICIENT_BALANCE");
  assert.deepEqual([problem["balance"], problem["amount"]], [999, 1000]);
  assert.equal(await sale.balanceOf(placed), 999);
  await sale.charge(placed, 1);
  succeeded(await sale.pay(placed, held.reservationId), 201);
});

test("409 SEAT_UNAVAILABLE names exactly the seats that are taken, and takes none of the others", async () => {
  const [mine, theirs] = [await buyer(), await buyer()];
  const [a, b, c] = [freeSeat(), freeSeat(), freeSeat()];
  await sale.reserved(mine, { date: day, seatNumbers: [a, b] });
  const problem = refused(
    await sale.reserve(theirs, { date: day, seatNumbers: [c, b, a] }),
    "SEAT_UNAVAILABLE",
  );
  assert.deepEqual([...(problem["seatNumbers"] as number[])].sort(), [a, b].sort());
  await sale.reserved(theirs, { date: day, seatNumbers: [c] });
});

test("409 RESERVATION_ALREADY_HELD says which, on any date of the concert", async () => {
  const placed = await buyer();
  const held = await sale.reserved(placed, { date: day, seatNumbers: [freeSeat()] });
  for (const date of concert.dates) {
    const answer = await sale.reserve(placed, { date, seatNumbers: [50] });
    const problem = refused(answer, "RESERVATION_ALREADY_HELD");
    assert.equal(problem["reservationId"], held.reservationId);
  }
});

test("409 SEAT_LIMIT_EXCEEDED counts what the user has bought, over all dates of the concert", async () => {
  const fan = await sale.fan({ balance: 10_000 });
  const first = await sale.admitted(fan, concert.concertId);
  const wanted = { date: day, seatNumbers: [freeSeat(), freeSeat(), freeSeat()] };
  const held = await sale.reserved(first, wanted);
  succeeded(await sale.pay(first, held.reservationId), 201);
  const second = await sale.admitted(fan, concert.concertId);
  const other = concert.dates[1] ?? "";
  refused(await sale.reserve(second, { date: other, seatNumbers: [1, 2] }), "SEAT_LIMIT_EXCEEDED");
  await sale.reserved(second, { date: other, seatNumbers: [1] });
});

test("409 SEAT_LIMIT_EXCEEDED for more seats than one reservation may have", async () => {
  const placed = await buyer();
  const answer = await sale.reserve(placed, { date: day, seatNumbers: [40, 41, 42, 43, 44] });
  refused(answer, "SEAT_LIMIT_EXCEEDED");
});

test("409 RESERVATION_NOT_PAYABLE for a cancelled one", async () => {
  const placed = await buyer(1000);
  const held = await sale.reserved(placed, { date: day, seatNumbers: [freeSeat()] });
  succeeded(await sale.cancel(placed, held.reservationId), 204);
  refused(await sale.pay(placed, held.reservationId), "RESERVATION_NOT_PAYABLE");
});

test("409 RESERVATION_NOT_CANCELLABLE for a paid one, with either token", async () => {
  const placed = await buyer(1000);
  const held = await sale.reserved(placed, { date: day, seatNumbers: [freeSeat()] });
  succeeded(await sale.pay(placed, held.reservationId), 201);
  refused(await sale.cancel(placed, held.reservationId), "RESERVATION_NOT_CANCELLABLE");
  const byPlace = { ...placed, accessToken: placed.queueToken };
  refused(await sale.cancel(byPlace, held.reservationId), "RESERVATION_NOT_CANCELLABLE");
});

test("410 RESERVATION_EXPIRED from the instant it lapses; it reads EXPIRED, cancels with 204, and its seat is free", async () => {
  const quick = await sale.onSale({ dates: [{ date: day }], policy: { holdSeconds: 1 } });
  const [mine, theirs] = [await buyer(1000, quick.concertId), await buyer(1000, quick.concertId)];
  const held = await sale.reserved(mine, { date: day, seatNumbers: [1] });
  await sleep(Date.parse(held.expiresAt) - Date.now() + 5);
  const path = `/api/v1/reservations/${held.reservationId}`;
  const read = succeeded<Reservation>(await call({ path, token: mine.accessToken }), 200);
  assert.equal(read.status, "EXPIRED");
  refused(await sale.pay(mine, held.reservationId), "RESERVATION_EXPIRED");
  succeeded(await sale.cancel(mine, held.reservationId), 204);
  await sale.reserved(theirs, { date: day, seatNumbers: [1] });
  await sale.reserved(mine, { date: day, seatNumbers: [2, 3, 4, 5] });
  assert.equal(await sale.balanceOf(mine), 1000);
});

test("409 BALANCE_LIMIT_EXCEEDED when the balance would pass 2^53-1, and exactly 2^53-1 is allowed", async () => {
  const fan = await sale.fan({ balance: 9 });
  const rest = Number.MAX_SAFE_INTEGER - 9 - 5;
  await deployment.sql(
    `with moved as (update wallet set balance = balance + $2 where user_id = $1 returning balance)
     insert into ledger_entry (entry_id, transfer_id, type, account, user_id, amount, balance, created_at)
     select gen_random_uuid(), t.id, 'CHARGE', v.account, $1, v.sign * $2::bigint,
       case when v.account = 'WALLET' then moved.balance end, clock_timestamp()
     from moved, (select gen_random_uuid() as id) t, (values ('WALLET', 1), ('CASH', -1)) v (account, sign)`,
    [fan.userId, rest],
  );
  refused(await sale.charge(fan, 6), "BALANCE_LIMIT_EXCEEDED");
  assert.equal(await sale.balanceOf(fan), Number.MAX_SAFE_INTEGER - 5);
  succeeded(await sale.charge(fan, 5), 201);
  assert.equal(await sale.balanceOf(fan), Number.MAX_SAFE_INTEGER);
});

test("409 QUEUE_NOT_OPEN before the opening and after the closing", async () => {
  const opensAt = new Date(Date.now() + 3_600_000).toISOString();
  const early = await sale.onSale({ policy: { opensAt } });
  const fan = await sale.fan();
  refused(await sale.join(fan, early.concertId), "QUEUE_NOT_OPEN");
  const path = `/api/v1/concerts/${early.concertId}/queue`;
  assert.equal(succeeded(await call({ path }), 200)["state"], "SCHEDULED");
  const closed = await sale.onSale();
  succeeded(await sale.admin("POST", `/concerts/${closed.concertId}/queue/close`), 200);
  const { value } = await eventually("closed on every instance", async () => {
    // Another user each time: one who was admitted before the instance knew goes on as ACTIVE.
    const answer = await sale.join(await sale.fan(), closed.concertId);
    return answer.status === 409 ? answer : undefined;
  });
  refused(value, "QUEUE_NOT_OPEN");
});

test("409 SOLD_OUT once the last seat is paid, and nothing is listed as bookable", async () => {
  const policy = { maxSeatsPerUser: 50, maxSeatsPerReservation: 50 };
  const small = await sale.onSale({ dates: [{ date: day }], price: 10, policy });
  const [placed, late] = [await buyer(500, small.concertId), await buyer(0, small.concertId)];
  const seatNumbers = Array.from({ length: 50 }, (_, index) => index + 1);
  const held = await sale.reserved(placed, { date: day, seatNumbers });
  succeeded(await sale.pay(placed, held.reservationId), 201);
  const { value } = await eventually("sold out on every instance", async () => {
    const answer = await sale.join(await sale.fan(), small.concertId);
    return answer.status === 409 ? answer : undefined;
  });
  refused(value, "SOLD_OUT");
  const path = `/api/v1/concerts/${small.concertId}`;
  await eventually("no date can be booked", async () => {
    const dates = await call({ path: `${path}/dates`, token: late.queueToken });
    return (succeeded(dates, 200)["items"] as Members[]).length === 0 || undefined;
  });
  await eventually("every instance says so", async () => {
    const queue = succeeded(await call({ path: `${path}/queue` }), 200);
    return (queue["state"] === "SOLD_OUT" && queue["seatsAvailable"] === 0) || undefined;
  });
});

test("403 QUEUE_NOT_ACTIVE for a live place whose turn has not come", async () => {
  const slow = await sale.onSale({ dates: [{ date: day }], policy: { maxActive: 1 } });
  await buyer(0, slow.concertId);
  const waiting = await sale.placed(await sale.fan(), slow.concertId);
  assert.equal((await sale.status(waiting)).status, "WAITING");
  for (const path of ["/dates", `/dates/${day}/seats`])
    refused(
      await call({ path: `/api/v1/concerts/${slow.concertId}${path}`, token: waiting.queueToken }),
      "QUEUE_NOT_ACTIVE",
    );
  refused(await sale.reserve(waiting, { date: day, seatNumbers: [1] }), "QUEUE_NOT_ACTIVE");
});

test("404 for what does not exist: concert, date, reservation, payment, path", async () => {
  const placed = await buyer();
  const { accessToken: access, queueToken: queue } = placed;
  const absent = dateIn(99);
  const cases = [
    ["CONCERT_NOT_FOUND", { path: `/api/v1/concerts/${nobody}` }],
    ["CONCERT_NOT_FOUND", { path: `/api/v1/concerts/${nobody}/queue` }],
    [
      "CONCERT_NOT_FOUND",
      { method: "POST", path: `/api/v1/concerts/${nobody}/queue/tokens`, token: access },
    ],
    ["DATE_NOT_FOUND", { path: `${concertPath}/dates/${absent}/seats`, token: queue }],
    ["RESERVATION_NOT_FOUND", { path: `/api/v1/reservations/${nobody}`, token: access }],
    ["RESERVATION_NOT_FOUND", { path: `/api/v1/reservations/${nobody}`, token: queue }],
    [
      "RESERVATION_NOT_FOUND",
      { method: "DELETE", path: `/api/v1/reservations/${nobody}`, token: access },
    ],
    ["PAYMENT_NOT_FOUND", { path: `/api/v1/payments/${nobody}`, token: access }],
    ["NOT_FOUND", { path: `/api/v1/users/${nobody}/balance`, token: access }],
    ["NOT_FOUND", { path: "/api/v1/nowhere" }],
    ["NOT_FOUND", { path: "/" + "x".repeat(300) }],
  ] as const;
  for (const [code, asked] of cases) refused(await call(asked), code);
  refused(await sale.reserve(placed, { date: absent, seatNumbers: [1] }), "DATE_NOT_FOUND");
  refused(await sale.pay(placed, nobody), "RESERVATION_NOT_FOUND");
  for (const [method, path] of [
    ["PATCH", "/policy"],
    ["POST", "/queue/pause"],
    ["POST", "/queue/resume"],
    ["POST", "/queue/close"],
    ["GET", "/stats"],
  ] as const)
    refused(
      await sale.admin(
        method,
        `/concerts/${nobody}${path}`,
        method === "PATCH" ? { maxActive: 1 } : undefined,
      ),
      "CONCERT_NOT_FOUND",
    );
});

test("404 for another user's object, as if it did not exist", async () => {
  const [owner, stranger] = [await buyer(1000), await buyer(1000)];
  const held = await sale.reserved(owner, { date: day, seatNumbers: [freeSeat()] });
  const path = `/api/v1/reservations/${held.reservationId}`;
  for (const token of [stranger.accessToken, stranger.queueToken])
    for (const method of ["GET", "DELETE"])
      refused(await call({ method, path, token }), "RESERVATION_NOT_FOUND");
  refused(await sale.pay(stranger, held.reservationId), "RESERVATION_NOT_FOUND");
  const paid = succeeded(await sale.pay(owner, held.reservationId), 201);
  const payment = `/api/v1/payments/${String(paid["paymentId"])}`;
  refused(await call({ path: payment, token: stranger.accessToken }), "PAYMENT_NOT_FOUND");
  for (const list of ["balance", "balance/entries", "reservations", "payments"])
    refused(
      await call({ path: `/api/v1/users/${owner.userId}/${list}`, token: stranger.accessToken }),
      "NOT_FOUND",
    );
  const charge = await sale.charge({ ...owner, accessToken: stranger.accessToken }, 5);
  refused(charge, "NOT_FOUND");
  assert.equal(await sale.balanceOf(owner), 0);
});

test("a date that has begun is not found and not listed", async () => {
  const startsAt = new Date(Date.now() + 2500).toISOString();
  const begins = startsAt.slice(0, 10);
  const dates = [{ date: begins, startsAt }, { date: dateIn(9) }];
  const timely = await sale.onSale({ dates, policy: { holdSeconds: 60 } });
  const placed = await buyer(0, timely.concertId);
  await sleep(Date.parse(startsAt) - Date.now() + 10);
  refused(await sale.reserve(placed, { date: begins, seatNumbers: [1] }), "DATE_NOT_FOUND");
  await eventually("begun date unlisted", async () => {
    const answer = await call({
      path: `/api/v1/concerts/${timely.concertId}/dates`,
      token: placed.queueToken,
    });
    return (succeeded(answer, 200)["items"] as Members[]).length === 1 || undefined;
  });
});

test("409 SALE_ENDED once every date has begun: no sold seat is lost, and no seat is called sold that is not", async () => {
  const policy = { maxActive: 1, shoppersPerSeat: 1 };
  const { concertId } = await sale.onSale({ dates: [{ date: day }], policy });
  const owner = await buyer(1000, concertId);
  const held = await sale.reserved(owner, { date: day, seatNumbers: [1] });
  succeeded(await sale.pay(owner, held.reservationId), 201);
  const active = await buyer(0, concertId);
  const waiting = await sale.placed(await sale.fan(), concertId);
  await deployment.sql("update show set starts_at = clock_timestamp() where concert_id = $1", [
    concertId,
  ]);
  const { value } = await eventually("the sale has ended", async () => {
    const { status, queueState, endedReason } = await sale.status(waiting);
    return status === "ENDED" ? [queueState, endedReason] : undefined;
  });
  assert.deepEqual(value, ["ENDED", "ENDED"]);
  for (const on of [0, 1]) {
    const { value: refusal } = await eventually("joining is refused", async () => {
      const answer = await sale.join(await sale.fan(), concertId, on);
      return answer.status === 409 ? answer : undefined;
    });
    refused(refusal, "SALE_ENDED");
    const path = `/api/v1/concerts/${concertId}`;
    const shown = succeeded<Members>(await call({ path, on }), 200);
    assert.equal((shown["queue"] as Members)["state"], "ENDED");
    const queue = succeeded<Members>(await call({ path: `${path}/queue`, on }), 200);
    assert.deepEqual([queue["seatsTotal"], queue["seatsAvailable"]], [50, 0]);
    const read = await sale.admin("GET", `/concerts/${concertId}/stats`, undefined, on);
    const stats = succeeded<Members>(read, 200);
    assert.deepEqual([stats["seatsSold"], stats["seatsTotal"], stats["revenue"]], [1, 50, 1000]);
  }
  refused(await sale.reserve(active, { date: day, seatNumbers: [2] }), "DATE_NOT_FOUND");
});

test("400 INVALID_REQUEST for a concert whose date has passed, with a pointer at the date", async () => {
  const dates = [{ date: dateIn(9) }, { date: dateIn(-2) }];
  const body = { title: "Yesterday", timeZone: "UTC", dates, price: 1000 };
  const problem = refused(await sale.admin("POST", "/concerts", body), "INVALID_REQUEST");
  const [error] = problem["errors"] as { pointer: string }[];
  assert.equal(error?.pointer, "/dates/1/date");
});

test("429 HOLD_LIMIT for unpaid holds, until Retry-After: after the seat limit, before taken seats, on each instance", async () => {
  const policy = { holdsPerUser: 2, holdCooldownSeconds: 60, holdSeconds: 60 };
  const { concertId } = await sale.onSale({ dates: [{ date: day }], policy });
  const [hoarder, honest] = [await buyer(0, concertId), await buyer(1000, concertId)];
  for (const on of [0, 1]) {
    const answer = await sale.reserve(hoarder, { date: day, seatNumbers: [1, 2] }, { on });
    const { reservationId } = succeeded<Reservation>(answer, 201);
    succeeded(await sale.cancel(hoarder, reservationId, on), 204);
  }
  const held = await sale.reserved(honest, { date: day, seatNumbers: [1] });
  for (const on of [0, 1]) {
    const refusal = await sale.reserve(hoarder, { date: day, seatNumbers: [1] }, { on });
    refused(refusal, "HOLD_LIMIT");
    const seconds = Number(refusal.headers["retry-after"]);
    assert.ok(seconds > 3_400 && seconds <= 3_600, `${seconds} s`);
    const tooMany = { date: day, seatNumbers: [1, 2, 3, 4, 5] };
    refused(await sale.reserve(hoarder, tooMany, { on }), "SEAT_LIMIT_EXCEEDED");
  }
  succeeded(await sale.pay(honest, held.reservationId), 201);
});

test("429 HOLD_LIMIT after a lapsed hold, for the cooldown only, also when it is set while the sale runs", async () => {
  const quick = await sale.onSale({ dates: [{ date: day }], policy: { holdSeconds: 1 } });
  const placed = await buyer(0, quick.concertId);
  const held = await sale.reserved(placed, { date: day, seatNumbers: [1] });
  const path = `/concerts/${quick.concertId}/policy`;
  succeeded(await sale.admin("PATCH", path, { holdCooldownSeconds: 5 }), 200);
  await sleep(Date.parse(held.expiresAt) - Date.now() + 5);
  const wanted = { date: day, seatNumbers: [1] };
  const { value: refusal } = await eventually("the cooldown is in force", async () => {
    const answer = await sale.reserve(placed, wanted);
    return answer.status === 429 ? answer : undefined;
  });
  refused(refusal, "HOLD_LIMIT");
  const seconds = Number(refusal.headers["retry-after"]);
  assert.ok(seconds >= 1 && seconds <= 5, `${seconds} s`);
  await sleep(seconds * 1000);
  await sale.reserved(placed, wanted);
});

test("an ACTIVE user who does not use the slot loses it after idleSeconds, which expiresAt says", async () => {
  const policy = { idleSeconds: 5, holdSeconds: 60 };
  const { concertId } = await sale.onSale({ dates: [{ date: day }], policy });
  const [idle, busy] = [await buyer(0, concertId), await buyer(0, concertId)];
  const { expiresAt, serverTime } = await sale.status(idle);
  assert.ok(expiresAt !== null && Date.parse(expiresAt) - Date.parse(serverTime) <= 5_000);
  await sale.reserved(busy, { date: day, seatNumbers: [1] });
  const { value } = await eventually("the idle slot ends", async () => {
    const { status, endedReason } = await sale.status(idle);
    return status === "ENDED" ? endedReason : undefined;
  });
  assert.equal(value, "LAPSED");
  assert.ok(Date.now() >= Date.parse(expiresAt) - 250);
  assert.equal((await sale.status(busy)).status, "ACTIVE");
});

test("405 says which methods are allowed; 413 and 415 refuse the body", async () => {
  const answer = await call({ method: "PUT", path: "/api/v1/users" });
  refused(answer, "METHOD_NOT_ALLOWED");
  assert.match(String(answer.headers.allow), /\bPOST\b/);
  refused(await call({ method: "POST", path: concertPath }), "METHOD_NOT_ALLOWED");
  const fan = await sale.fan();
  const path = `/api/v1/users/${fan.userId}/balance/charges`;
  const asked = { method: "POST", path, token: fan.accessToken, key: randomUUID() };
  const long = JSON.stringify({ amount: 1, more: "x".repeat(20_000) });
  refused(await call({ ...asked, raw: long }), "PAYLOAD_TOO_LARGE");
  const headers = { "content-type": "text/plain" };
  refused(await call({ ...asked, raw: '{"amount":1}', headers }), "UNSUPPORTED_MEDIA_TYPE");
  assert.equal(await sale.balanceOf(fan), 0);
});

test("400 IDEMPOTENCY_KEY_REQUIRED for a charge without a key", async () => {
  const fan = await sale.fan();
  const path = `/api/v1/users/${fan.userId}/balance/charges`;
  const answer = await call({ method: "POST", path, token: fan.accessToken, body: { amount: 1 } });
  refused(answer, "IDEMPOTENCY_KEY_REQUIRED");
});

test("429 RATE_LIMITED by address only when the operator sets a limit, until Retry-After", async () => {
  const limited = await deployment.add({ RATE_LIMIT_PER_ADDRESS: "5" });
  const client = openClient([limited.url]);
  await client.document();
  const answers = await race(times(60, () => () => client.call({ path: "/api/v1/concerts" })));
  const turnedAway = answers.filter((it) => it.status === 429);
  assert.ok(turnedAway.length > 0 && turnedAway.length < 60, `${turnedAway.length} of 60`);
  for (const answer of turnedAway) refused(answer, "RATE_LIMITED");
  await sleep(Number(turnedAway[0]?.headers["retry-after"]) * 1000);
  succeeded(await client.call({ path: "/api/v1/concerts" }), 200);
  client.close();
  const free = await race(times(60, () => () => call({ path: "/api/v1/concerts" })));
  for (const answer of free) succeeded(answer, 200);
});

test("a refused reservation prolongs no turn", async () => {
  const policy = { sessionSeconds: outlastsTwoAnswers, claimSeconds: outlastsTwoAnswers };
  const short = await sale.onSale({ dates: [{ date: day }], policy });
  const [owner, late] = [await buyer(0, short.concertId), await buyer(0, short.concertId)];
  await sale.reserved(owner, { date: day, seatNumbers: [1] });
  const { expiresAt } = await sale.status(late);
  assert.ok(expiresAt);
  refused(await sale.reserve(late, { date: day, seatNumbers: [1] }), "SEAT_UNAVAILABLE");
  assert.equal((await sale.status(late)).expiresAt, expiresAt);
  await sleep(Date.parse(expiresAt) - Date.now() + 20);
  assert.equal((await sale.status(late)).endedReason, "LAPSED");
});

test("429 RATE_LIMITED for a place that is polled too often, until Retry-After; for no other place", async () => {
  const [hammer, neighbour] = [await buyer(1000), await buyer()];
  const pollsOf = (placed: Placed, count: number): (() => Promise<Answer>)[] =>
    times(count, () => () => sale.poll(placed, 0));
  const answers = await race([...pollsOf(hammer, 400), ...pollsOf(neighbour, 10)]);
  const turnedAway = answers.slice(0, 400).filter(({ status }) => status === 429);
  assert.ok(turnedAway.length > 0, "no request was turned away");
  for (const answer of turnedAway) refused(answer, "RATE_LIMITED");
  for (const answer of answers.slice(400)) succeeded(answer, 200);
  // Polling too often does not affect purchases.
  const held = await sale.reserved(hammer, { date: day, seatNumbers: [freeSeat()] });
  succeeded(await sale.pay(hammer, held.reservationId), 201);
  await sleep(Number(turnedAway[0]?.headers["retry-after"]) * 1000);
  succeeded(await sale.poll(hammer, 0), 200);
});

test("after all of these refusals the books are in order", async () => {
  await sweep(deployment.sql);
});
