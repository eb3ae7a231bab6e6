/** One process of several that serve the same port. */
export interface Worker {
  readonly pid: number;
  /** Resolves with its address when it serves; rejects when it ends before. */
  readonly ready: Promise<string>;
  /** Resolves when the process is gone, with words for how. */
  readonly ended: Promise<string>;
  /** Asks it to answer what it has begun, and to end. */
  drain(): void;
}

/** A group of workers that is kept complete. */
export interface Group {
  /** Where all of them are reached. */
  readonly url: string;
  /** The processes that there are now. */
  pids(): readonly number[];
  /** Drains all of them at once; nothing is started again. */
  close(): Promise<void>;
}

export interface SuperviseOptions {
  readonly count: number;
  /** `isFirst`: the one that comes alone, before the others. */
  launch(isFirst: boolean): Worker;
  /** Told where the first one serves, before the others are launched. */
  onFirst?(url: string): void;
  nowMs(): number;
  pause(ms: number): Promise<void>;
  say(line: string): void;
}

const pauseFirstMs = 500;
const pauseMostMs = 30_000;
/** A worker that has served for so long has not failed at its start. */
const steadyMs = 60_000;

/** How long to wait before a worker is started again: doubling with each death in a row, up to 30 s. */
export const restartPauseMs = (deathsInARow: number): number =>
  Math.min(pauseMostMs, pauseFirstMs * 2 ** Math.min(deathsInARow - 1, 20));

/**
 * Starts the first worker alone, for it migrates and seeds, then the others; one that ends unasked is
 * started again after a pause. Rejects when one of them does not come up at the start, after the others
 * have ended.
 */
export const supervise = async (options: SuperviseOptions): Promise<Group> => {
  const { count, nowMs, pause, say } = options;
  const running = new Map<number, Worker>();
  const keepers: Promise<void>[] = [];
  let closing = false;

  const launch = (slot: number, isFirst: boolean): Worker => {
    const worker = options.launch(isFirst);
    running.set(slot, worker);
    return worker;
  };
  const close = async (): Promise<void> => {
    closing = true;
    for (const worker of running.values()) worker.drain();
    await Promise.all([...running.values()].map(({ ended }) => ended));
    await Promise.all(keepers);
  };

  const keep = async (slot: number, first: Worker): Promise<void> => {
    let worker = first;
    let deaths = 0;
    for (;;) {
      const startedMs = nowMs();
      const how = await worker.ended;
      running.delete(slot);
      if (closing) return;
      deaths = nowMs() - startedMs >= steadyMs ? 1 : deaths + 1;
      const waitMs = restartPauseMs(deaths);
      say(
        `Instance ${slot} (process ${worker.pid}) ${how}; it is started again in ${waitMs / 1000} s.`,
      );
      await pause(waitMs);
      if (closing) return;
      worker = launch(slot, false);
      void worker.ready.then(
        () => say(`Instance ${slot} serves again.`),
        () => undefined,
      );
    }
  };

  const start = async (slot: number): Promise<string> => {
    const worker = launch(slot, slot === 1);
    const url = await worker.ready;
    keepers.push(keep(slot, worker));
    return url;
  };
  try {
    const url = await start(1);
    options.onFirst?.(url);
    const others = Array.from({ length: count - 1 }, (_, index) => start(index + 2));
    await Promise.all(others);
    return { url, pids: () => [...running.values()].map(({ pid }) => pid), close };
  } catch (error) {
    await close();
    throw error;
  }
};
