import type { RedisStore } from "#platform/redis/store.ts";
import type { Epochs } from "../../ports/durable.ts";
import { recoveryMs } from "../../domain/poll-interval.ts";
import type { PlaceFinder } from "../../ports/place-finder.ts";
import type { Lobby } from "../../ports/lobby.ts";
import type { LineStore } from "../../ports/line-store.ts";
import type { Lookout } from "../../ports/lookout.ts";
import type { SeatGate } from "../../ports/seat-gate.ts";
import { attachment } from "./attachment.ts";
import { lineCaller } from "./call-line.ts";
import { redisPlaceFinder } from "./redis-place-finder.ts";
import { redisLineStore } from "./redis-line-store.ts";
import { redisLobby } from "./redis-lobby.ts";
import { redisLookout } from "./redis-lookout.ts";
import { redisSeatGate } from "./redis-seat-gate.ts";

/**
 * The line and its seat gate in Redis. `nowMs` replaces the store's clock, and `recoveryMs` the time
 * for which a line that may have lost people waits for them, both for tests.
 */
export const redisLine = (options: {
  readonly redis: RedisStore;
  readonly epochs: Epochs;
  readonly nowMs?: () => number;
  readonly recoveryMs?: number | undefined;
}): {
  readonly store: LineStore;
  readonly gate: SeatGate;
  readonly finder: PlaceFinder;
  readonly lookout: Lookout;
  readonly lobby: Lobby;
} => {
  const attached = attachment(options.redis, options.epochs, options.recoveryMs ?? recoveryMs);
  const call = lineCaller(options.redis, attached, options.nowMs ?? null);
  const lookout = redisLookout(call);
  return {
    store: redisLineStore(call, lookout),
    gate: redisSeatGate(call),
    finder: redisPlaceFinder(call),
    lookout,
    lobby: redisLobby(call),
  };
};
