import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { after, test } from "node:test";
import pg from "pg";
import { isAlive } from "../../scripts/stores/process.ts";
import { freshDatabase } from "./postgres.ts";
import { freshRedis, sharedRedisUrl } from "./redis.ts";

test("a fresh database is migrated, empty and gone after use", async () => {
  const database = await freshDatabase();
  const client = new pg.Client({ connectionString: database.url });
  client.on("error", () => undefined);
  await client.connect();
  const { rows } = await client.query<{ count: string }>("select count(*) from concert");
  assert.equal(rows[0]?.count, "0");
  await client.end();
  await database[Symbol.asyncDispose]();
  const late = new pg.Client({ connectionString: database.url });
  await assert.rejects(late.connect(), { code: "3D000" });
});

test("two fresh databases share nothing", async () => {
  await using one = await freshDatabase();
  await using other = await freshDatabase();
  assert.notEqual(one.url, other.url);
});

test("a database whose name lacks `test` is refused", async () => {
  const url = process.env["TEST_DATABASE_URL"] ?? "";
  after(() => (process.env["TEST_DATABASE_URL"] = url));
  process.env["TEST_DATABASE_URL"] = url.replace(/\/[^/]*$/, "/postgres");
  await assert.rejects(freshDatabase(), /refuse the database postgres/);
  process.env["TEST_DATABASE_URL"] = "";
  await assert.rejects(freshDatabase(), /needs PostgreSQL/);
  process.env["TEST_DATABASE_URL"] = url;
});

const ask = async (url: string, words: string[], timeoutMs = 1_000): Promise<unknown> => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  try {
    socket.write(`${words.join(" ")}\r\n`);
    const signal = AbortSignal.timeout(timeoutMs);
    const [reply] = (await once(socket, "data", { signal })) as [Buffer];
    return reply.toString().trim().split("\r\n").at(-1);
  } finally {
    socket.destroy();
  }
};

test("a fresh Redis can be frozen, thawed, killed and started again on its port", async () => {
  await using redis = await freshRedis({ appendonly: true });
  await ask(redis.url, ["SET", "a", "1"]);
  redis.stop();
  await assert.rejects(ask(redis.url, ["GET", "a"], 100));
  redis.cont();
  assert.equal(await ask(redis.url, ["GET", "a"]), "1");
  const before = redis.pid;
  await redis.kill();
  assert.equal(isAlive(before), false);
  await redis.restart();
  assert.notEqual(redis.pid, before);
  assert.equal(await ask(redis.url, ["DBSIZE"]), ":1");
});

test("the run's own Redis answers", async () => {
  assert.equal(await ask(sharedRedisUrl(), ["PING"]), "+PONG");
});
