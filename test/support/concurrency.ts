import { availableParallelism, loadavg } from "node:os";
import { monitorEventLoopDelay } from "node:perf_hooks";

/**
 * Runs every attempt after a barrier: each is ready before the first one starts. Returns the results in
 * the order of the attempts; one rejection rejects the whole race.
 */
export const race = async <T>(attempts: readonly (() => Promise<T>)[]): Promise<T[]> => {
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  const running = attempts.map(async (attempt) => {
    await opened;
    return attempt();
  });
  open();
  return Promise.all(running);
};

/** Builds `count` values from their index. */
export const times = <T>(count: number, attempt: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => attempt(index));

/** Works on every item, on at most `widthMax` at a time. Returns the results in the order of the items. */
export const mapConcurrently = async <T, R>(
  items: readonly T[],
  widthMax: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> => {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++)
      results[index] = await work(items[index] as T, index);
  };
  await Promise.all(times(Math.min(widthMax, items.length), worker));
  return results;
};

export const sleep = (durationMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, durationMs)));

/**
 * Calls `find` until its result is not undefined. Returns the result and the duration. Fails after
 * `withinMs` with the text `what`.
 */
export const eventually = async <T>(
  what: string,
  withinMs: number,
  find: () => Promise<T | undefined> | T | undefined,
  everyMs = 50,
): Promise<{ value: T; tookMs: number }> => {
  const startedMs = performance.now();
  for (;;) {
    const value = await find();
    const tookMs = performance.now() - startedMs;
    if (value !== undefined) return { value, tookMs };
    if (tookMs > withinMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await sleep(everyMs);
  }
};

export interface BackgroundWork extends AsyncDisposable {
  /** Stops after the current round. Returns the number of rounds. */
  stop(): Promise<number>;
}

/** Repeats the work beside the test until it is stopped or disposed. */
export const inBackground = (everyMs: number, work: () => Promise<void>): BackgroundWork => {
  let going = true;
  const rounds = (async () => {
    let count = 0;
    for (; going; count += 1) {
      await work();
      await sleep(everyMs);
    }
    return count;
  })();
  const stop = (): Promise<number> => {
    going = false;
    return rounds;
  };
  return { stop, [Symbol.asyncDispose]: async () => void (await stop()) };
};

const loopDelay = monitorEventLoopDelay({ resolution: 10 });
loopDelay.enable();

/**
 * The time that an overloaded machine may add to an answer: four times the longest delay of the event
 * loop of this process, at most 2,000 ms. Near zero on a machine with an idle core.
 */
export const loadAllowanceMs = (): number => Math.min(2000, (4 * loopDelay.max) / 1e6);

/** Whether the machine is so busy that a server may rightly shed load (503) during a race. */
export const isOverloaded = (): boolean => (loadavg()[0] ?? 0) > 4 * availableParallelism();
