import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import type { FastifyInstance } from "fastify";
import { mintId } from "#platform/ids.ts";
import { buildServer } from "#platform/http/server.ts";
import { silentLog } from "#platform/log.ts";
import { createMeters } from "#platform/metrics.ts";
import type { Database } from "#platform/postgres/database.ts";
import { freshDatabase, type FreshDatabase, openPatiently } from "#test/support/postgres.ts";
import { catalogueFeature, type CatalogueFeature } from "../../index.ts";
import type { SaleMonitor } from "../../ports/sale-monitor.ts";

type Members = Record<string, unknown>;

let fresh: FreshDatabase;
let database: Database;
let feature: CatalogueFeature;
let server: FastifyInstance;
let state: Awaited<ReturnType<SaleMonitor["getState"]>> = "OPEN";

const monitor: SaleMonitor = {
  getState: async () => state,
  getStats: async () => ({
    ...{ waiting: 5, waitlisted: 4 },
    skipped: 3,
    active: null,
    admittedLastMinute: null,
    admittedTotal: 7,
    seatsAvailable: 40,
    seatsHeld: 4,
    seatsSold: 6,
    seatsTotal: 50,
    ...{ revenue: "594000", cancellation: null },
    waitSeconds: null,
    joinedTotal: 30,
    abandoned: { left: 1, lapsed: 2, share: 0.1 },
  }),
  forecast: async (_, policies) => ({
    waiting: 6_000,
    active: 200,
    seatsAvailable: 40,
    turnSeconds: 20.123,
    seatsPerTurn: null,
    forecasts: policies.map(({ maxActive }) => ({
      ends: "LINE_EMPTY",
      endsAfterSeconds: 120_000 / maxActive,
      lastWaitSeconds: 120_000 / maxActive,
      lastWaitP90Seconds: 150_000 / maxActive,
      turns: 6_000,
      admissionsPerMinute: 3 * maxActive,
      limitedBy: "CAP",
    })),
  }),
};

before(async () => {
  fresh = await freshDatabase();
  database = openPatiently({ url: fresh.url });
  feature = catalogueFeature({
    database,
    operatorDatabase: database,
    clock: { nowMs: () => Date.now() },
    mintId,
    randomBytes,
    currency: "KRW",
    log: silentLog,
  });
  server = await buildServer({
    routes: feature.routes(monitor),
    authenticators: {
      access: () => null,
      queue: () => null,
      consoleSession: () => false,
      operator: (key) => (key.startsWith("key-") ? { name: key.slice(4), role: "admin" } : null),
      active: async () => "ended",
    },
    log: silentLog,
    meters: createMeters().http,
    checks: () => ({}),
    metricsText: async () => "",
  });
});

after(async () => {
  await server.close();
  await feature.close();
  await database.close();
  await fresh[Symbol.asyncDispose]();
});

interface Reply {
  readonly status: number;
  readonly body: Members;
}

const json = { "content-type": "application/json" };
const call = async (
  method: "GET" | "POST" | "PATCH",
  url: string,
  payload?: unknown,
  key = "key-1",
): Promise<Reply> => {
  const answer = await server.inject({
    method,
    url,
    headers: { authorization: `Bearer ${key}`, ...(payload !== undefined && json) },
    ...(payload !== undefined && { payload: JSON.stringify(payload) }),
  });
  return { status: answer.statusCode, body: answer.json() };
};

const good: Members = {
  title: "Winter Night",
  venue: "Olympic Hall",
  dates: [{ date: "2099-12-25" }, { date: "2099-12-24", startsAt: "2099-12-24T17:00:00+09:00" }],
  grades: [
    { name: "R", price: 132_000, seats: [1, 20] },
    { name: "S", price: 99_000, seats: [21, 50] },
  ],
};
const { grades, ...gradeless } = good;
const priced: Members = { ...gradeless, price: 5 };

const onSale = async (body: Members = good): Promise<string> => {
  const answer = await call("POST", "/admin/v1/concerts", body);
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return String(answer.body["concertId"]);
};

const audited = async (concertId: string): Promise<Members[]> => {
  const { status, body } = await call("GET", `/admin/v1/audit?concertId=${concertId}`);
  assert.equal(status, 200);
  return body["items"] as Members[];
};

const tables = ["concert", "show", "seat", "audit"];
const rowCounts = async (): Promise<unknown> => {
  const counts = tables.map((table) => `(select count(*) from ${table}) as ${table}`);
  return (await database.query({ text: `select ${counts.join(", ")}` }))[0];
};

const seatLimits = { maxSeatsPerUser: 4, maxSeatsPerReservation: 4 };

test("a concert is created and answered whole; the public answer leaves out the policy", async () => {
  const before = Date.now();
  const { status, body } = await call("POST", "/admin/v1/concerts", good);
  assert.equal(status, 201);
  const { concertId, queue, policy, ...rest } = body as { concertId: string } & Members;
  const { opensAt } = queue as { opensAt: string };
  assert.ok(Math.abs(Date.parse(opensAt) - before) < 5_000);
  assert.deepEqual(queue, { mode: "fifo", state: "OPEN", opensAt, admitsAt: null });
  assert.deepEqual(policy, {
    ...{ mode: "fifo", waitingList: false },
    opensAt,
    ...{ admitsAt: null, singleSeats: "allowed", transfers: null, refunds: null },
    maxActive: 200,
    admissionsPerMinute: 600,
    shoppersPerSeat: 2,
    sessionSeconds: 600,
    claimSeconds: 60,
    holdSeconds: 300,
    ...seatLimits,
    holdsPerUser: 0,
    holdCooldownSeconds: 0,
    idleSeconds: 0,
  });
  const facts = {
    title: "Winter Night",
    venue: "Olympic Hall",
    timeZone: "Asia/Seoul",
    dates: [
      { date: "2099-12-24", startsAt: "2099-12-24T08:00:00.000Z" },
      { date: "2099-12-25", startsAt: "2099-12-25T10:00:00.000Z" },
    ],
    priceRange: { min: 99_000, max: 132_000 },
    currency: "KRW",
    grades: [
      { name: "R", price: 132_000 },
      { name: "S", price: 99_000 },
    ],
    ...seatLimits,
    ...{ refunds: null, description: null, posterUrl: null, ageRating: null, cancelledAt: null },
    publishedAt: opensAt,
  };
  const running = { pausedAt: null, resumedAt: null, rampSeconds: null, closedAt: null };
  assert.deepEqual(rest, { ...facts, ...running, version: 1 });
  const read = await call("GET", `/api/v1/concerts/${concertId.toUpperCase()}`);
  assert.deepEqual(read, { status: 200, body: { concertId, ...facts, queue } });
});

test("the public answer has the present state of the queue", async () => {
  const concertId = await onSale(priced);
  state = "SOLD_OUT";
  const { body } = await call("GET", `/api/v1/concerts/${concertId}`);
  state = "OPEN";
  assert.equal((body["queue"] as Members)["state"], "SOLD_OUT");
});

test("the pages of the list have every concert once, newest first", async () => {
  const made: string[] = [];
  for (let n = 0; n < 5; n += 1) made.unshift(await onSale(priced));
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const from = cursor === null ? "" : `&cursor=${cursor}`;
    const { status, body } = await call("GET", `/api/v1/concerts?limit=2${from}`);
    assert.equal(status, 200);
    const items = body["items"] as Members[];
    assert.ok(items.length <= 2);
    seen.push(...items.map((item) => String(item["concertId"])));
    cursor = body["nextCursor"] as string | null;
  } while (cursor !== null);
  assert.deepEqual(seen.slice(0, 5), made);
  assert.equal(new Set(seen).size, seen.length);
});

const grade = (name: string, from: unknown, to: unknown, price: unknown = 5): Members => ({
  name,
  price,
  seats: [from, to],
});
const badPolicies: Members[] = [
  { unknown: 1 },
  { maxActive: 0 },
  { maxActive: 1_000_001 },
  { maxActive: 1e308 },
  { admissionsPerMinute: -1 },
  { shoppersPerSeat: 1.5 },
  { sessionSeconds: "600" },
  { claimSeconds: null },
  { holdSeconds: 0 },
  { maxSeatsPerUser: true },
  { maxSeatsPerReservation: 51 },
  { mode: "lottery" },
  { mode: "lottery", opensAt: "2099-01-01T00:00:00Z", admitsAt: "2099-01-01T00:00:00Z" },
  { mode: "auction" },
  { opensAt: "yesterday" },
  { opensAt: "2026-02-30T00:00:00Z" },
  { opensAt: "1969-12-31T23:59:59Z" },
  { opensAt: 1_800_000_000_000 },
  { admitsAt: "2099-01-01T00:00:00Z" },
];
const badConcerts: unknown[] = [
  [],
  "text",
  null,
  {},
  { ...priced, unknown: 1 },
  { ...priced, title: "" },
  { ...priced, title: "x".repeat(201) },
  { ...priced, title: "a\u0000b" },
  { ...priced, title: 5 },
  { ...priced, venue: null },
  { ...priced, venue: "a\nb" },
  { ...priced, timeZone: "Mars/Olympus" },
  { ...priced, timeZone: "+09:00" },
  { ...priced, dates: [] },
  { ...priced, dates: ["2099-12-24"] },
  { ...priced, dates: [{ date: "2099-02-30" }] },
  { ...priced, dates: [{ date: "2099-12-24" }, { date: "2099-12-24" }] },
  { ...priced, dates: [{ date: "2099-12-24", startsAt: "2099-12-24T15:00:00Z" }] },
  { ...priced, dates: [{ date: "2099-12-24", startsAt: "noon" }] },
  { ...priced, dates: [{ date: "2099-12-24", seats: 50 }] },
  { ...priced, price: 0 },
  { ...priced, price: 1.5 },
  { ...priced, price: "5" },
  { ...priced, price: Number.MAX_SAFE_INTEGER },
  { ...priced, grades },
  gradeless,
  ...[
    [],
    [grade("R", 1, 49)],
    [grade("R", 1, 51)],
    [grade("R", 0, 50)],
    [grade("R", 50, 1)],
    [grade("R", 1, 25), grade("S", 25, 50)],
    [grade("R", 1, 25), grade("R", 26, 50)],
    [grade("R", 1, 50, 0)],
    [grade("", 1, 50)],
    [{ ...grade("R", 1, 50), extra: 1 }],
    [{ name: "R", price: 5, seats: [1, 25, 50] }],
  ].map((bad) => ({ ...gradeless, grades: bad })),
  ...badPolicies.map((policy) => ({ ...priced, policy })),
];

test("an invalid concert is refused with its violations, and nothing is stored", async () => {
  const before = await rowCounts();
  for (const bad of badConcerts) {
    const { status, body } = await call("POST", "/admin/v1/concerts", bad);
    const words = `${JSON.stringify(bad)}: ${JSON.stringify(body)}`;
    assert.equal(status, 400, words);
    assert.equal(body["code"], "INVALID_REQUEST", words);
    assert.ok((body["errors"] as unknown[]).length > 0, words);
  }
  assert.deepEqual(await rowCounts(), before);
});

test("an invalid change is refused, and nothing changes", async () => {
  const concertId = await onSale(priced);
  const before = await rowCounts();
  for (const bad of [...badPolicies, [], null, { opensAt: "2098-01-01T00:00:00Z" }]) {
    const { status, body } = await call("PATCH", `/admin/v1/concerts/${concertId}/policy`, bad);
    assert.deepEqual([status, body["code"]], [400, "INVALID_REQUEST"], JSON.stringify(bad));
  }
  for (const bad of [{ rampSeconds: -1 }, { rampSeconds: 3_601 }, { rampSeconds: 1.5 }, { a: 1 }]) {
    const { status } = await call("POST", `/admin/v1/concerts/${concertId}/queue/resume`, bad);
    assert.equal(status, 400, JSON.stringify(bad));
  }
  assert.deepEqual(await rowCounts(), before);
  const { body } = await call("PATCH", `/admin/v1/concerts/${concertId}/policy`, {});
  assert.equal((body["policy"] as Members)["maxActive"], 200);
});

test("each change is in the audit trail once with operator, action and values before and after, newest first", async () => {
  const concertId = await onSale(priced);
  const at = `/admin/v1/concerts/${concertId}`;
  const steps: readonly (readonly ["PATCH" | "POST", string, unknown, string])[] = [
    ["PATCH", "policy", { maxActive: 9, holdSeconds: 300 }, "key-a"],
    ["PATCH", "policy", {}, "key-a"],
    ["PATCH", "policy", { maxActive: 9 }, "key-a"],
    ["POST", "queue/pause", undefined, "key-b"],
    ["POST", "queue/pause", {}, "key-b"],
    ["POST", "queue/resume", { rampSeconds: 30 }, "key-b"],
    ["POST", "queue/resume", {}, "key-b"],
    ["POST", "queue/close", undefined, "key-c"],
    ["POST", "queue/close", {}, "key-c"],
  ];
  const answers: Members[] = [];
  for (const [method, path, body, key] of steps) {
    const answer = await call(method, `${at}/${path}`, body, key);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    answers.push(answer.body);
  }
  const { pausedAt } = answers[3] as Members;
  const { resumedAt, closedAt } = answers[8] as Members;
  const times = ["pausedAt", "resumedAt", "rampSeconds", "closedAt", "cancelledAt"];
  const none = Object.fromEntries(times.map((name) => [name, null]));
  const resumed = { ...none, resumedAt, rampSeconds: 30 };
  const expected: readonly (readonly [string, string, unknown, unknown])[] = [
    ["c", "queue.closed", resumed, { ...resumed, closedAt }],
    ["b", "queue.resumed", { ...none, pausedAt }, resumed],
    ["b", "queue.paused", none, { ...none, pausedAt }],
    ["a", "policy.changed", { maxActive: 200 }, { maxActive: 9 }],
  ];
  const items = await audited(concertId);
  const [creation] = items.slice(-1);
  assert.deepEqual(
    items
      .slice(0, -1)
      .map(({ actor, action, before, after: then }) => [actor, action, before, then]),
    expected,
  );
  assert.equal(creation?.["action"], "concert.created");
  assert.equal(creation?.["before"], null);
  assert.equal((creation?.["after"] as Members | undefined)?.["title"], "Winter Night");
  for (const item of items) {
    assert.match(String(item["at"]), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.equal(item["concertId"], concertId);
  }
});

test("the pages of the audit trail have every entry once", async () => {
  const concertId = await onSale(priced);
  for (const maxActive of [1, 2, 3, 4])
    await call("PATCH", `/admin/v1/concerts/${concertId}/policy`, { maxActive });
  const seen: unknown[] = [];
  let cursor: string | null = null;
  do {
    const from = cursor === null ? "" : `&cursor=${cursor}`;
    const url = `/admin/v1/audit?limit=2&concertId=${concertId}${from}`;
    const { body } = await call("GET", url);
    seen.push(...(body["items"] as Members[]).map(({ after: then }) => then));
    cursor = body["nextCursor"] as string | null;
  } while (cursor !== null);
  assert.deepEqual(
    seen.slice(0, 4),
    [4, 3, 2, 1].map((maxActive) => ({ maxActive })),
  );
  assert.equal(seen.length, 5);
});

test("two concurrent changes both take effect, and each entry has the values that it found", async () => {
  const concertId = await onSale(priced);
  const wishes = [{ maxActive: 5 }, { holdSeconds: 9 }, { maxActive: 6 }, { maxActive: 7 }];
  const path = `/admin/v1/concerts/${concertId}/policy`;
  await Promise.all(wishes.map((input) => call("PATCH", path, input)));
  const policy = (await call("PATCH", path, {})).body["policy"] as Members;
  assert.equal(policy["holdSeconds"], 9);
  const chain = (await audited(concertId))
    .filter(({ after: then }) => "maxActive" in (then as Members))
    .map(({ before: was, after: then }) => [
      (was as Members)["maxActive"],
      (then as Members)["maxActive"],
    ])
    .reverse();
  assert.equal(chain.length, 3);
  assert.equal(chain[0]?.[0], 200);
  assert.equal(chain[2]?.[1], policy["maxActive"]);
  for (const n of [1, 2]) assert.equal(chain[n]?.[0], chain[n - 1]?.[1]);
});

test("concurrent pause and resume take some order, and the audit trail shows it", async () => {
  const concertId = await onSale(priced);
  const at = `/admin/v1/concerts/${concertId}/queue`;
  await Promise.all(
    [1, 2, 3].flatMap(() => [call("POST", `${at}/pause`), call("POST", `${at}/resume`)]),
  );
  const items = (await audited(concertId)).slice(0, -1).reverse();
  for (const [n, { action }] of items.entries())
    assert.equal(action, n % 2 === 0 ? "queue.paused" : "queue.resumed");
  const { body } = await call("PATCH", `/admin/v1/concerts/${concertId}/policy`, {});
  assert.equal(body["pausedAt"] === null, items.length % 2 === 0);
});

test("a closed queue stays closed", async () => {
  const concertId = await onSale(priced);
  const at = `/admin/v1/concerts/${concertId}`;
  await call("POST", `${at}/queue/close`);
  const before = await rowCounts();
  const refused = [
    await call("POST", `${at}/queue/pause`),
    await call("POST", `${at}/queue/resume`, { rampSeconds: 1 }),
    await call("PATCH", `${at}/policy`, { maxActive: 1 }),
  ];
  for (const { status, body } of refused)
    assert.deepEqual([status, body["code"]], [409, "QUEUE_NOT_OPEN"]);
  assert.deepEqual(await rowCounts(), before);
});

test("stats are the live figures", async () => {
  const concertId = await onSale(priced);
  const { status, body } = await call("GET", `/admin/v1/concerts/${concertId}/stats`);
  assert.equal(status, 200);
  const { serverTime, ...figures } = body;
  assert.ok(Math.abs(Date.parse(String(serverTime)) - Date.now()) < 5_000);
  assert.deepEqual(figures, {
    concertId,
    state: "OPEN",
    ...{ waiting: 5, waitlisted: null },
    aside: 3,
    active: null,
    admissionsPerMinute: 600,
    admittedLastMinute: null,
    admittedTotal: 7,
    seatsAvailable: 40,
    seatsHeld: 4,
    seatsSold: 6,
    seatsTotal: 50,
    ...{ revenue: 594_000, cancellation: null },
    currency: "KRW",
    waitSeconds: null,
    joinedTotal: 30,
    abandoned: { left: 1, lapsed: 2, share: 0.1 },
  });
});

test("every route answers CONCERT_NOT_FOUND for an unknown concert and INVALID_REQUEST for a malformed id", async () => {
  const routes: readonly (readonly ["GET" | "POST" | "PATCH", string, unknown?])[] = [
    ["GET", "/api/v1/concerts/ID"],
    ["PATCH", "/admin/v1/concerts/ID/policy", { maxActive: 1 }],
    ["POST", "/admin/v1/concerts/ID/policy/preview", { maxActive: 1 }],
    ["POST", "/admin/v1/concerts/ID/queue/pause"],
    ["POST", "/admin/v1/concerts/ID/queue/resume"],
    ["POST", "/admin/v1/concerts/ID/queue/close"],
    ["GET", "/admin/v1/concerts/ID/stats"],
  ];
  for (const [method, path, payload] of routes) {
    const absent = await call(method, path.replace("ID", randomUUID()), payload);
    assert.deepEqual([absent.status, absent.body["code"]], [404, "CONCERT_NOT_FOUND"], path);
    const malformed = await call(method, path.replace("ID", "1%00"), payload);
    assert.deepEqual([malformed.status, malformed.body["code"]], [400, "INVALID_REQUEST"], path);
  }
});

test("an invalid cursor or limit is INVALID_REQUEST", async () => {
  for (const list of ["/api/v1/concerts", "/admin/v1/audit"])
    for (const query of ["cursor=x", "cursor=-1", "cursor=", "limit=0", "limit=101"]) {
      const { status, body } = await call("GET", `${list}?${query}`);
      assert.deepEqual([status, body["code"]], [400, "INVALID_REQUEST"], `${list}?${query}`);
    }
  const huge = `cursor=${"9".repeat(30)}`;
  assert.equal((await call("GET", `/admin/v1/audit?${huge}`)).status, 400);
});

test("without an operator key every operator route refuses", async () => {
  const concertId = await onSale(priced);
  const before = await rowCounts();
  for (const [method, path, payload] of [
    ["POST", "/admin/v1/concerts", priced],
    ["PATCH", `/admin/v1/concerts/${concertId}/policy`, { maxActive: 1 }],
    ["POST", `/admin/v1/concerts/${concertId}/queue/close`, {}],
    ["GET", `/admin/v1/concerts/${concertId}/stats`, undefined],
    ["GET", "/admin/v1/audit", undefined],
  ] as const) {
    const { status, body } = await call(method, path, payload, "wrong");
    assert.deepEqual([status, body["code"]], [401, "OPERATOR_KEY_INVALID"], path);
  }
  assert.deepEqual(await rowCounts(), before);
});
