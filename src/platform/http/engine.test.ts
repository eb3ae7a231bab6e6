import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Unavailable } from "#kernel/unavailable.ts";
import {
  authenticators,
  concert,
  handled,
  me,
  other,
  sampleServer,
} from "#test/support/sample-server.ts";
import { fingerprintOf } from "./fingerprint.ts";

const sample = await sampleServer();
after(() => sample.server.close());
const { server, lines } = sample;

interface Asked {
  readonly method?: "GET" | "POST" | "DELETE" | "HEAD";
  readonly url: string;
  readonly token?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: unknown;
}

const ask = async ({ method = "GET", url, token, headers, body }: Asked) => {
  const answer = await server.inject({
    method,
    url,
    headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
    ...(body === undefined ? {} : { payload: body as object }),
  });
  const content = answer.body === "" ? {} : (answer.json() as Record<string, unknown>);
  return { status: answer.statusCode, headers: answer.headers, content, code: content["code"] };
};

const mine = `/api/v1/concerts/${concert}/queue/tokens/me`;
const foreign = mine.replace(concert, "0199aaaa-0000-7000-8000-0000000000ff");
const seats = `/api/v1/concerts/${concert}/dates/2026-12-24/seats`;
const charges = `/api/v1/users/${me}/balance/charges`;
const good = { date: "2026-12-24", seatNumbers: [1, 2] };

const refusals: [title: string, asked: Asked, status: number, code: string][] = [
  ["no access token", { url: `/api/v1/users/${me}/balance` }, 401, "ACCESS_TOKEN_INVALID"],
  [
    "a queue token for access",
    { url: `/api/v1/users/${me}/balance`, token: "queue-active" },
    401,
    "ACCESS_TOKEN_INVALID",
  ],
  ["no queue token", { url: mine }, 401, "QUEUE_TOKEN_INVALID"],
  ["an access token for the queue", { url: mine, token: "access-me" }, 401, "QUEUE_TOKEN_INVALID"],
  [
    "another scheme",
    { url: mine, headers: { authorization: "Basic queue-active" } },
    401,
    "QUEUE_TOKEN_INVALID",
  ],
  ["no operator key", { method: "POST", url: "/admin/v1/pause" }, 401, "OPERATOR_KEY_INVALID"],
  [
    "an operator of another role",
    { method: "POST", url: "/admin/v1/pause", token: "operator-viewer" },
    403,
    "FORBIDDEN",
  ],
  [
    "an operator of another role before the body is judged",
    { method: "POST", url: "/admin/v1/pause", token: "operator-door", body: { never: "known" } },
    403,
    "FORBIDDEN",
  ],
  [
    "a user as operator",
    { method: "POST", url: "/admin/v1/pause", token: "access-me" },
    401,
    "OPERATOR_KEY_INVALID",
  ],
  [
    "an invalid token where both kinds are accepted",
    { url: `/api/v1/reservations/${me}`, token: "x" },
    401,
    "ACCESS_TOKEN_INVALID",
  ],
  [
    "no token where both kinds are accepted",
    { url: `/api/v1/reservations/${me}` },
    401,
    "ACCESS_TOKEN_INVALID",
  ],
  [
    "an invalid token with a malformed request",
    { url: "/api/v1/users/nope/balance", token: "x" },
    401,
    "ACCESS_TOKEN_INVALID",
  ],
  [
    "an invalid token with a malformed body",
    {
      method: "POST",
      url: "/api/v1/reservations",
      token: "x",
      headers: { "content-type": "text/plain" },
      body: "x",
    },
    401,
    "QUEUE_TOKEN_INVALID",
  ],
  [
    "a malformed request with a token of another concert",
    {
      url: foreign.replace("/me", "/me").replace(/concerts\/[^/]+/, "concerts/nope"),
      token: "queue-active",
    },
    400,
    "INVALID_REQUEST",
  ],
  [
    "a token of another concert",
    { url: foreign, token: "queue-active" },
    403,
    "QUEUE_TOKEN_MISMATCH",
  ],
  [
    "an ended token of another concert",
    { url: seats.replace(concert, other), token: "queue-ended" },
    403,
    "QUEUE_TOKEN_MISMATCH",
  ],
  [
    "the shape before the end",
    { url: seats.replace("12-24", "02-30"), token: "queue-ended" },
    400,
    "INVALID_REQUEST",
  ],
  ["an ended place", { url: seats, token: "queue-ended" }, 401, "QUEUE_TOKEN_ENDED"],
  ["a waiting place", { url: seats, token: "queue-waiting" }, 403, "QUEUE_NOT_ACTIVE"],
  ["a place that cannot be checked", { url: seats, token: "queue-away" }, 503, "UNAVAILABLE"],
  [
    "an access token that cannot be checked",
    { url: `/api/v1/users/${me}/balance`, token: "access-away" },
    503,
    "UNAVAILABLE",
  ],
  [
    "another user's path",
    { url: `/api/v1/users/${other}/balance`, token: "access-me" },
    404,
    "NOT_FOUND",
  ],
  [
    "a missing required key",
    { method: "POST", url: charges, token: "access-me", body: { amount: 1 } },
    400,
    "IDEMPOTENCY_KEY_REQUIRED",
  ],
  [
    "a missing required key on another user's path",
    { method: "POST", url: charges.replace(me, other), token: "access-me", body: { amount: 1 } },
    400,
    "IDEMPOTENCY_KEY_REQUIRED",
  ],
  [
    "an unusable key",
    {
      method: "POST",
      url: charges,
      token: "access-me",
      body: { amount: 1 },
      headers: { "idempotency-key": '""' },
    },
    400,
    "INVALID_REQUEST",
  ],
  [
    "an unusable optional key",
    {
      method: "POST",
      url: "/api/v1/reservations",
      token: "queue-active",
      body: good,
      headers: { "idempotency-key": "é" },
    },
    400,
    "INVALID_REQUEST",
  ],
  [
    "a problem of the handler",
    {
      method: "POST",
      url: "/api/v1/reservations",
      token: "queue-active",
      body: { ...good, seatNumbers: [13] },
    },
    409,
    "SEAT_UNAVAILABLE",
  ],
];
for (const [title, asked, status, code] of refusals) {
  test(`${title} is answered ${status} ${code}`, async () => {
    const before = handled.length;
    const answer = await ask(asked);
    assert.deepEqual([answer.status, answer.code], [status, code]);
    assert.equal(answer.headers["content-type"], "application/problem+json");
    assert.equal(answer.headers["cache-control"], "no-store");
    assert.equal(answer.content["instance"], asked.url);
    assert.equal(answer.content["status"], status);
    if (status === 401) assert.match(String(answer.headers["www-authenticate"]), /^Bearer realm=/);
    if (status === 503) assert.match(String(answer.headers["retry-after"]), /^[1-9]\d*$/);
    assert.equal(handled.length, before, "the handler ran");
  });
}

const successes: [title: string, asked: Asked, caller: string][] = [
  ["no token on a public route", { url: `/api/v1/concerts/${concert}` }, "nobody"],
  ["any token on a public route", { url: `/api/v1/concerts/${concert}`, token: "x" }, "nobody"],
  ["an access token", { url: `/api/v1/users/${me}/balance`, token: "access-me" }, "user"],
  [
    "an access token with an asynchronous check",
    { url: `/api/v1/users/${me}/balance`, token: "access-later" },
    "user",
  ],
  [
    "a scheme in another case",
    { url: mine, headers: { authorization: "bEARER queue-ended" } },
    "place",
  ],
  ["an ended place on a queue route", { url: mine, token: "queue-ended" }, "place"],
  ["an active place", { url: seats, token: "queue-active" }, "place"],
  [
    "a queue token where both kinds are accepted",
    { url: `/api/v1/reservations/${me}`, token: "queue-ended" },
    "place",
  ],
  [
    "an access token where both kinds are accepted",
    { url: `/api/v1/reservations/${me}`, token: "access-me" },
    "user",
  ],
];
for (const [title, asked, caller] of successes) {
  test(`${title} is served`, async () => {
    const answer = await ask(asked);
    assert.deepEqual([answer.status, answer.content["caller"]], [200, caller]);
  });
}

test("members of a problem stand beside the standard ones and never replace them", async () => {
  const body = { ...good, seatNumbers: [13] };
  const { content } = await ask({
    method: "POST",
    url: "/api/v1/reservations",
    token: "queue-x",
    body,
  });
  assert.deepEqual(content, {
    type: "/problems/seat-unavailable",
    title: "A seat is taken",
    status: 409,
    detail: "A seat is taken.",
    instance: "/api/v1/reservations",
    code: "SEAT_UNAVAILABLE",
    seatNumbers: [13],
  });
});

test("ids reach the handler in lower case in parameters, query and body", async () => {
  const upper = other.toUpperCase();
  const read = await ask({ url: `/api/v1/concerts/${concert.toUpperCase()}` });
  assert.deepEqual(read.content["params"], { concertId: concert });
  const own = await ask({ url: `/api/v1/users/${me.toUpperCase()}/balance`, token: "access-me" });
  assert.equal(own.status, 200);
  const body = { ...good, who: { userId: upper } };
  const made = await ask({ method: "POST", url: "/api/v1/reservations", token: "queue-x", body });
  assert.deepEqual(made.content["body"], { ...good, who: { userId: other } });
});

test("a member that the schema of the answer does not name is not sent", async () => {
  const { content } = await ask({ url: `/api/v1/concerts/${concert}` });
  assert.ok(!("secret" in content));
});

test("an intent is the unquoted key with the fingerprint of method, path and body", async () => {
  const post = (url: string, key: string, body: object) =>
    ask({ method: "POST", url, token: "access-me", headers: { "idempotency-key": key }, body });
  const bare = await post(charges, "k 1", { amount: 5 });
  const expected = fingerprintOf("POST", charges, { amount: 5 });
  assert.deepEqual([bare.content["key"], bare.content["fingerprint"]], ["k 1", expected]);
  const same = await post(`${charges.replace(me, me.toUpperCase())}?x=1`, '"k 1"', { amount: 5 });
  assert.deepEqual([same.content["key"], same.content["fingerprint"]], ["k 1", expected]);
  const another = await post(charges, "k 1", { amount: 6 });
  assert.notEqual(another.content["fingerprint"], expected);
});

test("without a key an optional intent is null; a route without idempotency ignores a key", async () => {
  const made = await ask({
    method: "POST",
    url: "/api/v1/reservations",
    token: "queue-x",
    body: good,
  });
  assert.deepEqual([made.content["key"], made.content["fingerprint"]], [null, null]);
  const headers = { "idempotency-key": '""' };
  assert.equal((await ask({ method: "POST", url: "/api/v1/users", headers })).status, 201);
});

test("a private answer is no-store; a handler may make a public answer cacheable", async () => {
  assert.equal((await ask({ url: mine, token: "queue-x" })).headers["cache-control"], "no-store");
  const made = await ask({ method: "POST", url: "/api/v1/users" });
  assert.equal(made.headers["cache-control"], "no-store");
  const open = await ask({ url: `/api/v1/concerts/${concert}` });
  assert.equal(open.headers["cache-control"], "max-age=1");
});

test("the headers of a handler are sent", async () => {
  const made = await ask({
    method: "POST",
    url: "/api/v1/reservations",
    token: "queue-x",
    body: good,
  });
  assert.equal(made.headers["idempotent-replayed"], "true");
});

test("a 204 has no body", async () => {
  const answer = await ask({ method: "DELETE", url: mine, token: "queue-x" });
  assert.deepEqual([answer.status, answer.content], [204, {}]);
  assert.equal(answer.headers["content-type"], undefined);
});

for (const how of ["throws", "rejects", "shape", "status"]) {
  test(`a bug in a handler (${how}) is a 500 without details and one log line with the request id`, async () => {
    lines.length = 0;
    const answer = await ask({ url: `/api/v1/failing/${how}` });
    assert.deepEqual([answer.status, answer.code], [500, "INTERNAL"]);
    assert.doesNotMatch(JSON.stringify(answer.content), /secret|required|declare|\bat\b \//);
    assert.equal(lines.length, 1);
    assert.equal(lines[0]?.level, "error");
    assert.equal(lines[0]?.fields["requestId"], answer.headers["x-request-id"]);
    assert.ok(lines[0]?.fields["err"] instanceof Error);
  });
}

test("an unreachable store is a 503 with its own Retry-After and without details", async () => {
  const answer = await ask({ url: "/api/v1/failing/away" });
  assert.deepEqual([answer.status, answer.code], [503, "UNAVAILABLE"]);
  assert.equal(answer.headers["retry-after"], "3");
  assert.doesNotMatch(JSON.stringify(answer.content), /secret/);
});

test("refusals and successes log nothing above debug", async () => {
  lines.length = 0;
  await ask({ url: mine, token: "queue-x" });
  await ask({ url: mine });
  await ask({ url: "/nowhere" });
  assert.deepEqual(
    lines.filter(({ level }) => level !== "debug"),
    [],
  );
});

test("every answer has the security headers and the request id", async () => {
  const urls = [
    mine,
    `/api/v1/concerts/${concert}`,
    "/nowhere",
    "/healthz",
    "/api/v1/concerts/%zz",
  ];
  for (const url of urls) {
    const { headers } = await ask({ url });
    assert.equal(headers["x-content-type-options"], "nosniff", url);
    assert.match(String(headers["content-security-policy"]), /^default-src 'none'/, url);
    assert.equal(headers["referrer-policy"], "no-referrer", url);
    assert.match(String(headers["x-request-id"]), /^[\w-]+$/, url);
  }
});

test("a well-formed request id of the caller is kept; another is replaced", async () => {
  const idOf = async (given: string) =>
    (await ask({ url: "/healthz", headers: { "x-request-id": given } })).headers["x-request-id"];
  assert.equal(await idOf("abc-1.2:3"), "abc-1.2:3");
  assert.notEqual(await idOf("a b"), "a b");
  assert.notEqual(await idOf("x".repeat(65)), "x".repeat(65));
});

test("a cause that its adapter has logged is not logged again for each request", async () => {
  const call = async (isLogged: boolean) => {
    const access = () => Promise.reject(new Unavailable("keys are away", { isLogged }));
    await using sample = await sampleServer({ authenticators: { ...authenticators, access } });
    const headers = { authorization: "Bearer x" };
    const answer = await sample.server.inject({ url: `/api/v1/users/${me}/balance`, headers });
    assert.equal(answer.statusCode, 503);
    return sample.lines.length;
  };
  assert.deepEqual([await call(false), await call(true)], [1, 0]);
});
