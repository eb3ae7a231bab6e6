import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import net from "node:net";
import { test } from "node:test";
import { Type } from "typebox";
import { until } from "#test/support/concurrency.ts";
import { sampleServer } from "#test/support/sample-server.ts";
import { route } from "./route.ts";

const quick = "/api/v1/quick";

/** `/api/v1/slow`, answered when the test says so, and `/api/v1/quick`, answered at once. */
const slowRoutes = () => {
  const waiting: (() => void)[] = [];
  const common = {
    tag: "Sample",
    summary: "Sample",
    auth: "none",
    answers: { 200: Type.Object({ ok: Type.Boolean() }) },
    problems: [],
  } as const;
  const done = { status: 200, body: { ok: true } } as const;
  const slow = (method: "GET" | "POST") =>
    route({
      ...common,
      method,
      path: "/api/v1/slow",
      operationId: `slow${method}`,
      handle: async () => {
        await new Promise<void>((resolve) => waiting.push(resolve));
        return done;
      },
    });
  const atOnce = route({
    ...common,
    method: "GET",
    path: quick,
    operationId: "quick",
    handle: () => done,
  });
  const letGo = (): void => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  return { routes: [slow("GET"), slow("POST"), atOnce], waiting, letGo };
};

/** A connection that has sent the text, with the bytes received on it so far. */
const connection = (address: string, text: string) => {
  const { hostname, port } = new URL(address);
  const socket = net.connect(Number(port), hostname, () => socket.write(text));
  let answer = "";
  let isClosed = false;
  socket.on("error", () => undefined);
  socket.on("close", () => (isClosed = true));
  socket.on("data", (chunk) => (answer += chunk.toString("latin1")));
  return {
    statuses: () => [...answer.matchAll(/HTTP\/1.1 (\d+)/g)].map((found) => Number(found[1])),
    isClosed: () => isClosed,
    [Symbol.dispose]: () => void socket.destroy(),
  };
};

const ask = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;

test("pipelined answers that wait on one connection do not count as in flight", async () => {
  const { routes, waiting, letGo } = slowRoutes();
  await using sample = await sampleServer({ routes, limits: { inFlightMax: 10 } });
  const { server, meters } = sample;
  const address = await server.listen({ host: "127.0.0.1", port: 0 });
  using greedy = connection(address, ask("/api/v1/slow") + ask(quick).repeat(50));
  await until(() => waiting.length === 1);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal((await fetch(address + quick)).status, 200);
  assert.equal(meters.http.live.requests, 1);
  letGo();
  await until(() => greedy.statuses().length === 51);
  assert.deepEqual(greedy.statuses(), [
    ...Array.from({ length: 32 }, () => 200),
    ...Array.from({ length: 19 }, () => 503),
  ]);
  assert.equal(meters.http.live.requests, 0);
});

test("the bound of unread answers of a connection counts on every path", async () => {
  for (const path of ["/docs/static/swagger-ui.css", "/nothing", "/openapi.json", "/%zz"]) {
    const { routes, waiting, letGo } = slowRoutes();
    await using sample = await sampleServer({ routes });
    const address = await sample.server.listen({ host: "127.0.0.1", port: 0 });
    using greedy = connection(address, ask("/api/v1/slow") + ask(path).repeat(40));
    await until(() => waiting.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    letGo();
    await until(() => greedy.statuses().length === 41);
    const refused = greedy.statuses().slice(32);
    assert.deepEqual([...new Set(refused)], [503], path);
  }
});

test("unread files take no file descriptors", { skip: process.platform !== "linux" }, async () => {
  await using sample = await sampleServer();
  const address = await sample.server.listen({ host: "127.0.0.1", port: 0 });
  let begun = 0;
  sample.server.server.on("request", () => (begun += 1));
  const { hostname, port } = new URL(address);
  const descriptors = (): number => readdirSync("/proc/self/fd").length;
  const before = descriptors();
  const socket = net.connect(Number(port), hostname).pause();
  socket.write(ask("/docs/static/swagger-ui-bundle.js").repeat(32));
  await until(() => begun === 32);
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.ok(descriptors() <= before + 2, `${before} before, ${descriptors()} with 32 answers`);
  socket.destroy();
});

test("a connection that keeps pipelining without reading is closed", async () => {
  const { routes, waiting, letGo } = slowRoutes();
  await using sample = await sampleServer({ routes, limits: { inFlightMax: 10 } });
  const address = await sample.server.listen({ host: "127.0.0.1", port: 0 });
  using greedy = connection(address, ask("/api/v1/slow") + ask(quick).repeat(2_000));
  await until(() => greedy.isClosed());
  assert.equal((await fetch(address + quick)).status, 200);
  letGo();
  await until(() => sample.meters.http.live.requests === 0);
  assert.equal(waiting.length, 0);
});

test("a request with an incomplete body is not in flight", async () => {
  const { routes } = slowRoutes();
  await using sample = await sampleServer({ routes, limits: { inFlightMax: 2 } });
  const { server, meters } = sample;
  const address = await server.listen({ host: "127.0.0.1", port: 0 });
  let begun = 0;
  server.server.on("request", () => (begun += 1));
  const half =
    "POST /api/v1/slow HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{";
  using _first = connection(address, half);
  using _second = connection(address, half);
  await until(() => begun === 2);
  assert.equal((await fetch(address + quick)).status, 200);
  assert.equal(meters.http.live.requests, 0);
});

test("requests that complete at the same moment do not exceed the bound in flight", async () => {
  const { routes, waiting, letGo } = slowRoutes();
  await using sample = await sampleServer({ routes, limits: { inFlightMax: 2 } });
  const post = () => sample.server.inject({ method: "POST", url: "/api/v1/slow", payload: {} });
  const answers = Promise.all([post(), post(), post()]);
  await until(() => waiting.length === 2);
  letGo();
  assert.deepEqual((await answers).map(({ statusCode }) => statusCode).sort(), [200, 200, 503]);
  assert.equal(sample.meters.http.live.requests, 0);
});
