import { setTimeout as delay } from "node:timers/promises";
import { Unavailable } from "#kernel/unavailable.ts";

const pauseMs = 500;

/**
 * Returns the result of the work, which is tried again after each Unavailable, 0.5 s later and for as long as `withinMs`
 * is not over. Throws the last Unavailable, and any other error at once.
 */
export const whenAvailable = async <T>(work: () => Promise<T>, withinMs: number): Promise<T> => {
  const deadlineMs = performance.now() + withinMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Unavailable) || performance.now() >= deadlineMs) throw error;
      await delay(pauseMs);
    }
  }
};
