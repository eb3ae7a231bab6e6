import type { RedisStore } from "#platform/redis/store.ts";
import type { Epochs } from "../../ports/durable.ts";
import { recoveryMs } from "../../domain/poll-interval.ts";
import type { PlaceFinder } from "../../ports/place-finder.ts";
import type { Lobby } from "../../ports/lobby.ts";
import type { QueueStore } from "../../ports/queue-store.ts";
import type { Lookout } from "../../ports/lookout.ts";
import type { SeatGate } from "../../ports/seat-gate.ts";
import { attachment } from "./attachment.ts";
import { queueCaller } from "./call-queue.ts";
import { redisPlaceFinder } from "./redis-place-finder.ts";
import { redisQueueStore } from "./redis-queue-store.ts";
import { redisLobby } from "./redis-lobby.ts";
import { redisLookout } from "./redis-lookout.ts";
import { redisSeatGate } from "./redis-seat-gate.ts";

/**
 * The queue and its seat gate in Redis. `nowMs` replaces the store's clock, and `recoveryMs` the time
 * for which a queue that may have lost people waits for them, both for tests.
 */
export const redisQueue = (options: {
  readonly redis: RedisStore;
  readonly epochs: Epochs;
  readonly nowMs?: () => number;
  readonly recoveryMs?: number | undefined;
}): {
  readonly store: QueueStore;
  readonly gate: SeatGate;
  readonly finder: PlaceFinder;
  readonly lookout: Lookout;
  readonly lobby: Lobby;
} => {
  const attached = attachment(options.redis, options.epochs, options.recoveryMs ?? recoveryMs);
  const call = queueCaller(options.redis, attached, options.nowMs ?? null);
  const lookout = redisLookout(call);
  return {
    store: redisQueueStore(call, lookout),
    gate: redisSeatGate(call),
    finder: redisPlaceFinder(call),
    lookout,
    lobby: redisLobby(call),
  };
};
