import type { Clock } from "#kernel/instant.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { SpentChallenges } from "../../ports/challenges.ts";

/** About 20 MB. */
const challengesMax = 200_000;

/** The spent challenges in the memory of this process, which serves one process only. */
export const memorySpentChallenges = (clock: Clock, max = challengesMax): SpentChallenges => {
  /** In the order of their ends, because all challenges live equally long. */
  const expiresAtMs = new Map<string, number>();
  return {
    async spend(id, endMs) {
      const nowMs = clock.nowMs();
      for (const [oldest, oldestEndMs] of expiresAtMs) {
        if (oldestEndMs >= nowMs) break;
        expiresAtMs.delete(oldest);
      }
      if (expiresAtMs.has(id)) return false;
      if (expiresAtMs.size >= max) throw new Unavailable("too many challenges were answered");
      expiresAtMs.set(id, endMs);
      return true;
    },
  };
};
