import { Unavailable } from "#kernel/trouble.ts";
import type { Log } from "#platform/log.ts";

export interface Rounds {
  start(): void;
  /** Starts no further round and resolves when the one that runs has ended. */
  close(): Promise<void>;
}

/**
 * Does some work again and again, `everyMs` after the last time ended; at once when it says that there
 * is more to do. What it throws is logged, a store that is away not as an error, and the next round tries
 * again.
 */
export const rounds = (options: {
  readonly name: string;
  readonly everyMs: number;
  readonly log: Log;
  work(): Promise<"more" | "done">;
}): Rounds => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | undefined;
  let closed = false;

  const turn = async (): Promise<void> => {
    let waitMs = options.everyMs;
    try {
      if ((await options.work()) === "more") waitMs = 0;
    } catch (error) {
      if (error instanceof Unavailable) {
        options.log.debug({ err: error, round: options.name }, "a round could not be made");
      } else {
        options.log.error({ err: error, round: options.name }, "a round failed");
      }
    }
    running = undefined;
    plan(waitMs);
  };

  const plan = (waitMs: number): void => {
    if (closed) return;
    timer = setTimeout(() => {
      running = turn();
    }, waitMs);
    timer.unref();
  };

  return {
    start: () => plan(0),
    async close() {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
};
