import assert from "node:assert/strict";
import net from "node:net";
import { test } from "node:test";
import { freshDatabase } from "#test/support/postgres.ts";
import { createLog } from "../log.ts";
import { waitForDatabase, displayAddress, DatabaseUnreachable } from "./wait-for-database.ts";

const log = createLog({ level: "silent" });
const secret = "not-to-be-told";

const listening = async (onConnection: (socket: net.Socket) => void) => {
  const server = net.createServer(onConnection);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as net.AddressInfo;
  return {
    port,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
      }),
  };
};

/** Returns the message of the thrown error: one line without the password. */
const faultOf = async (url: string, withinMs: number): Promise<string> => {
  const error = await waitForDatabase({ url, withinMs, log }).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof DatabaseUnreachable);
  assert.doesNotMatch(error.message, /\n/);
  assert.ok(!error.message.includes(secret));
  return error.message;
};

test("a database that answers ends the wait", async () => {
  await using database = await freshDatabase();
  await waitForDatabase({ url: database.url, withinMs: 5000, log });
});

test("without a server it waits for the given time, then throws one line", async () => {
  const { port } = await (async () => {
    await using server = await listening(() => undefined);
    return { port: server.port };
  })();
  const message = await faultOf(`postgres://x:${secret}@127.0.0.1:${port}/sale`, 1000);
  assert.match(
    message,
    new RegExp(`^PostgreSQL at 127\\.0\\.0\\.1:${port}/sale cannot be reached`),
  );
  assert.match(message, /no server listens there \(ECONNREFUSED\)\. Waited 1 s\. DATABASE_URL/);
});

test("a server that accepts the connection and never answers does not prolong the wait", async () => {
  const sockets: net.Socket[] = [];
  await using server = await listening((socket) => void sockets.push(socket));
  const message = await faultOf(`postgres://x:${secret}@127.0.0.1:${server.port}/sale`, 800);
  for (const socket of sockets) socket.destroy();
  assert.match(message, /cannot be reached/);
});

test("a server that starts during the wait ends it", async () => {
  await using database = await freshDatabase();
  const real = new URL(database.url);
  const free = await listening(() => undefined);
  await free[Symbol.asyncDispose]();
  const late = net.createServer((near) => {
    const far = net.connect(Number(real.port), real.hostname);
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) socket.on("error", () => undefined);
  });
  setTimeout(() => late.listen(free.port, "127.0.0.1"), 600);
  const url = new URL(database.url);
  url.port = String(free.port);
  await waitForDatabase({ url: url.href, withinMs: 10_000, log });
  late.close();
});

test("a refused password or a missing database throws at once", async () => {
  await using database = await freshDatabase();
  const wrong = new URL(database.url);
  wrong.password = secret;
  const missing = new URL(database.url);
  missing.pathname = "/nowhere_test";
  assert.match(await faultOf(wrong.href, 600_000), /refuses the password \(28P01\)/);
  assert.match(
    await faultOf(missing.href, 600_000),
    /the database does not exist: create it first \(3D000\)/,
  );
});

test("the displayed address contains neither user nor password", () => {
  assert.equal(displayAddress("postgres://me:pw@db.example/sale"), "db.example:5432/sale");
});
