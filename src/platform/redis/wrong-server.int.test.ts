import assert from "node:assert/strict";
import net from "node:net";
import { test } from "node:test";
import { createClient } from "redis";
import { Unavailable } from "#kernel/unavailable.ts";
import { eventually, until } from "#test/support/concurrency.ts";
import { startFaultProxy } from "#test/support/fault-proxy.ts";
import { freshRedis } from "#test/support/redis.ts";
import { createLog, silentLog } from "../log.ts";
import { openRedis, scriptOf, type RedisStore } from "./store.ts";

// A name that stands for another server after a failover, and servers on which no queue can be kept.

const add = scriptOf("add", "return redis.call('INCR', KEYS[1])");

const order = async (url: string, ...words: readonly string[]): Promise<void> => {
  const client = createClient({ url });
  client.on("error", () => undefined);
  await client.connect();
  await client.sendCommand([...words]);
  client.destroy();
};

/** A store that collects the reasons and warnings of its log. */
const openWithLog = (url: string) => {
  const logged: string[] = [];
  const write = (line: string): void => {
    const { reason, msg } = JSON.parse(line) as { reason?: string; msg: string };
    logged.push(reason ?? msg);
  };
  const log = createLog({ level: "info", destination: { write } });
  return { store: openRedis({ url, log }), logged };
};

const using = async (store: RedisStore, work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } finally {
    await store.close();
  }
};

test("after a planned failover the store goes from the demoted server to the new primary by itself", async () => {
  await using former = await freshRedis();
  await using next = await freshRedis({ words: ["--replicaof", "127.0.0.1", String(former.port)] });
  await using name = await startFaultProxy(former.url);
  const store = openRedis({ url: name.url, log: silentLog });
  await using(store, async () => {
    await until(() => store.ready());
    assert.equal(await store.run(add, ["n"], []), 1);
    await order(next.url, "REPLICAOF", "NO", "ONE");
    await order(former.url, "REPLICAOF", "127.0.0.1", String(next.port));
    name.pointTo(next.url);
    await assert.rejects(store.run(add, ["m"], []), Unavailable);
    await eventually("the new primary is used", async () => {
      return (await store.run(add, ["m"], []).catch(() => null)) === 1 || undefined;
    });
    assert.equal(store.generation(), 2);
    const direct = openRedis({ url: next.url, log: silentLog });
    await using(direct, async () => {
      await until(() => direct.ready());
      assert.equal(store.runId(), direct.runId());
    });
  });
});

test("a demoted server is not used again before it is a primary again", async () => {
  await using other = await freshRedis();
  await using redis = await freshRedis();
  const { store, logged } = openWithLog(redis.url);
  await using(store, async () => {
    await until(() => store.ready());
    await order(redis.url, "REPLICAOF", "127.0.0.1", String(other.port));
    await assert.rejects(store.run(add, ["n"], []), Unavailable);
    await until(() => logged.some((reason) => reason.includes("it is a replica")));
    assert.equal(store.ready(), false);
    await order(redis.url, "REPLICAOF", "NO", "ONE");
    await until(() => store.ready());
    assert.equal(await store.run(add, ["n"], []), 1);
  });
});

const replica = ["--replicaof", "127.0.0.1", "1", "--replica-serve-stale-data", "no"];
const refused: [title: string, words: readonly string[], reason: RegExp][] = [
  ["a replica", replica, /^it is a replica; set REDIS_URL to the primary$/],
  ["a node in cluster mode", ["--cluster-enabled", "yes"], /^it is in cluster mode; use a Redis/],
  [
    "a server that deletes places",
    ["--maxmemory-policy", "allkeys-lru"],
    /^its maxmemory-policy allkeys-lru deletes places of users .*; set maxmemory-policy to/,
  ],
];
for (const [title, words, reason] of refused) {
  test(`${title} is unavailable, and the log says why in one sentence`, async () => {
    await using redis = await freshRedis({ words });
    const { store, logged } = openWithLog(redis.url);
    await using(store, async () => {
      await until(() => logged.length > 0);
      await assert.rejects(store.run(add, ["n"], []), Unavailable);
      assert.equal(store.ready(), false);
      assert.equal(logged.length, 1);
      assert.match(logged[0] ?? "", reason);
    });
  });
}

test("a server that deletes only locks is used, with a warning", async () => {
  await using redis = await freshRedis({ words: ["--maxmemory-policy", "volatile-lru"] });
  const { store, logged } = openWithLog(redis.url);
  await using(store, async () => {
    await until(() => store.ready());
    assert.match(logged.at(-1) ?? "", /^Redis may lose keys: its maxmemory-policy volatile-lru/);
  });
});

test("a user who may not run scripts makes the store unavailable, not the program wrong", async () => {
  await using redis = await freshRedis();
  await order(redis.url, "ACL", "SETUSER", "reader", "on", ">word", "+info", "~*");
  await order(
    redis.url,
    "ACL",
    "SETUSER",
    "runner",
    "on",
    ">word",
    "+info",
    "+eval",
    "+evalsha",
    "~*",
  );
  for (const user of ["reader", "runner"]) {
    const url = new URL(redis.url);
    url.username = user;
    url.password = "word";
    const store = openRedis({ url: url.href, log: silentLog });
    await using(store, async () => {
      await until(() => store.ready());
      await assert.rejects(store.run(add, ["n"], []), Unavailable);
    });
  }
});

/** A server that says it is a primary, and answers every other command with this error. */
const answering = async (error: string) => {
  const facts = "run_id:a1\r\nrole:master\r\ncluster_enabled:0\r\n";
  const server = net.createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => {
      const isAsked = chunk.toString("utf8").includes("INFO");
      socket.write(isAsked ? `$${facts.length}\r\n${facts}\r\n` : `-${error}\r\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as net.AddressInfo;
  return {
    url: `redis://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
};

for (const reply of [
  "READONLY You can't write against a read only replica.",
  "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
  "MOVED 3999 127.0.0.1:6381",
  "ASK 3999 127.0.0.1:6381",
  "LOADING Redis is loading the dataset in memory",
  "CLUSTERDOWN The cluster is down",
  "NOAUTH Authentication required.",
]) {
  test(`the answer ${reply.split(" ")[0]} drops the connection, and the store connects anew`, async () => {
    await using server = await answering(reply);
    const { store, logged } = openWithLog(server.url);
    await using(store, async () => {
      await until(() => store.generation() === 1);
      await assert.rejects(store.command(["GET", "a"]), (error: Error) => {
        assert.ok(error instanceof Unavailable);
        return (error.cause as Error).message === reply;
      });
      await until(() => store.generation() === 2);
      assert.ok(logged.includes(reply), logged.join("\n"));
    });
  });
}
