import type { Clock } from "#kernel/instant.ts";
import type { RedisStore } from "#platform/redis/store.ts";
import type { SpentChallenges } from "../../ports/challenges.ts";

export const spentChallengeKey = (id: string): string => `challenge:${id}`;

/** The clocks of two instances may differ by so much; a key must not expire before its challenge. */
const marginMs = 60_000;

/**
 * The spent challenges in Redis, one key each that expires after its challenge. While Redis is away every
 * call throws: without it, each instance would accept one solution again and again.
 */
export const redisSpentChallenges = (redis: RedisStore, clock: Clock): SpentChallenges => ({
  async spend(id, expiresAtMs) {
    const keptMs = Math.max(0, expiresAtMs - clock.nowMs()) + marginMs;
    const key = spentChallengeKey(id);
    return (await redis.command(["SET", key, "1", "NX", "PX", String(keptMs)])) !== null;
  },
});
