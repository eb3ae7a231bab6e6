import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Unavailable } from "#kernel/unavailable.ts";
import { silentLog } from "#platform/log.ts";
import { openRedis } from "#platform/redis/store.ts";
import { until } from "#test/support/concurrency.ts";
import { freshRedis } from "#test/support/redis.ts";
import { redisSpentChallenges, spentChallengeKey } from "./redis-spent-challenges.ts";

const redis = await freshRedis();
after(() => redis[Symbol.asyncDispose]());
const clock = { nowMs: () => Date.now() };
const open = async () => {
  const store = openRedis({ url: redis.url, log: silentLog });
  after(() => store.close());
  await until(() => store.ready());
  return { store, spent: redisSpentChallenges(store, clock) };
};

test("of many calls on two connections exactly one spends a challenge", async () => {
  const { spent: one } = await open();
  const { spent: two } = await open();
  const endMs = Date.now() + 60_000;
  const calls = Array.from({ length: 20 }, (_, n) => (n % 2 ? one : two).spend("a", endMs));
  const spent = await Promise.all(calls);
  assert.equal(spent.filter(Boolean).length, 1);
});

test("a spent challenge expires after its end, also when the end has passed", async () => {
  const { store, spent } = await open();
  for (const [id, endMs] of [
    ["b", Date.now() + 300_000],
    ["c", Date.now() - 1_000],
  ] as const) {
    await spent.spend(id, endMs);
    const leftMs = Number(await store.command(["PTTL", spentChallengeKey(id)]));
    assert.ok(leftMs > endMs - Date.now() && leftMs > 0 && leftMs <= 360_000, String(leftMs));
  }
});

test("while Redis is away no challenge is spent", async () => {
  const { store, spent } = await open();
  await store.close();
  await assert.rejects(spent.spend("d", Date.now() + 60_000), Unavailable);
});
