/** One process of several that serve the same port. */
export interface Worker {
  readonly pid: number;
  /** Resolves with the address when the process serves; rejects when it ends before. */
  readonly ready: Promise<string>;
  /** Resolves when the process has ended, with a text that says how. */
  readonly ended: Promise<string>;
  /** Asks the process to answer its open requests and to end. */
  drain(): void;
}

/** A group of workers; a worker that ends is started again. */
export interface Group {
  /** The address of all workers. */
  readonly url: string;
  /** The pids of the running workers. */
  pids(): readonly number[];
  /** Drains all workers at the same time, and starts none again. */
  close(): Promise<void>;
}

export interface SuperviseOptions {
  readonly count: number;
  /** `isFirst`: the worker that starts alone, before the others. */
  launch(isFirst: boolean): Worker;
  /** Called with the address of the first worker, before the others are launched. */
  onFirst?(url: string): void;
  nowMs(): number;
  pause(ms: number): Promise<void>;
  say(line: string): void;
}

const pauseMinMs = 500;
const pauseMaxMs = 30_000;
/** A worker that has run for this long counts as started well: its next end is the first in a row. */
const steadyMs = 60_000;

/** The pause before a worker is started again; it doubles with each death in a row, up to 30 s. */
export const restartPauseMs = (deathsInARow: number): number =>
  Math.min(pauseMaxMs, pauseMinMs * 2 ** Math.min(deathsInARow - 1, 20));

/**
 * Starts the first worker alone, because it migrates and seeds, then the others. A worker that ends by itself
 * is started again after a pause. When a worker fails at the start, all are drained, and it rejects.
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
