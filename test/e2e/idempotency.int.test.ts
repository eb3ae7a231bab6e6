import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { refused, succeeded, type Answer, type Asked } from "#test/support/client.ts";
import { sweep } from "#test/support/invariants.ts";
import { dateIn, openSale, type Fan, type Reservation } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { sleep } from "#test/support/concurrency.ts";

// The key names the intent. Sequential rules; keys that race are test/race's business.

const deployment = await startDeployment({ instances: 3 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const { call } = deployment.client;

const day = dateIn(20);
const concert = await sale.onSale({ dates: [{ date: day }] });

const replayed = (answer: Answer, original: Answer): void => {
  assert.equal(answer.headers["idempotent-replayed"], "true", answer.text);
  assert.equal(answer.status, original.status);
  assert.equal(answer.text, original.text);
};

const charging = (fan: Fan, key: string, raw: string): Asked => ({
  method: "POST",
  path: `/api/v1/users/${fan.userId}/balance/charges`,
  token: fan.accessToken,
  key,
  raw,
});

test("the same request again gets the same bytes from every instance, and happens once", async () => {
  const fan = await sale.fan();
  const key = randomUUID();
  const first = await sale.charge(fan, 700, { key, on: 0 });
  succeeded(first, 201);
  assert.equal(first.headers["idempotent-replayed"], undefined);
  for (const on of [0, 1, 2]) replayed(await sale.charge(fan, 700, { key, on }), first);
  assert.equal(await sale.balanceOf(fan), 700);
});

test("spacing of the body and quotes around the key do not matter", async () => {
  const fan = await sale.fan();
  const key = `order 7 / ${randomUUID()}`;
  const first = await call(charging(fan, key, '{"amount":5}'));
  succeeded(first, 201);
  replayed(await call(charging(fan, `"${key}"`, '{ "amount" : 5 }\n')), first);
  replayed(await call(charging(fan, key, '{"amount":5.0}')), first);
  assert.equal(await sale.balanceOf(fan), 5);
});

test("the order of members does not matter, the order of an array does", async () => {
  const placed = await sale.admitted(await sale.fan(), concert.concertId);
  const asked = {
    method: "POST",
    path: "/api/v1/reservations",
    token: placed.queueToken,
    key: randomUUID(),
  };
  const first = await call({ ...asked, raw: `{"date":"${day}","seatNumbers":[1,2]}` });
  succeeded(first, 201);
  replayed(await call({ ...asked, raw: `{"seatNumbers":[1,2],"date":"${day}"}` }), first);
  refused(
    await call({ ...asked, raw: `{"date":"${day}","seatNumbers":[2,1]}` }),
    "IDEMPOTENCY_KEY_REUSED",
  );
});

test("a key used for another body, path or kind of request is refused and changes nothing", async () => {
  const fan = await sale.fan({ balance: 5000 });
  const placed = await sale.admitted(fan, concert.concertId);
  const key = randomUUID();
  succeeded(await sale.charge(fan, 10, { key }), 201);
  refused(await sale.charge(fan, 11, { key }), "IDEMPOTENCY_KEY_REUSED");
  const wanted = { date: day, seatNumbers: [3] };
  refused(await sale.reserve(placed, wanted, { key }), "IDEMPOTENCY_KEY_REUSED");
  const held = await sale.reserved(placed, wanted);
  refused(await sale.pay(placed, held.reservationId, { key }), "IDEMPOTENCY_KEY_REUSED");
  assert.equal(await sale.balanceOf(fan), 5010);
  succeeded(await sale.pay(placed, held.reservationId, { key: randomUUID() }), 201);
});

test("a key belongs to its user: two users may use the same one", async () => {
  const [one, two] = [await sale.fan(), await sale.fan()];
  const key = randomUUID();
  const answers = [await sale.charge(one, 10, { key }), await sale.charge(two, 20, { key })];
  for (const answer of answers) succeeded(answer, 201);
  assert.equal(answers[1]?.headers["idempotent-replayed"], undefined);
  assert.deepEqual([await sale.balanceOf(one), await sale.balanceOf(two)], [10, 20]);
});

test("a refusal frees the key, for the same request and for another one", async () => {
  const [owner, placed] = [
    await sale.admitted(await sale.fan(), concert.concertId),
    await sale.admitted(await sale.fan({ balance: 10 }), concert.concertId),
  ];
  const theirs = await sale.reserved(owner, { date: day, seatNumbers: [10] });
  const key = randomUUID();
  const wanted = { date: day, seatNumbers: [10] };
  refused(await sale.reserve(placed, wanted, { key }), "SEAT_UNAVAILABLE");
  await sale.cancel(owner, theirs.reservationId);
  const held = succeeded<Reservation>(await sale.reserve(placed, wanted, { key }), 201);
  const paying = randomUUID();
  refused(await sale.pay(placed, held.reservationId, { key: paying }), "INSUFFICIENT_BALANCE");
  succeeded(await sale.charge(placed, 5000, { key: paying }), 201);
  refused(await sale.pay(placed, held.reservationId, { key: paying }), "IDEMPOTENCY_KEY_REUSED");
});

test("a payment's answer is given again after the payment ended the token, and it is one payment", async () => {
  const fan = await sale.fan({ balance: 5000 });
  const placed = await sale.admitted(fan, concert.concertId);
  const held = await sale.reserved(placed, { date: day, seatNumbers: [20, 21] });
  const key = randomUUID();
  const paid = await sale.pay(placed, held.reservationId, { key });
  succeeded(paid, 201);
  for (const on of [0, 1, 2])
    replayed(await sale.pay(placed, held.reservationId, { key, on }), paid);
  const again = await sale.pay(placed, held.reservationId, { key: randomUUID() });
  assert.deepEqual(succeeded(again, 200), paid.body);
  assert.equal(await sale.balanceOf(fan), 3000);
});

test("a replayed reservation has the first answer, whatever happened to the reservation since", async () => {
  const placed = await sale.admitted(await sale.fan(), concert.concertId);
  const key = randomUUID();
  const wanted = { date: day, seatNumbers: [25] };
  const first = await sale.reserve(placed, wanted, { key });
  const held = succeeded<Reservation>(first, 201);
  succeeded(await sale.cancel(placed, held.reservationId), 204);
  replayed(await sale.reserve(placed, wanted, { key }), first);
  const rows = await deployment.sql("select 1 from reservation where user_id = $1", [
    placed.userId,
  ]);
  assert.equal(rows.length, 1);
});

test("keys of 1 and 255 characters are usable; empty, 256, control and non-ASCII ones are not", async () => {
  const fan = await sale.fan();
  for (const key of ["a", "k".repeat(255), `"${"q".repeat(255)}"`, "~!@#$%^&*()[]{}|;:',.<>?/"])
    succeeded(await call(charging(fan, key, '{"amount":1}')), 201);
  for (const key of ["", '""', "k".repeat(256), `"${"q".repeat(256)}"`, "tab\there", "caf\u00e9"])
    refused(await call(charging(fan, key, '{"amount":1}')), "INVALID_REQUEST");
  assert.equal(await sale.balanceOf(fan), 4);
});

test("while the first request with a key runs, the same key on another instance is refused or waits for it", async () => {
  const fan = await sale.fan({ balance: 1 });
  const key = randomUUID();
  const wallet = "select 1 from wallet where user_id = $1 for update";
  await using lock = await deployment.lock(wallet, [fan.userId]);
  const first = sale.charge(fan, 40, { key, on: 0 });
  await sleep(150);
  const sameKey = sale.charge(fan, 40, { key, on: 1 });
  const early = await Promise.race([sameKey, sleep(500).then(() => null)]);
  await lock.release();
  succeeded(await first, 201);
  const late = await sameKey;
  if (early !== null || late.status === 409) refused(late, "IDEMPOTENCY_IN_PROGRESS");
  else replayed(late, await first);
  replayed(await sale.charge(fan, 40, { key, on: 2 }), await first);
  assert.equal(await sale.balanceOf(fan), 41);
});

test("keys are kept with the effect: every stored answer has its effect, once", async () => {
  await sweep(deployment.sql);
  const [row] = await deployment.sql<{ young: boolean }>(
    "select bool_and(created_at > clock_timestamp() - interval '1 hour') as young from idempotency",
  );
  assert.equal(row?.young, true);
});
