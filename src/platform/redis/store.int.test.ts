import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { atOnce, until } from "#test/support/concurrency.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import { startFaultProxy } from "#test/support/fault-proxy.ts";
import { freshRedis, type FreshRedis } from "#test/support/redis.ts";
import { silentLog } from "../log.ts";
import { openRedis, scriptOf, type RedisStore } from "./store.ts";

const opened = async (url: string): Promise<RedisStore> => {
  const store = openRedis({ url, log: silentLog });
  await until(() => store.ready());
  return store;
};

const withStore = async (
  work: (store: RedisStore, redis: FreshRedis) => Promise<void>,
): Promise<void> => {
  await using redis = await freshRedis();
  const store = await opened(redis.url);
  try {
    await work(store, redis);
  } finally {
    await store.close();
  }
};

const count = scriptOf("count", "return redis.call('INCRBY', KEYS[1], ARGV[1])");

test("the words of a command are sent unchanged, and replies are those of RESP 2", () =>
  withStore(async (store) => {
    assert.equal(await store.command(["SET", "a", "é 1"]), "OK");
    assert.equal(await store.command(["GET", "a"]), "é 1");
    assert.equal(await store.command(["GET", "none"]), null);
    await store.command(["HSET", "h", "x", "1", "y", "2"]);
    assert.deepEqual(await store.command(["HGETALL", "h"]), ["x", "1", "y", "2"]);
  }));

test("a script that the server has not cached is sent in full, once", () =>
  withStore(async (store) => {
    assert.equal(await store.run(count, ["n"], [5]), 5);
    assert.equal(await store.run(count, ["n"], ["2"]), 7);
    assert.deepEqual(await store.command(["SCRIPT", "EXISTS", count.sha]), [1]);
    await store.command(["SCRIPT", "FLUSH"]);
    assert.equal(await store.run(count, ["n"], [1]), 8);
  }));

test("an error reply passes through, and the connection stays open", () =>
  withStore(async (store) => {
    const refuses = scriptOf("refuses", "return redis.error_reply('EPOCH 7')");
    await assert.rejects(store.run(refuses, [], []), (error: Error) => {
      assert.ok(!(error instanceof Unavailable));
      return error.message.includes("EPOCH 7");
    });
    await assert.rejects(store.command(["NOSUCHCOMMAND"]), /unknown command/);
    assert.equal(store.generation(), 1);
  }));

test("an error reply of a server that cannot serve now throws Unavailable", () =>
  withStore(async (store) => {
    const full = scriptOf("full", "return redis.error_reply('OOM command not allowed')");
    await assert.rejects(store.run(full, [], []), Unavailable);
  }));

test("run_id is the server's, and generation rises when another server takes its place", () =>
  withStore(async (store, redis) => {
    const runIdOfServer = async (): Promise<string | undefined> =>
      /run_id:(\w+)/.exec(String(await store.command(["INFO", "server"])))?.[1];
    const first = store.runId();
    assert.equal(first, await runIdOfServer());
    assert.equal(store.generation(), 1);
    await redis.restart();
    await until(() => store.ready() && store.generation() === 2);
    assert.notEqual(store.runId(), first);
    assert.equal(store.runId(), await runIdOfServer());
  }));

test("without a server calls throw at once, and the store reconnects by itself", () =>
  withStore(async (store, redis) => {
    await redis.kill();
    await until(() => !store.ready());
    for (let n = 0; n < 1000; n += 1) {
      await atOnce(assert.rejects(store.command(["PING"]), Unavailable));
    }
    assert.equal(store.generation(), 0);
    await redis.restart();
    await until(() => store.ready());
    assert.equal(await store.command(["PING"]), "PONG");
  }));

test("a frozen server costs one timeout, then calls throw at once until it answers again", () =>
  withStore(async (store, redis) => {
    redis.stop();
    const inFlight = Array.from({ length: 100 }, () => store.command(["INCR", "n"]));
    const outcomes = await Promise.allSettled(inFlight);
    assert.ok(outcomes.every((it) => it.status === "rejected" && it.reason instanceof Unavailable));
    await atOnce(assert.rejects(store.command(["PING"]), Unavailable));
    await sleep(1500);
    assert.equal(store.ready(), false);
    redis.cont();
    await until(() => store.ready());
    assert.equal(store.generation(), 2);
  }));

test("a command whose reply is lost is not sent again", () =>
  withStore(async (direct, redis) => {
    await using proxy = await startFaultProxy(redis.url);
    const store = await opened(proxy.url);
    await store.run(count, ["n"], [1]);
    proxy.mute();
    await assert.rejects(store.run(count, ["n"], [1]), Unavailable);
    proxy.reset();
    await until(() => store.ready() && store.generation() === 2);
    await sleep(50);
    assert.equal(await direct.command(["GET", "n"]), "2");
    await store.close();
  }));

test("after a timeout no late reply is taken for the reply to another command", () =>
  withStore(async (_direct, redis) => {
    await using proxy = await startFaultProxy(redis.url);
    const store = await opened(proxy.url);
    proxy.freeze();
    await assert.rejects(store.command(["ECHO", "late"]), Unavailable);
    proxy.heal();
    await until(() => store.ready());
    const replies = await Promise.all(["a", "b", "c"].map((word) => store.command(["ECHO", word])));
    assert.deepEqual(replies, ["a", "b", "c"]);
    await store.close();
  }));

test("replies that have arrived during a pause of the process are not late", () =>
  withStore(async (store) => {
    const answer = store.command(["ECHO", "here"]);
    await sleep(1);
    const endMs = performance.now() + 500;
    while (performance.now() < endMs);
    assert.equal(await answer, "here");
    assert.equal(store.generation(), 1);
  }));

test("onReady is called for each connection before callers can use it", async () => {
  await using redis = await freshRedis();
  const calls: [number, string][] = [];
  const store = openRedis({
    url: redis.url,
    log: silentLog,
    onReady: (generation, runId) => void calls.push([generation, runId]),
  });
  await until(() => store.ready());
  assert.deepEqual(calls, [[1, store.runId()]]);
  await store.close();
  assert.equal(store.ready(), false);
  await assert.rejects(store.command(["PING"]), Unavailable);
});
