import assert from "node:assert/strict";
import { connect, type AddressInfo, type Socket } from "node:net";
import { test } from "node:test";
import { brotliDecompressSync } from "node:zlib";
import { eventually } from "#test/support/concurrency.ts";
import { concert, me, sampleRoutes, sampleServer } from "#test/support/sample-server.ts";
import { readRequest } from "./grammar.ts";

type Options = NonNullable<Parameters<typeof sampleServer>[0]>;

/** A server with the fast lane. `passed`: the requests that `node:http` has got. */
const served = async (options: Options = {}) => {
  const sample = await sampleServer({ fastLane: readRequest, ...options });
  const passed: string[] = [];
  const accepted: Socket[] = [];
  sample.server.server.on("connection", (socket) => void accepted.push(socket));
  /** Waits until the server has so many connections, and has read so many bytes of the last one. */
  const received = (connections: number, bytes: number) =>
    eventually(`${bytes} bytes are read`, () =>
      (accepted[connections - 1]?.bytesRead ?? -1) >= bytes ? true : undefined,
    );
  sample.server.server.prependListener("request", ({ url }) => void passed.push(url ?? ""));
  await sample.server.listen({ port: 0, host: "127.0.0.1" });
  const { port } = sample.server.server.address() as AddressInfo;
  const open = () => {
    const socket = connect(port, "127.0.0.1");
    const got = { text: "", isClosed: false };
    socket.on("data", (bytes) => (got.text += String(bytes)));
    socket.on("error", () => undefined);
    socket.on("close", () => (got.isClosed = true));
    /** Waits for so many answers in all. */
    const answers = async (count: number): Promise<string[]> => {
      await eventually(`${count} answers`, () => statusesOf(got.text).length >= count || undefined);
      return statusesOf(got.text);
    };
    const closed = () => eventually("the connection is closed", () => got.isClosed || undefined);
    return { socket, got, answers, closed };
  };
  return { ...sample, passed, open, received, [Symbol.asyncDispose]: () => sample.server.close() };
};

const statusesOf = (text: string): string[] =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((found) => found[1] ?? "");

const poll = `GET /api/v1/concerts/${concert}/queue/tokens/me HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer queue-active\r\n\r\n`;
const health = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
const balance = (token: string) =>
  `GET /api/v1/users/${me}/balance HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n\r\n`;

test("hot requests are answered without node:http; the first other one goes to it, and all after it", async () => {
  await using server = await served();
  const { socket, answers } = server.open();
  socket.write(poll);
  assert.deepEqual(await answers(1), ["200"]);
  socket.write(poll);
  await answers(2);
  assert.deepEqual(server.passed, []);
  socket.write(health);
  await answers(3);
  socket.write(poll);
  assert.deepEqual(await answers(4), ["200", "200", "200", "200"]);
  assert.equal(server.passed.length, 2);
  socket.destroy();
});

test("a request in two pieces, and one with the next behind it, go to node:http", async () => {
  await using server = await served();
  const halves = server.open();
  halves.socket.write(poll.slice(0, 30));
  await server.received(1, 30);
  halves.socket.write(poll.slice(30));
  const two = server.open();
  two.socket.write(poll + poll);
  assert.deepEqual(await halves.answers(1), ["200"]);
  assert.deepEqual(await two.answers(2), ["200", "200"]);
  assert.equal(server.passed.length, 3);
  halves.socket.destroy();
  two.socket.destroy();
});

test("bytes that arrive before the answer wait for it, and go to node:http", async () => {
  await using server = await served();
  const { socket, got, answers } = server.open();
  socket.write(balance("access-later"));
  socket.write(health);
  assert.deepEqual(await answers(2), ["200", "200"]);
  assert.match(got.text, /"caller":"user"[^]*"status":"ok"/);
  socket.destroy();
});

test("answers of the lane are counted, and a failure in it is INTERNAL and logged", async () => {
  await using server = await served();
  const { socket, answers } = server.open();
  socket.write(poll);
  await answers(1);
  socket.write("GET /api/v1/failing/throws HTTP/1.1\r\nHost: a\r\n\r\n");
  assert.deepEqual(await answers(2), ["200", "500"]);
  assert.match(await server.meters.text(), /_count\{.*tokens\/me".*status="200"\} 1/);
  assert.equal(server.lines.filter(({ level }) => level === "error").length, 1);
  assert.deepEqual(server.passed, []);
  socket.destroy();
});

test("the bound of requests in flight and the limits by address hold, behind a trusted proxy too", async () => {
  await using full = await served({ limits: { inFlightMax: 0 } });
  const first = full.open();
  first.socket.write(poll);
  assert.deepEqual(await first.answers(1), ["503"]);
  first.socket.destroy();

  const named: string[] = [];
  const take = (name: string) => {
    named.push(name);
    return name === "9.9.9.9" ? 3 : 0;
  };
  const requests = { take, waitSeconds: () => 0 } as never;
  const none = { newUsers: null, failedKeys: null, failedCodes: null };
  await using limited = await served({
    addressLimits: { requests, ...none },
    trustProxy: ["127.0.0.1", "10.0.0.0/8"],
  });
  const { socket, got, answers } = limited.open();
  const from = (addresses: string) =>
    poll.replace("Host: a", `Host: a\r\nX-Forwarded-For: ${addresses}`);
  socket.write(from("1.1.1.1, 9.9.9.9, 10.1.1.1"));
  await answers(1);
  socket.write(from("8.8.8.8"));
  await answers(2);
  assert.deepEqual(
    [named, statusesOf(got.text)],
    [
      ["9.9.9.9", "8.8.8.8"],
      ["429", "200"],
    ],
  );
  assert.match(got.text, /retry-after: 3/);
  assert.deepEqual(limited.passed, []);
  socket.destroy();
});

test("a connection that sends nothing is answered 408, and an idle one is closed", async () => {
  await using impatient = await served({ limits: { requestTimeoutMs: 100 } });
  const silent = impatient.open();
  await silent.closed();
  assert.deepEqual(statusesOf(silent.got.text), ["408"]);
  await using server = await served({ limits: { keepAliveMs: 200 } });
  const idle = server.open();
  idle.socket.write(poll);
  await idle.answers(1);
  await idle.closed();
  assert.deepEqual(statusesOf(idle.got.text), ["200"]);
});

test("a client that closes its side, or vanishes, before the answer leaves nothing behind", async () => {
  await using server = await served();
  const half = server.open();
  half.socket.end(balance("access-later"));
  await half.closed();
  const gone = server.open();
  gone.socket.write(balance("access-later"), () => gone.socket.destroy());
  await gone.closed();
  await eventually("nothing is in flight", async () =>
    /http_requests_in_flight 0/.test(await server.meters.text()) ? true : undefined,
  );
});

test("a closing server answers what it has got, and closes idle and new connections", async () => {
  const server = await served({ limits: { drainMs: 60_000 } });
  const [idle, fresh, late] = [server.open(), server.open(), server.open()];
  idle.socket.write(poll);
  await idle.answers(1);
  await server.received(3, 0);
  late.socket.write(balance("access-later"));
  await late.answers(1);
  const closing = server.server.close();
  fresh.socket.end();
  await Promise.all([idle.closed(), late.closed(), fresh.closed(), closing]);
});

test("a header whose value would end its line is INTERNAL, and the client sees nothing of it", async () => {
  const routes = sampleRoutes().map((it) =>
    it.operationId === "readPlace"
      ? { ...it, handle: () => ({ status: 200, headers: { "X-Name": "a\r\nX-Odd: 1" } }) as never }
      : it,
  );
  await using server = await served({ routes });
  const { socket, got, answers } = server.open();
  socket.write(poll);
  assert.deepEqual(await answers(1), ["500"]);
  assert.doesNotMatch(got.text, /x-odd/i);
  assert.deepEqual(server.passed, []);
  socket.destroy();
});

test("a body that is compressed once is sent byte for byte", async () => {
  await using server = await served();
  const { socket, got, answers } = server.open();
  const chunks: Buffer[] = [];
  socket.on("data", (bytes) => chunks.push(bytes));
  socket.write(
    `GET /api/v1/plans/1 HTTP/1.1\r\nHost: a\r\nAccept-Encoding: br\r\nConnection: keep-alive\r\n\r\n`,
  );
  await answers(1);
  const length = Number(/content-length: (\d+)/.exec(got.text)?.[1]);
  const body = () => {
    const all = Buffer.concat(chunks);
    return all.subarray(all.indexOf("\r\n\r\n") + 4);
  };
  await eventually("the body is here", () => body().length >= length || undefined);
  assert.match(brotliDecompressSync(body()).toString(), /"구역 39"/);
  assert.deepEqual(server.passed, []);
  socket.destroy();
});

test("a route that streams, or answers without a body, cannot be hot", async () => {
  for (const wrong of ["streamPlace", "leave"]) {
    const routes = sampleRoutes().map((it) =>
      it.operationId === wrong ? { ...it, isHot: true } : it,
    );
    await assert.rejects(sampleServer({ fastLane: readRequest, routes }), new RegExp(wrong));
  }
});
