import { after } from "node:test";
import { createLog } from "#platform/log.ts";
import { openRedis } from "#platform/redis/store.ts";
import { lineStoreContract, type Life } from "../../ports/line-store.contract.ts";
import { lobbyContract, type LobbyUnderTest } from "../../ports/lobby.contract.ts";
import { absenceContract } from "../../ports/absence.contract.ts";
import { recoveryContract } from "../../ports/recovery.contract.ts";
import { passContract } from "../../ports/pass.contract.ts";
import { seatGateContract } from "../../ports/seat-gate.contract.ts";
import { sharedRedisUrl } from "../../../../test/support/redis.ts";
import { memoryEpochs } from "../../../../test/support/memory-epochs.ts";
import { redisLine } from "./redis-line.ts";

const redis = openRedis({
  url: sharedRedisUrl(),
  log: createLog({ level: "silent" }),
  commandTimeoutMs: 5_000,
});
after(() => redis.close());

const open = async (life: Life = "first"): Promise<LobbyUnderTest> => {
  while (!redis.ready()) await new Promise((resolve) => setTimeout(resolve, 5));
  let nowMs = 1_790_000_000_000;
  const epochs = memoryEpochs({ inUse: life === "after a loss" });
  const line = redisLine({ redis, epochs, nowMs: () => nowMs });
  return {
    ...line,
    nowMs: () => nowMs,
    advance: (ms) => {
      nowMs += ms;
    },
  };
};

lineStoreContract("redis", open);
passContract("redis", open);
seatGateContract("redis", open);
lobbyContract("redis", open);
absenceContract("redis", open);
recoveryContract("redis", open);
