import type { Log } from "#platform/log.ts";

export interface Refresher {
  /** Begins to refresh; returns at once. */
  readonly start: () => void;
  /** Ends when the refresh in flight has. */
  readonly close: () => Promise<void>;
}

/**
 * Refreshes again and again, `everyMs` after the last one has ended. Failures are logged when they
 * begin and when they end, and never stop it.
 */
export const refresher = (refresh: () => Promise<void>, everyMs: number, log: Log): Refresher => {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let isStarted = false;
  let isFailing = false;

  const attempt = async () => {
    try {
      await refresh();
      if (isFailing) log.info({}, "the concerts' settings are read again");
      isFailing = false;
    } catch (error) {
      if (!isFailing)
        log.warn({ err: error }, "the concerts' settings cannot be read; the last known are used");
      isFailing = true;
    }
    if (isStarted) timer = setTimeout(turn, everyMs).unref();
  };
  const turn = () => {
    running = attempt();
  };

  return {
    start: () => {
      if (isStarted) return;
      isStarted = true;
      turn();
    },
    close: async () => {
      isStarted = false;
      clearTimeout(timer);
      await running;
      clearTimeout(timer);
    },
  };
};
