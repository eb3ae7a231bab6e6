import assert from "node:assert/strict";
import net from "node:net";
import { test } from "node:test";
import { Type } from "typebox";
import { until } from "#test/support/concurrency.ts";
import { authenticators, concert, me, other, sampleServer } from "#test/support/sample-server.ts";
import { addressLimit } from "./address-limit.ts";
import type { AddressLimits } from "./gate.ts";
import { route } from "./route.ts";

const open = `/api/v1/concerts/${concert}`;

/** A route that answers when the test says so. */
const slowRoute = () => {
  const waiting: (() => void)[] = [];
  const slow = route({
    method: "GET",
    path: "/api/v1/slow",
    operationId: "slow",
    tag: "Sample",
    summary: "Sample",
    auth: "none",
    answers: { 200: Type.Object({ ok: Type.Boolean() }) },
    problems: [],
    handle: async () => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return { status: 200, body: { ok: true } };
    },
  });
  const letGo = (): void => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  return { slow, waiting, letGo };
};

/** One request in 10 s after a burst. */
const only = (kind: keyof AddressLimits, burst: number): AddressLimits => ({
  ...{ requests: null, newUsers: null, failedKeys: null, failedCodes: null },
  [kind]: addressLimit({
    ...{ name: kind, intervalMs: 10_000, burst, isShared: false },
    nowMs: () => performance.now(),
  }),
});

test("a request beyond the bound in flight is 503 with Retry-After; health checks are exempt", async () => {
  const { slow, waiting, letGo } = slowRoute();
  await using sample = await sampleServer({ routes: [slow], limits: { inFlightMax: 2 } });
  const { server, meters } = sample;
  const get = (url: string) => server.inject({ url });
  const first = [get("/api/v1/slow"), get("/api/v1/slow")];
  await until(() => waiting.length === 2);
  const shed = await get("/api/v1/slow");
  assert.deepEqual([shed.statusCode, shed.json<{ code: string }>().code], [503, "UNAVAILABLE"]);
  assert.equal(shed.headers["retry-after"], "1");
  assert.equal(waiting.length, 2);
  assert.equal((await get("/healthz")).statusCode, 200);
  assert.equal((await get("/readyz")).statusCode, 200);
  letGo();
  assert.deepEqual(
    (await Promise.all(first)).map(({ statusCode }) => statusCode),
    [200, 200],
  );
  await until(() => meters.http.live.requests === 0);
  const next = get("/api/v1/slow");
  await until(() => waiting.length === 1);
  letGo();
  assert.equal((await next).statusCode, 200);
  assert.match(await meters.text(), /http_requests_shed_total\{reason="in-flight"\} 1/);
});

test("operator routes are served while fans are refused", async () => {
  const { slow, waiting, letGo } = slowRoute();
  const steering = route({
    ...{ method: "GET", path: "/admin/v1/steering", operationId: "steer", tag: "Operator" },
    ...{
      summary: "Steer",
      auth: "operator",
      permission: "manage",
      answers: { 204: null },
      problems: [],
    },
    handle: () => ({ status: 204 }),
  });
  await using sample = await sampleServer({ routes: [slow, steering], limits: { inFlightMax: 1 } });
  const first = sample.server.inject({ url: "/api/v1/slow" });
  await until(() => waiting.length === 1);
  assert.equal((await sample.server.inject({ url: "/api/v1/slow" })).statusCode, 503);
  const asked = { url: "/admin/v1/steering", headers: { authorization: "Bearer operator" } };
  assert.equal((await sample.server.inject(asked)).statusCode, 204);
  letGo();
  assert.equal((await first).statusCode, 200);
});

test("a refused request leaves the count of requests in flight", async () => {
  await using sample = await sampleServer();
  const urls = ["/api/v1/concerts/nope", `${open}/queue/tokens/me`, "/api/v1/failing/throws", open];
  for (const url of urls) await sample.server.inject({ url });
  await sample.server.inject({ method: "POST", url: "/api/v1/users", payload: "x" });
  await until(() => sample.meters.http.live.requests === 0);
});

test("an address over its limit is 429 with Retry-After; without a limit no address is", async () => {
  await using sample = await sampleServer({ addressLimits: only("requests", 3) });
  const from = (remoteAddress: string) => sample.server.inject({ url: open, remoteAddress });
  const statuses: number[] = [];
  for (let n = 0; n < 4; n += 1) statuses.push((await from("10.0.0.1")).statusCode);
  assert.deepEqual(statuses, [200, 200, 200, 429]);
  const limited = await from("10.0.0.1");
  assert.equal(limited.json<{ code: string }>().code, "RATE_LIMITED");
  assert.ok(Number(limited.headers["retry-after"]) >= 9);
  assert.equal((await from("10.0.0.2")).statusCode, 200);
  await using free = await sampleServer();
  for (let n = 0; n < 50; n += 1) {
    assert.equal((await free.server.inject({ url: open })).statusCode, 200);
  }
});

test("a forwarded address counts only when the proxy is trusted; else the log warns once", async () => {
  const warnings: number[] = [];
  const statusesOf = async (trustProxy: boolean): Promise<number[]> => {
    await using sample = await sampleServer({ addressLimits: only("requests", 1), trustProxy });
    const from = (address: string) =>
      sample.server.inject({ url: open, headers: { "x-forwarded-for": address } });
    const statuses = [(await from("1.1.1.1")).statusCode, (await from("2.2.2.2")).statusCode];
    warnings.push(sample.lines.filter(({ message }) => /TRUST_PROXY/.test(message)).length);
    return statuses;
  };
  assert.deepEqual(await statusesOf(true), [200, 200]);
  assert.deepEqual(await statusesOf(false), [200, 429]);
  assert.deepEqual(warnings, [0, 1]);
});

test("the limit by address counts every path: unknown ones, methods, broken escapes and documents", async () => {
  const counted = [
    ["GET", "/nothing"],
    ["PATCH", open],
    ["OPTIONS", open],
    ["GET", "/api/%zz"],
    ["GET", "/docs"],
    ["GET", "/openapi.json"],
    ["GET", "/metrics"],
    ["GET", "/problems/not-found"],
    ["GET", "/healthz"],
    ["GET", "/readyz"],
  ] as const;
  for (const [method, url] of counted) {
    await using sample = await sampleServer({ addressLimits: only("requests", 1) });
    const ask = () => sample.server.inject({ method, url });
    assert.notEqual((await ask()).statusCode, 429, url);
    const limited = await ask();
    assert.equal(limited.statusCode, 429, url);
    assert.ok(Number(limited.headers["retry-after"]) >= 9, url);
  }
});

test("health checks have a count of their own: fans behind the same address do not use it up", async () => {
  await using sample = await sampleServer({ addressLimits: only("requests", 1) });
  const statuses: number[] = [];
  for (const url of [open, open, "/healthz"])
    statuses.push((await sample.server.inject({ url })).statusCode);
  assert.deepEqual(statuses, [200, 429, 200]);
});

test("one client in several spellings, with ports, or moving within its /64 is one address", async () => {
  const pairs = [
    ["192.0.2.7:1000", "192.0.2.7:2000"],
    ["192.0.2.7", "::ffff:192.0.2.7"],
    ["2001:db8:0:1::5", "2001:DB8:0:1:0:0:0:5"],
    ["2001:db8:0:1::5", "2001:db8:0:1:1234::1"],
    ["unknown", "hidden"],
  ] as const;
  for (const [first, second] of pairs) {
    await using sample = await sampleServer({
      addressLimits: only("requests", 1),
      trustProxy: ["127.0.0.1"],
    });
    const from = async (address: string): Promise<number> => {
      const headers = { "x-forwarded-for": address };
      return (await sample.server.inject({ url: open, headers })).statusCode;
    };
    assert.deepEqual([await from(first), await from(second)], [200, 429], `${first} ${second}`);
    assert.equal(await from("2001:db8:0:2::5"), 200);
  }
});

test("a proxy that another proxy reports with its port is passed over", async () => {
  await using sample = await sampleServer({
    addressLimits: only("requests", 1),
    trustProxy: ["127.0.0.1", "10.0.0.0/8"],
  });
  const from = async (client: string): Promise<number> => {
    const headers = { "x-forwarded-for": `${client}, 10.1.2.3:443` };
    return (await sample.server.inject({ url: open, headers })).statusCode;
  };
  assert.deepEqual([await from("1.1.1.1"), await from("2.2.2.2")], [200, 200]);
});

test("new accounts of one address have a limit of their own, which other requests do not use up", async () => {
  await using sample = await sampleServer({ addressLimits: only("newUsers", 2) });
  const { server, meters } = sample;
  const make = (payload: object, remoteAddress = "10.0.0.1") =>
    server.inject({ method: "POST", url: "/api/v1/users", payload, remoteAddress });
  const statuses: number[] = [];
  for (const body of [{ name: 1 }, {}, { x: 1 }, {}, {}])
    statuses.push((await make(body)).statusCode);
  assert.deepEqual(statuses, [400, 201, 400, 201, 429]);
  assert.ok(Number((await make({})).headers["retry-after"]) >= 9);
  assert.equal((await server.inject({ url: open, remoteAddress: "10.0.0.1" })).statusCode, 200);
  assert.equal((await make({}, "10.0.0.2")).statusCode, 201);
  assert.match(await meters.text(), /http_requests_shed_total\{reason="new-users"\} 2/);
});

test("wrong operator keys are logged, counted and slowed down: then no key of the address is judged", async () => {
  await using sample = await sampleServer({ addressLimits: only("failedKeys", 2) });
  const { server, meters, lines } = sample;
  const pause = async (key: string | null, remoteAddress = "10.0.0.1"): Promise<number> => {
    const headers = key === null ? {} : { authorization: `Bearer ${key}` };
    const asked = { method: "POST", url: "/admin/v1/pause", headers, remoteAddress } as const;
    return (await server.inject(asked)).statusCode;
  };
  const statuses: number[] = [];
  for (const key of [null, null, null, "operator", "guess-1", "guess-2", "operator"])
    statuses.push(await pause(key));
  assert.deepEqual(statuses, [401, 401, 401, 204, 401, 401, 429]);
  assert.equal(await pause("operator", "10.0.0.2"), 204);
  const logged = lines.filter(({ message }) => message === "an operator key is wrong");
  assert.deepEqual(
    logged.map(({ level, fields }) => [level, fields["address"], fields["url"]]),
    Array.from({ length: 2 }, () => ["warn", "10.0.0.1", "/admin/v1/pause"]),
  );
  assert.doesNotMatch(JSON.stringify(logged), /guess/);
  assert.match(await meters.text(), /http_operator_keys_failed_total 2/);
});

test("wrong codes are limited by address and by user; a right code counts for nothing", async () => {
  const guessed = route({
    method: "POST",
    path: "/api/v1/guesses/{code}",
    operationId: "guess",
    tag: "Sample",
    summary: "Sample",
    auth: "access",
    params: Type.Object({ code: Type.String({ description: "The code" }) }),
    answers: { 204: null },
    guess: "TRANSFER_NOT_FOUND",
    problems: ["TRANSFER_NOT_FOUND", "TRANSFER_CLAIMED"],
    handle: ({ params: { code } }) => {
      if (code === "right") return { status: 204 };
      return { problem: code === "claimed" ? "TRANSFER_CLAIMED" : "TRANSFER_NOT_FOUND" };
    },
  });
  const statusesOf = async (
    sent: readonly (readonly [code: string, token: string, from: string])[],
  ) => {
    await using sample = await sampleServer({
      routes: [guessed],
      addressLimits: only("failedCodes", 2),
      authenticators: { ...authenticators, access: (token) => (token === "me" ? me : other) },
    });
    const statuses: number[] = [];
    for (const [code, token, remoteAddress] of sent) {
      const headers = { authorization: `Bearer ${token}` };
      const url = `/api/v1/guesses/${code}`;
      const answer = await sample.server.inject({ method: "POST", url, headers, remoteAddress });
      statuses.push(answer.statusCode);
    }
    return statuses;
  };
  const [here, there] = ["10.0.0.1", "10.0.0.2"];
  const byAddress = await statusesOf([
    ["right", "me", here],
    ["claimed", "me", here],
    ["wrong", "me", here],
    ["wrong", "other", here],
    ["right", "me", here],
    ["right", "me", there],
  ]);
  assert.deepEqual(byAddress, [204, 409, 404, 404, 429, 204]);
  const byUser = await statusesOf([
    ["wrong", "me", here],
    ["wrong", "me", there],
    ["right", "me", "10.0.0.3"],
    ["right", "other", here],
  ]);
  assert.deepEqual(byUser, [404, 404, 429, 204]);
});

test("durations are measured by route pattern, method and status", async () => {
  await using sample = await sampleServer();
  await sample.server.inject({ url: open });
  await sample.server.inject({ url: "/api/v1/concerts/nope" });
  await until(() => sample.meters.http.live.requests === 0);
  const text = await sample.meters.text();
  for (const status of [200, 400]) {
    const labels = `method="GET",route="/api/v1/concerts/{concertId}",status="${status}"`;
    assert.ok(text.includes(`http_request_duration_seconds_count{${labels}} 1`), text);
  }
});

test("a request that does not arrive whole in time is a 408 problem", async () => {
  await using sample = await sampleServer({ limits: { requestTimeoutMs: 200 } });
  const url = new URL(await sample.server.listen({ host: "127.0.0.1", port: 0 }));
  const socket = net.connect(Number(url.port), url.hostname);
  socket.write("POST /api/v1/users HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n");
  socket.write('Content-Length: 100\r\n\r\n{"name"');
  let answer = "";
  for await (const chunk of socket) answer += String(chunk);
  assert.match(answer, /^HTTP\/1.1 408 [^]*application\/problem\+json[^]*INVALID_REQUEST/);
  await until(() => sample.meters.http.live.requests === 0);
});

test("the server's timeouts are set", async () => {
  await using sample = await sampleServer({ limits: { requestTimeoutMs: 7000 } });
  const { server } = sample.server;
  assert.equal(server.requestTimeout, 7000);
  assert.equal(server.headersTimeout, 7000);
  assert.equal(server.keepAliveTimeout, 72_000);
  assert.equal(server.timeout, 120_000);
});

test("a route without a schema for a path parameter fails the start", async () => {
  const { slow } = slowRoute();
  const broken = { ...slow, path: "/api/v1/slow/{id}" };
  await assert.rejects(sampleServer({ routes: [broken] }), /slow does not describe .* id/);
});
