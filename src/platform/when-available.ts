import { setTimeout as delay } from "node:timers/promises";
import { Unavailable } from "#kernel/unavailable.ts";

/**
 * Returns the result of the work, which is tried again after each Unavailable: at most `attemptsMax` times in all,
 * `pauseMs` apart. Throws the last Unavailable, and any other error at once.
 */
export const whenAvailable = async <T>(
  work: () => Promise<T>,
  { attemptsMax, pauseMs }: { readonly attemptsMax: number; readonly pauseMs: number },
): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Unavailable) || attempt >= attemptsMax) throw error;
      await delay(pauseMs);
    }
  }
};
