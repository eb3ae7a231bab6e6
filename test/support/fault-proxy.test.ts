import assert from "node:assert/strict";
import net from "node:net";
import { test } from "node:test";
import { startFaultProxy } from "./fault-proxy.ts";
import { eventually, sleep } from "./concurrency.ts";

// A fault without an effect would let every test pass, so the effect of each one is observed here.

/** A server that sends back each chunk. */
const startEcho = async () => {
  let received = "";
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => {
      received += chunk.toString();
      socket.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as net.AddressInfo;
  return {
    url: `redis://127.0.0.1:${port}`,
    received: () => received,
    [Symbol.dispose](): void {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
};

const connect = (url: string) => {
  const socket = net.connect({ host: "127.0.0.1", port: Number(new URL(url).port) });
  let received = "";
  let closed = false;
  socket.on("data", (chunk: Buffer) => {
    received += chunk.toString();
  });
  socket.on("error", () => undefined);
  socket.on("close", () => {
    closed = true;
  });
  return { socket, received: () => received, closed: () => closed };
};

/** Sends a text and waits until the echo of all texts so far has come back. */
const roundTrip = async (client: ReturnType<typeof connect>, text: string): Promise<void> => {
  const expected = client.received() + text;
  client.socket.write(text);
  await eventually(`echo of ${text}`, () => client.received() === expected || undefined, 5);
};

test("a frozen proxy keeps its connections, forwards nothing, and delivers late", async () => {
  using echo = await startEcho();
  await using proxy = await startFaultProxy(echo.url);
  const client = connect(proxy.url);
  await roundTrip(client, "a");
  proxy.freeze();
  client.socket.write("b");
  await sleep(60);
  assert.deepEqual([client.received(), echo.received(), client.closed()], ["a", "a", false]);
  proxy.heal();
  await eventually("late delivery", () => client.received() === "ab" || undefined, 5);
});

test("a cut proxy drops its connections and refuses new ones until it heals", async () => {
  using echo = await startEcho();
  await using proxy = await startFaultProxy(echo.url);
  const client = connect(proxy.url);
  await roundTrip(client, "a");
  proxy.cut();
  await eventually("drop", () => client.closed() || undefined, 5);
  const refused = connect(proxy.url);
  await eventually("refusal", () => refused.closed() || undefined, 5);
  proxy.heal();
  await roundTrip(connect(proxy.url), "b");
});

test("a reset proxy drops its connections and accepts new ones", async () => {
  using echo = await startEcho();
  await using proxy = await startFaultProxy(echo.url);
  const client = connect(proxy.url);
  await roundTrip(client, "a");
  proxy.reset();
  await eventually("drop", () => client.closed() || undefined, 5);
  await roundTrip(connect(proxy.url), "b");
});

test("a muted connection forwards requests without answers; a new connection is not muted", async () => {
  using echo = await startEcho();
  await using proxy = await startFaultProxy(echo.url);
  const client = connect(proxy.url);
  await roundTrip(client, "a");
  proxy.mute();
  client.socket.write("b");
  await eventually("request", () => echo.received() === "ab" || undefined, 5);
  await roundTrip(connect(proxy.url), "c");
  assert.equal(client.received(), "a");
});

test("a delayed proxy forwards answers late and in order", async () => {
  using echo = await startEcho();
  await using proxy = await startFaultProxy(echo.url);
  const client = connect(proxy.url);
  await roundTrip(client, "a");
  proxy.delay(200);
  const sentMs = performance.now();
  client.socket.write("b");
  await eventually("request", () => echo.received() === "ab" || undefined, 5);
  proxy.delay(0);
  client.socket.write("c");
  await eventually("both", () => client.received() === "abc" || undefined, 5);
  assert.ok(performance.now() - sentMs >= 200, "the first answer was not delayed");
});
