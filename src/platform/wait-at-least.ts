import { setTimeout as sleep } from "node:timers/promises";

/** Resolves once `ms` have passed by the monotonic clock. A timer alone may end a moment too early. */
export const waitAtLeast = async (ms: number, monotonicMs: () => number): Promise<void> => {
  const untilMs = monotonicMs() + ms;
  for (let leftMs = ms; leftMs > 0; leftMs = untilMs - monotonicMs())
    await sleep(Math.ceil(leftMs));
};
