import type { RedisStore } from "#platform/redis/store.ts";
import type { Epochs } from "../../recovery/ports/epochs.ts";
import { recoveryMs } from "../../admission/domain/poll-interval.ts";
import type { QueueBackend } from "../queue-backend.ts";
import { attachment } from "./attachment.ts";
import { queueCaller } from "./call-queue.ts";
import { redisLivePlaces } from "./redis-live-places.ts";
import { redisQueueStore } from "./redis-queue-store.ts";
import { redisRecoveryStore } from "./redis-recovery-store.ts";
import { redisLobby } from "./redis-lobby.ts";
import { redisSeatGate } from "./redis-seat-gate.ts";

/** The queues in Redis. Only tests give `nowMs`, a clock in place of that of Redis, and `recoveryMs`. */
export const redisQueue = (options: {
  readonly redis: RedisStore;
  readonly epochs: Epochs;
  readonly nowMs?: () => number;
  readonly recoveryMs?: number | undefined;
}): QueueBackend => {
  const attached = attachment(options.redis, options.epochs, options.recoveryMs ?? recoveryMs);
  const call = queueCaller(options.redis, attached, options.nowMs ?? null);
  return {
    store: { ...redisQueueStore(call, attached), ...redisRecoveryStore(call) },
    gate: redisSeatGate(call),
    livePlaces: redisLivePlaces(call),
    lobby: redisLobby(call, attached),
  };
};
