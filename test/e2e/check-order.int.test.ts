import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { refused, succeeded, type Asked } from "#test/support/client.ts";
import { dateIn, openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { sleep, outlastsTwoAnswers } from "#test/support/concurrency.ts";

// Goal: the order of checks is part of the contract. Method: requests with two faults at once, from
// neighbouring steps of the order; the code must be the earlier one's. Each fault alone gives its own
// code (the other e2e tests), so a swapped pair is seen.

const deployment = await startDeployment({ instances: 2 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const { call } = deployment.client;

const day = dateIn(20);
const absent = dateIn(77);
const mine = await sale.onSale({ dates: [{ date: day }, { date: dateIn(21) }] });
const other = await sale.onSale({ dates: [{ date: day }] });
const narrow = await sale.onSale({ dates: [{ date: day }], policy: { maxActive: 1 } });

const active = await sale.admitted(await sale.fan({ balance: 100_000 }), mine.concertId);
const ended = await sale.admitted(await sale.fan({ balance: 100_000 }), mine.concertId);
await sale.leave(ended);
await sale.admitted(await sale.fan(), narrow.concertId);
const waiting = await sale.placed(await sale.fan({ balance: 100_000 }), narrow.concertId);

const post = (path: string, token: string, more: Partial<Asked> = {}): Asked => ({
  method: "POST",
  path: `/api/v1${path}`,
  token,
  ...more,
});
const charges = `/users/${active.userId}/balance/charges`;
const seats = (concertId: string, date: string, token: string): Asked => ({
  path: `/api/v1/concerts/${concertId}/dates/${date}/seats`,
  token,
});
const badBody = { date: "not a date", seatNumbers: "none", extra: true };

const table: readonly (readonly [string, Asked, string])[] = [
  ["token before body", post("/reservations", "garbage", { body: badBody }), "QUEUE_TOKEN_INVALID"],
  [
    "token's kind before body",
    post("/payments", active.accessToken, { body: {} }),
    "QUEUE_TOKEN_INVALID",
  ],
  [
    "token before broken JSON",
    post("/reservations", "garbage", { raw: "{" }),
    "QUEUE_TOKEN_INVALID",
  ],
  [
    "token before content type",
    post("/payments", "garbage", { raw: "x", headers: { "content-type": "text/plain" } }),
    "QUEUE_TOKEN_INVALID",
  ],
  [
    "token before path's shape",
    { path: "/api/v1/users/nonsense/balance", token: "x" },
    "ACCESS_TOKEN_INVALID",
  ],
  ["token before key", post(charges, "garbage", { body: { amount: 1 } }), "ACCESS_TOKEN_INVALID"],
  [
    "operator key before body",
    { ...post("", "x", { body: {} }), path: "/admin/v1/concerts" },
    "OPERATOR_KEY_INVALID",
  ],
  [
    "shape before concert",
    seats(other.concertId, "2026-02-30", active.queueToken),
    "INVALID_REQUEST",
  ],
  [
    "shape of the concert's id before concert",
    seats("nonsense", day, active.queueToken),
    "INVALID_REQUEST",
  ],
  [
    "shape before owner",
    post(`/users/${ended.userId}/balance/charges`, active.accessToken, {
      key: "k",
      body: { amount: 0 },
    }),
    "INVALID_REQUEST",
  ],
  [
    "missing key before owner",
    post(`/users/${ended.userId}/balance/charges`, active.accessToken, { body: { amount: 1 } }),
    "IDEMPOTENCY_KEY_REQUIRED",
  ],
  [
    "shape before not active",
    post("/reservations", waiting.queueToken, { body: badBody }),
    "INVALID_REQUEST",
  ],
  [
    "shape before ended",
    post("/reservations", ended.queueToken, { body: badBody }),
    "INVALID_REQUEST",
  ],
  [
    "unusable key before ended",
    post("/reservations", ended.queueToken, {
      key: "k".repeat(256),
      body: { date: day, seatNumbers: [1] },
    }),
    "INVALID_REQUEST",
  ],
  [
    "concert before not active",
    seats(other.concertId, day, waiting.queueToken),
    "QUEUE_TOKEN_MISMATCH",
  ],
  ["concert before ended", seats(other.concertId, day, ended.queueToken), "QUEUE_TOKEN_MISMATCH"],
  [
    "concert before its existence",
    seats(randomUUID(), day, active.queueToken),
    "QUEUE_TOKEN_MISMATCH",
  ],
  [
    "concert before the date's existence",
    seats(other.concertId, absent, active.queueToken),
    "QUEUE_TOKEN_MISMATCH",
  ],
  [
    "not active before the date's existence",
    seats(narrow.concertId, absent, waiting.queueToken),
    "QUEUE_NOT_ACTIVE",
  ],
  [
    "ended before the date's existence",
    seats(mine.concertId, absent, ended.queueToken),
    "QUEUE_TOKEN_ENDED",
  ],
  [
    "not active before the reservation's date",
    post("/reservations", waiting.queueToken, { body: { date: absent, seatNumbers: [1] } }),
    "QUEUE_NOT_ACTIVE",
  ],
  [
    "ended before the reservation's date",
    post("/reservations", ended.queueToken, { body: { date: absent, seatNumbers: [1] } }),
    "QUEUE_TOKEN_ENDED",
  ],
];

for (const [rule, asked, code] of table)
  test(`${rule}: ${code}`, async () => {
    refused(await call(asked), code);
  });

test("a stored answer comes before ended, and its reuse for another request too", async () => {
  const fan = await sale.fan({ balance: 5000 });
  const placed = await sale.admitted(fan, mine.concertId);
  const [reserving, paying] = [randomUUID(), randomUUID()];
  const wanted = { date: day, seatNumbers: [7] };
  const held = succeeded(await sale.reserve(placed, wanted, { key: reserving }), 201);
  const reservationId = String(held["reservationId"]);
  const paid = await sale.pay(placed, reservationId, { key: paying });
  succeeded(paid, 201);
  const replays = [
    await sale.reserve(placed, wanted, { key: reserving }),
    await sale.pay(placed, reservationId, { key: paying }),
  ];
  for (const replay of replays) assert.equal(replay.headers["idempotent-replayed"], "true");
  assert.equal(replays[1]?.text, paid.text);
  const changed = { date: day, seatNumbers: [8] };
  refused(await sale.reserve(placed, changed, { key: reserving }), "IDEMPOTENCY_KEY_REUSED");
  refused(await sale.reserve(placed, changed, { key: randomUUID() }), "QUEUE_TOKEN_ENDED");
  refused(await sale.pay(placed, randomUUID(), { key: paying }), "IDEMPOTENCY_KEY_REUSED");
});

test("a stored answer does not come before the token and the shape", async () => {
  const placed = await sale.admitted(await sale.fan(), mine.concertId);
  const key = randomUUID();
  succeeded(await sale.reserve(placed, { date: day, seatNumbers: [9] }, { key }), 201);
  const asked = post("/reservations", placed.queueToken, { key });
  refused(await call({ ...asked, body: badBody }), "INVALID_REQUEST");
  refused(
    await call({ ...asked, token: "garbage", body: { date: day, seatNumbers: [9] } }),
    "QUEUE_TOKEN_INVALID",
  );
});

test("a reservation's refusals: date, then already held, then limit, then taken seats", async () => {
  const [first, second] = [
    await sale.admitted(await sale.fan(), mine.concertId),
    await sale.admitted(await sale.fan(), mine.concertId),
  ];
  await sale.reserved(first, { date: day, seatNumbers: [11] });
  const tooMany = [11, 12, 13, 14, 15];
  refused(await sale.reserve(second, { date: absent, seatNumbers: tooMany }), "DATE_NOT_FOUND");
  refused(await sale.reserve(second, { date: day, seatNumbers: tooMany }), "SEAT_LIMIT_EXCEEDED");
  refused(await sale.reserve(second, { date: day, seatNumbers: [11] }), "SEAT_UNAVAILABLE");
  await sale.reserved(second, { date: day, seatNumbers: [12] });
  refused(await sale.reserve(second, { date: absent, seatNumbers: tooMany }), "DATE_NOT_FOUND");
  refused(
    await sale.reserve(second, { date: day, seatNumbers: tooMany }),
    "RESERVATION_ALREADY_HELD",
  );
  refused(await sale.reserve(second, { date: day, seatNumbers: [11] }), "RESERVATION_ALREADY_HELD");
});

test("a payment's refusals: existence, then cancelled or expired, then balance", async () => {
  const quick = await sale.onSale({
    dates: [{ date: day }],
    policy: { holdSeconds: outlastsTwoAnswers },
  });
  const poor = await sale.admitted(await sale.fan(), quick.concertId);
  const cancelled = await sale.reserved(poor, { date: day, seatNumbers: [1] });
  await sale.cancel(poor, cancelled.reservationId);
  refused(await sale.pay(poor, cancelled.reservationId), "RESERVATION_NOT_PAYABLE");
  const lapsing = await sale.reserved(poor, { date: day, seatNumbers: [1] });
  refused(await sale.pay(poor, lapsing.reservationId), "INSUFFICIENT_BALANCE");
  await sleep(Date.parse(lapsing.expiresAt) - Date.now() + 5);
  refused(await sale.pay(poor, lapsing.reservationId), "RESERVATION_EXPIRED");
});

test("joining: the concert's existence before its state", async () => {
  const fan = await sale.fan();
  refused(await sale.join(fan, randomUUID()), "CONCERT_NOT_FOUND");
});
