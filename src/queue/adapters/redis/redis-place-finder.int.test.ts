import { after } from "node:test";
import { silentLog } from "#platform/log.ts";
import { openRedis } from "#platform/redis/store.ts";
import { memoryEpochs } from "#test/support/memory-epochs.ts";
import { sharedRedisUrl } from "#test/support/redis.ts";
import { placeFinderContract } from "../../ports/place-finder.contract.ts";
import { redisQueue } from "./redis-queue.ts";

const redis = openRedis({ url: sharedRedisUrl(), log: silentLog, commandTimeoutMs: 5_000 });
after(() => redis.close());

placeFinderContract("redis", async () => {
  while (!redis.ready()) await new Promise((resolve) => setTimeout(resolve, 5));
  let nowMs = 1_790_000_000_000;
  return {
    ...redisQueue({ redis, epochs: memoryEpochs(), nowMs: () => nowMs }),
    nowMs: () => nowMs,
    advance: (ms) => {
      nowMs += ms;
    },
  };
});
