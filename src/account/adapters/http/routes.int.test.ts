import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import type { FastifyInstance } from "fastify";
import { Unavailable } from "#kernel/unavailable.ts";
import { toId } from "#kernel/ids.ts";
import { mintId } from "#platform/ids.ts";
import { buildServer } from "#platform/http/server.ts";
import { tokenSigner } from "#platform/token-signer.ts";
import { silentLog } from "#platform/log.ts";
import { createMeters } from "#platform/metrics.ts";
import { openDatabase, type Database } from "#platform/postgres/database.ts";
import { freshDatabase, type FreshDatabase } from "#test/support/postgres.ts";
import { eventually } from "#test/support/concurrency.ts";
import { startFaultProxy, type FaultProxy } from "#test/support/fault-proxy.ts";
import { accountFeature, type AccountFeature } from "../../index.ts";

let fresh: FreshDatabase;
let proxy: FaultProxy;
let database: Database;
let nowMs = Date.now();
const secret = randomBytes(32);
let holdings = { balance: 0, validTickets: 0 };

const featureWith = (builtInUsers: boolean): AccountFeature =>
  accountFeature({
    database,
    operatorDatabase: database,
    clock: { nowMs: () => nowMs },
    mintId,
    tokens: tokenSigner([{ id: "a", secret }]),
    log: silentLog,
    holdings: async () => holdings,
    operatorKeys: [
      { name: "kim", role: "admin", secret: "one" },
      { name: "gate-1", role: "door", secret: "two" },
    ],
    isSecure: true,
    builtInUsers,
    accessTokenDays: 30,
    challenge: { kind: "off" },
    identityProvider: null,
  });

const serverOf = (feature: AccountFeature): Promise<FastifyInstance> =>
  buildServer({
    routes: feature.routes,
    authenticators: {
      access: feature.authenticate,
      queue: () => null,
      operator: feature.operator,
      consoleSession: feature.consoleSession,
      active: async () => "ended",
    },
    log: silentLog,
    meters: createMeters().http,
    checks: () => ({}),
    metricsText: async () => "",
  });

before(async () => {
  fresh = await freshDatabase();
  proxy = await startFaultProxy(fresh.url);
  database = openDatabase({ url: proxy.url, acquireTimeoutMs: 2_000 });
});

after(async () => {
  await database.close();
  await proxy[Symbol.asyncDispose]();
  await fresh[Symbol.asyncDispose]();
});

const post = async (server: FastifyInstance, payload?: unknown) => {
  const answer = await server.inject({
    method: "POST",
    url: "/api/v1/users",
    ...(payload === undefined
      ? {}
      : { headers: { "content-type": "application/json" }, payload: JSON.stringify(payload) }),
  });
  const body = JSON.parse(answer.body) as Record<string, string>;
  return { status: answer.statusCode, body, headers: answer.headers };
};

const users = async (): Promise<number> =>
  (await database.query({ text: `select from app_user` })).length;

test("a user is created with a name, an empty body or no body; the token names that user until it expires", async () => {
  const feature = featureWith(true);
  const server = await serverOf(feature);
  nowMs = Date.now();
  for (const payload of [{ name: "김하늘" }, {}, undefined]) {
    const { status, body } = await post(server, payload);
    assert.equal(status, 201);
    assert.deepEqual(Object.keys(body).toSorted(), [
      "accessToken",
      "expiresAt",
      "recoveryCode",
      "refreshToken",
      "userId",
    ]);
    const endsAtMs = Date.parse(body["expiresAt"] ?? "");
    assert.equal(endsAtMs, (Math.floor(nowMs / 1000) + 30 * 86_400) * 1000);
    assert.equal(await feature.authenticate(body["accessToken"] ?? ""), body["userId"]);
    const madeAtMs = nowMs;
    nowMs = endsAtMs - 1;
    assert.equal(await feature.authenticate(body["accessToken"] ?? ""), body["userId"]);
    nowMs = endsAtMs;
    assert.equal(await feature.authenticate(body["accessToken"] ?? ""), null);
    nowMs = madeAtMs;
  }
  await server.close();
});

test("a token of another purpose or another key is refused", async () => {
  const feature = featureWith(true);
  const claims = { sub: mintId(), iat: 0, exp: 99_999_999_999 };
  const sign = (purpose: string, key: Uint8Array) =>
    tokenSigner([{ id: "a", secret: key }]).sign(purpose, claims);
  assert.equal(await feature.authenticate(sign("access", secret)), claims.sub);
  assert.equal(await feature.authenticate(sign("queue", secret)), null);
  assert.equal(await feature.authenticate(sign("access", randomBytes(32))), null);
  for (const rubbish of ["", "x", "a.b.c", "\u0000"])
    assert.equal(await feature.authenticate(rubbish), null);
});

test("an invalid name is refused, and no user is created", async () => {
  const server = await serverOf(featureWith(true));
  const before = await users();
  const bad: unknown[] = [
    { name: "" },
    { name: "x".repeat(101) },
    { name: "a\u0000b" },
    { name: "a\ud800" },
    { name: 5 },
    { name: null },
    { userId: mintId() },
    [],
    "name",
  ];
  for (const payload of bad) {
    const { status, body } = await post(server, payload);
    assert.deepEqual([status, body["code"]], [400, "INVALID_REQUEST"], JSON.stringify(payload));
  }
  assert.equal(await users(), before);
  await server.close();
});

test("when disabled, the path is 404 and tokens issued earlier stay valid", async () => {
  const on = await serverOf(featureWith(true));
  const { body: user } = await post(on, {});
  const feature = featureWith(false);
  const off = await serverOf(feature);
  const { status, body } = await post(off, {});
  assert.deepEqual([status, body["code"]], [404, "NOT_FOUND"]);
  assert.equal(await feature.authenticate(user["accessToken"] ?? ""), user["userId"]);
  await on.close();
  await off.close();
});

test("without PostgreSQL no user is created, and tokens are still checked", async () => {
  const feature = featureWith(true);
  const server = await serverOf(feature);
  const { body: user } = await post(server, {});
  for (const fault of [() => proxy.cut(), () => proxy.freeze()]) {
    fault();
    const { status, body, headers } = await post(server, {});
    assert.deepEqual([status, body["code"]], [503, "UNAVAILABLE"]);
    assert.ok(Number(headers["retry-after"]) >= 1);
    assert.equal(await feature.authenticate(user["accessToken"] ?? ""), user["userId"]);
    proxy.heal();
  }
  await assert.rejects(async () => {
    proxy.cut();
    await feature.createUser({ name: null });
  }, Unavailable);
  proxy.heal();
  await server.close();
});

test("an operator reads the name, the role and the permissions of the own key", async () => {
  const server = await serverOf(featureWith(true));
  const read = (key: string) => call(server, "GET", "/admin/v1/operators/me", key);
  const permissions = ["own", "check-in"];
  const door = await read("two");
  assert.deepEqual([door.status, door.body], [200, { name: "gate-1", role: "door", permissions }]);
  assert.equal((await read("one")).body["role"], "admin");
  assert.equal((await read("three")).status, 401);
  await server.close();
});

test("a session of the console is for operators who may read", async () => {
  const server = await serverOf(featureWith(true));
  const open = (key: string) => call(server, "POST", "/admin/v1/session", key);
  assert.equal((await open("one")).status, 204);
  const refused = await open("two");
  assert.deepEqual([refused.status, refused.body["code"]], [403, "FORBIDDEN"]);
  await server.close();
});

const call = async (
  server: FastifyInstance,
  method: "GET" | "POST" | "DELETE",
  url: string,
  bearer: string | null,
  payload?: object,
) => {
  const answer = await server.inject({
    method,
    url,
    headers: bearer === null ? {} : { authorization: `Bearer ${bearer}` },
    ...(payload === undefined ? {} : { payload }),
  });
  const body = (answer.body === "" ? {} : JSON.parse(answer.body)) as Record<string, string>;
  return { status: answer.statusCode, body, headers: answer.headers };
};

test("a user reads the account, renews the session and opens it on another device", async () => {
  const feature = featureWith(true);
  const server = await serverOf(feature);
  nowMs = Date.now();
  const { body: user } = await post(server, { name: "김하늘" });
  const me = await call(server, "GET", "/api/v1/users/me", user["accessToken"] ?? "");
  assert.deepEqual(
    [me.status, me.body["userId"], me.body["name"]],
    [200, user["userId"], "김하늘"],
  );
  const { refreshToken } = user;
  const renewed = await call(server, "POST", "/api/v1/users/tokens", null, { refreshToken });
  assert.deepEqual(
    [renewed.status, renewed.body["userId"], renewed.body["recoveryCode"]],
    [201, user["userId"], null],
  );
  assert.equal(renewed.headers["cache-control"], "no-store");
  const lastsMs = Date.parse(renewed.body["expiresAt"] ?? "") - nowMs;
  assert.ok(lastsMs > 14 * 60_000 && lastsMs <= 15 * 60_000, `${lastsMs}`);
  const token = renewed.body["accessToken"] ?? "";
  const offered = await call(server, "POST", "/api/v1/users/me/handover", token);
  assert.equal(offered.status, 201);
  const handover = { handoverCode: offered.body["code"] };
  const taken = await call(server, "POST", "/api/v1/users/tokens", null, handover);
  assert.deepEqual([taken.status, taken.body["userId"]], [201, user["userId"]]);
  const again = await call(server, "POST", "/api/v1/users/tokens", null, handover);
  assert.deepEqual([again.status, again.body["code"]], [401, "CREDENTIAL_INVALID"]);
  assert.ok(again.headers["www-authenticate"]);
  await server.close();
});

test("a request must have exactly one credential", async () => {
  const server = await serverOf(featureWith(true));
  for (const payload of [
    {},
    { refreshToken: "a", recoveryCode: "b" },
    { refreshToken: 1 },
    { x: "" },
  ]) {
    const { status, body } = await call(server, "POST", "/api/v1/users/tokens", null, payload);
    assert.deepEqual([status, body["code"]], [400, "INVALID_REQUEST"], JSON.stringify(payload));
  }
  await server.close();
});

test("signing out everywhere revokes every access token on every instance, and recovery opens the account", async () => {
  const [one, two] = [featureWith(true), featureWith(true)];
  const [server, other] = [await serverOf(one), await serverOf(two)];
  await Promise.all([one.start(), two.start()]);
  nowMs = Date.now();
  const { body: user } = await post(server, {});
  const token = user["accessToken"] ?? "";
  assert.equal((await call(other, "GET", "/api/v1/users/me", token)).status, 200);
  assert.equal((await call(server, "DELETE", "/api/v1/users/me/tokens", token)).status, 204);
  for (const instance of [server, other])
    await eventually("the token is refused", async () => {
      const { status } = await call(instance, "GET", "/api/v1/users/me", token);
      return status === 401 ? true : undefined;
    });
  assert.equal(two.tokenEpochOf(toId(user["userId"] ?? "")), 1);
  const three = featureWith(true);
  await three.start();
  assert.equal(three.tokenEpochOf(toId(user["userId"] ?? "")), 1, "known before it serves");
  await three.close();
  const { recoveryCode } = user;
  const back = await call(other, "POST", "/api/v1/users/tokens", null, { recoveryCode });
  assert.equal(back.status, 201);
  const after = back.body["accessToken"] ?? "";
  assert.equal((await call(server, "GET", "/api/v1/users/me", after)).status, 200);
  const old = await call(other, "POST", "/api/v1/users/tokens", null, { recoveryCode });
  assert.deepEqual([old.status, old.body["code"]], [401, "CREDENTIAL_INVALID"]);
  await Promise.all([one.close(), two.close(), server.close(), other.close()]);
});

test("an account with money or tickets is not erased; an empty one is, and its tokens end", async () => {
  const feature = featureWith(true);
  const server = await serverOf(feature);
  await feature.start();
  nowMs = Date.now();
  const { body: user } = await post(server, { name: "Kim" });
  const token = user["accessToken"] ?? "";
  for (const held of [
    { balance: 1, validTickets: 0 },
    { balance: 0, validTickets: 1 },
  ]) {
    holdings = held;
    const refused = await call(server, "DELETE", "/api/v1/users/me", token);
    assert.deepEqual([refused.status, refused.body["code"]], [409, "ACCOUNT_NOT_EMPTY"]);
  }
  holdings = { balance: 0, validTickets: 0 };
  assert.equal((await call(server, "DELETE", "/api/v1/users/me", token)).status, 204);
  await eventually("the token is refused", async () => {
    const { status } = await call(server, "GET", "/api/v1/users/me", token);
    return status === 401 ? true : undefined;
  });
  const { refreshToken } = user;
  const renewed = await call(server, "POST", "/api/v1/users/tokens", null, { refreshToken });
  assert.equal(renewed.status, 401);
  await feature.close();
  await server.close();
});

test("only an operator renews a recovery code", async () => {
  const server = await serverOf(featureWith(true));
  const { body: user } = await post(server, {});
  const path = `/admin/v1/users/${user["userId"]}/recovery`;
  assert.equal((await call(server, "POST", path, user["accessToken"] ?? "")).status, 401);
  const { status, body } = await call(server, "POST", path, "one");
  assert.equal(status, 201);
  const { recoveryCode } = body;
  const back = await call(server, "POST", "/api/v1/users/tokens", null, { recoveryCode });
  assert.equal(back.body["userId"], user["userId"]);
  const nobody = await call(server, "POST", `/admin/v1/users/${mintId()}/recovery`, "one");
  assert.deepEqual([nobody.status, nobody.body["code"]], [404, "NOT_FOUND"]);
  await server.close();
});
