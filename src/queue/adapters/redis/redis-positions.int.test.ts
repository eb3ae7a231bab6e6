import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import { createLog } from "#platform/log.ts";
import { openRedis, scriptOf, type RedisStore } from "#platform/redis/store.ts";
import { sharedRedisUrl } from "#test/support/redis.ts";
import {
  histories,
  positionsOnlyFall,
  type OpenSharedStore,
} from "#test/support/queue-positions.ts";
import { queueKeys } from "./keys.ts";
import { redisQueue } from "./redis-queue.ts";
import { queueScripts } from "./scripts.ts";

// A position never rises for a live token within an epoch, with three instances on one Redis; faults
// that let it rise are found when they are planted in copies of the scripts.

const connect = (): RedisStore =>
  openRedis({
    url: sharedRedisUrl(),
    log: createLog({ level: "silent" }),
    commandTimeoutMs: 5_000,
  });
const connections = [connect(), connect(), connect()];
before(async () => {
  for (let tries = 0; tries < 1_000 && !connections.every((it) => it.ready()); tries += 1) {
    await delay(5);
  }
});
after(() => Promise.all(connections.map((it) => it.close())));

const historiesCount = Number(process.env["QUEUE_HISTORIES"] ?? 100);
/** Repeats a failed run: the seed that it has printed. */
const seed = process.env["QUEUE_SEED"];

/** Each instance has a connection of its own. */
const openOn =
  (stores: readonly RedisStore[]): OpenSharedStore =>
  async ({ concertId, clock, epochs, recoveryMs }) => ({
    backends: stores.map((redis) => redisQueue({ redis, epochs, nowMs: clock.nowMs, recoveryMs })),
    async lose() {
      await stores[0]?.command(["DEL", ...queueKeys(concertId)]);
    },
  });

for (const mode of ["fifo", "lottery"] as const) {
  test(`no position rises in generated histories in Redis: ${mode}, ${historiesCount}`, async () => {
    await fc.assert(fc.asyncProperty(histories(mode), positionsOnlyFall(openOn(connections))), {
      numRuns: historiesCount,
      ...(seed === undefined ? {} : { seed: Number(seed) }),
    });
  });
}

/** The store with a fault in every script that has these words. */
const faulty = (redis: RedisStore, words: string, wrong: string): RedisStore => ({
  ...redis,
  run(script, keys, args) {
    if (!script.source.includes(words)) return redis.run(script, keys, args);
    const source = script.source.replaceAll(words, () => wrong);
    return redis.run(scriptOf(script.name, source), keys, args);
  },
});

const faults: readonly (readonly [string, "fifo" | "lottery", string, string])[] = [
  [
    "users who returned count for others",
    "fifo",
    "place, rank + 1\nend",
    "place, rank + 1 + redis.call('ZCARD', returnedKey)\nend",
  ],
  [
    "a position that was told is forgotten on return",
    "fifo",
    "if rank + 1 < slot.lastPosition then",
    "if rank + 1 ~= slot.lastPosition then",
  ],
  [
    "a position that was told is forgotten when its user is skipped",
    "fifo",
    "slot.lastPosition, done.skipped = lastPosition,",
    "slot.lastPosition, done.skipped = 2147483647,",
  ],
  [
    "newcomers stand by the clock",
    "fifo",
    "lateStart or 0) + number",
    "lateStart or 0) + queue.nowMs % 1000000 + 1",
  ],
  [
    "a position is told while the queue waits for its people",
    "fifo",
    "reply[13] = queue.recoveryEndMs and 1 or 0",
    "reply[13] = 0",
  ],
  [
    "the lobby never closes",
    "lottery",
    'queue.nowMs < lobbyUntilMs\n  and not redis.call("HGET", metaKey, "lobbyClosedAt")',
    "true",
  ],
  [
    "a place that is restored late goes to its order of the draw",
    "lottery",
    "not queue.recoveryEndMs\n  and (",
    "false and (",
  ],
];

for (const [title, mode, words, wrong] of faults) {
  test(`a planted fault is found: ${title}`, async () => {
    const sources = Object.values(queueScripts).map((binding) => binding.script.source);
    assert.ok(
      sources.some((source) => source.includes(words)),
      "the sound words are there",
    );
    const open = openOn(connections.map((redis) => faulty(redis, words, wrong)));
    const found = await fc.check(fc.asyncProperty(histories(mode), positionsOnlyFall(open)), {
      numRuns: 1_000,
      seed: 1,
      endOnFailure: true,
    });
    assert.ok(found.errorInstance instanceof assert.AssertionError, String(found.errorInstance));
  });
}
