import assert from "node:assert/strict";
import net from "node:net";
import { test } from "node:test";
import { eventually, pause } from "./start-gate.ts";
import { openWire } from "./wire.ts";

// A fault that does nothing passes every test: here each of them is seen to do something.

interface Echo {
  readonly url: string;
  heard(): string;
  close(): void;
}

const echo = async (): Promise<Echo> => {
  let heard = "";
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => {
      heard += chunk.toString();
      socket.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as net.AddressInfo;
  const close = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { url: `redis://127.0.0.1:${port}`, heard: () => heard, close };
};

const dial = (url: string): { socket: net.Socket; got(): string; ended(): boolean } => {
  const socket = net.connect({ host: "127.0.0.1", port: Number(new URL(url).port) });
  let got = "";
  let ended = false;
  socket.on("data", (chunk: Buffer) => {
    got += chunk.toString();
  });
  socket.on("error", () => undefined);
  socket.on("close", () => {
    ended = true;
  });
  return { socket, got: () => got, ended: () => ended };
};

test("a wire carries, freezes without breaking, delivers late, cuts, refuses and mends", async () => {
  const store = await echo();
  const wire = await openWire(store.url);
  const client = dial(wire.url);
  client.socket.write("a");
  await eventually("echo", 1000, () => (client.got() === "a" ? true : undefined), 5);
  wire.freeze();
  client.socket.write("b");
  await pause(60);
  assert.deepEqual([client.got(), store.heard(), client.ended()], ["a", "a", false]);
  wire.mend();
  await eventually("late delivery", 1000, () => (client.got() === "ab" ? true : undefined), 5);
  assert.equal(wire.carriedBytes(), 4);
  wire.cut();
  await eventually("cut", 1000, () => client.ended() || undefined, 5);
  const refused = dial(wire.url);
  await eventually("refusal", 1000, () => refused.ended() || undefined, 5);
  wire.mend();
  const again = dial(wire.url);
  again.socket.write("c");
  await eventually("mended", 1000, () => (again.got() === "c" ? true : undefined), 5);
  const other = await echo();
  wire.plug(other.url);
  await eventually("unplugged", 1000, () => again.ended() || undefined, 5);
  const third = dial(wire.url);
  third.socket.write("d");
  await eventually("plugged elsewhere", 1000, () => (third.got() === "d" ? true : undefined), 5);
  assert.deepEqual([store.heard(), other.heard()], ["abc", "d"]);
  third.socket.destroy();
  await wire.close();
  store.close();
  other.close();
});
