import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient, type CallOptions } from "./client.ts";
import {
  chargeBalance,
  createUser,
  leaveQueue,
  listSeats,
  reserveSeats,
} from "./generated/index.ts";

type Reply = Response | Error;

const problem = (status: number, code: string, more: object = {}, headers = {}): Response =>
  new Response(JSON.stringify({ type: "/p", title: code, status, code, ...more }), {
    status,
    headers: { "content-type": "application/problem+json", ...headers },
  });

const json = (content: unknown, status = 200, headers = {}): Response =>
  new Response(JSON.stringify(content), { status, headers });

/** A client whose network gives these answers in order; waits take no time. */
const clientOf = (...replies: Reply[]) => {
  const requests: { url: string; init: RequestInit }[] = [];
  const fetchNext: typeof fetch = (url, init = {}) => {
    requests.push({ url: url as string, init });
    const reply = replies.shift() ?? new Error("no reply is left");
    return reply instanceof Error ? Promise.reject(reply) : Promise.resolve(reply);
  };
  const client = createClient({
    url: "https://tickets.example",
    fetch: fetchNext,
    random: () => 0,
    retry: { firstWaitMs: 0 },
  });
  return { client, requests };
};

const headersOf = (init: RequestInit): Record<string, string> =>
  init.headers as Record<string, string>;

const seats = { concertId: "a b", date: "2026-12-24", status: "AVAILABLE" as const };
const wish = { body: { date: "2026-12-24", seatNumbers: [1, 2] } };

test("parameters go into the path and the query, and the token into its header", async () => {
  const { client, requests } = clientOf(json({ items: [] }));
  const result = await client.call(listSeats, seats, { token: "t" });
  assert.ok(result.ok);
  const [request] = requests;
  const path = "/api/v1/concerts/a%20b/dates/2026-12-24/seats?status=AVAILABLE";
  assert.equal(request?.url, `https://tickets.example${path}`);
  assert.deepEqual(headersOf(request.init), { authorization: "Bearer t" });
});

test("a body is sent as JSON with its Idempotency-Key", async () => {
  const { client, requests } = clientOf(json({}, 201, { "idempotent-replayed": "true" }));
  const result = await client.call(reserveSeats, wish, { token: "t", key: "k" });
  assert.ok(result.ok && result.replayed && result.status === 201);
  const init = requests[0]?.init ?? {};
  assert.equal(init.body, JSON.stringify(wish.body));
  assert.equal(headersOf(init)["idempotency-key"], "k");
  assert.equal(headersOf(init)["content-type"], "application/json");
});

test("a refusal has its code and the members of that code", async () => {
  const { client } = clientOf(problem(409, "SEAT_UNAVAILABLE", { seatNumbers: [2] }));
  const result = await client.call(reserveSeats, wish, { token: "t" });
  assert.ok(!result.ok && result.code === "SEAT_UNAVAILABLE");
  assert.deepEqual(result.problem.seatNumbers, [2]);
});

test("an answer without content is a success without a value", async () => {
  const { client } = clientOf(new Response(null, { status: 204 }));
  const result = await client.call(leaveQueue, { concertId: "c" }, { token: "t" });
  assert.ok(result.ok);
  assert.equal(result.value, undefined);
});

const lost = new Error("network");
const busy = () => problem(503, "UNAVAILABLE");
const charge = { userId: "u", body: { amount: 1 } };

// first answer | with a key | number of requests
const again: [title: string, first: Reply, key: string | undefined, requests: number][] = [
  ["a lost answer with a key", lost, "k", 2],
  ["a lost answer without a key", lost, undefined, 1],
  ["a busy server, even without a key", busy(), undefined, 2],
  ["too many requests", problem(429, "RATE_LIMITED"), undefined, 2],
  ["a key in progress", problem(409, "IDEMPOTENCY_IN_PROGRESS"), "k", 2],
  ["a refusal", problem(409, "BALANCE_LIMIT_EXCEEDED"), "k", 1],
  ["a gateway's own page, with a key", new Response("<h1>", { status: 502 }), "k", 2],
  ["a gateway's own page, without a key", new Response("<h1>", { status: 502 }), undefined, 1],
  ["an unfinished answer, with a key", new Response('{"a":', { status: 201 }), "k", 2],
];
for (const [title, first, key, count] of again) {
  test(`a call after ${title} is ${count === 1 ? "not retried" : "retried"}`, async () => {
    const { client, requests } = clientOf(first, json({ chargeId: "x" }, 201));
    const result = await client.call(chargeBalance, charge, key === undefined ? {} : { key });
    assert.equal(requests.length, count);
    assert.equal(result.ok, count === 2);
    const keys = requests.map(({ init }) => headersOf(init)["idempotency-key"]);
    assert.equal(new Set(keys).size, 1);
  });
}

test("a call without an answer ends with NO_ANSWER after its last try", async () => {
  const { client, requests } = clientOf();
  const waits: number[] = [];
  const options: CallOptions = { retry: { triesMax: 3 }, onWait: (_, ms) => waits.push(ms) };
  const result = await client.call(listSeats, seats, options);
  assert.deepEqual(result, { ok: false, code: "NO_ANSWER", status: 0, retryAfterMs: null });
  assert.equal(requests.length, 3);
  assert.equal(waits.length, 2);
});

test("a call waits for Retry-After and reports the wait", async () => {
  const { client } = clientOf(problem(503, "UNAVAILABLE", {}, { "retry-after": "0" }), json({}));
  const waits: (number | null)[] = [];
  const onWait: CallOptions["onWait"] = (failure) => waits.push(failure.retryAfterMs);
  assert.ok((await client.call(listSeats, seats, { onWait })).ok);
  assert.deepEqual(waits, [0]);
});

test("an aborted call ends at once, also between two tries", async () => {
  const { client, requests } = clientOf(busy(), json({}));
  const ending = new AbortController();
  const result = await client.call(
    createUser,
    {},
    {
      signal: ending.signal,
      retry: { firstWaitMs: 60_000 },
      onWait: () => queueMicrotask(() => ending.abort()),
    },
  );
  assert.equal(result.ok, false);
  assert.equal(requests.length, 1);
});
