import { availableParallelism, loadavg } from "node:os";
import { monitorEventLoopDelay } from "node:perf_hooks";

/** Everybody waits at the gate until it opens; then all go in the same turn of the event loop. */
export interface StartGate {
  readonly passed: Promise<void>;
  /** How many have come to the gate so far. */
  waiting(): number;
  arrive(): Promise<void>;
  open(): void;
}

export const startGate = (): StartGate => {
  let waiting = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    passed: promise,
    waiting: () => waiting,
    arrive: () => {
      waiting += 1;
      return promise;
    },
    open: resolve,
  };
};

/**
 * Runs every attempt from behind one gate that opens when all of them stand ready. Answers come in
 * the order of the attempts; a rejection is a failure of the whole race.
 */
export const race = async <T>(attempts: readonly (() => Promise<T>)[]): Promise<T[]> => {
  const gate = startGate();
  const running = attempts.map(async (attempt) => {
    await gate.arrive();
    return attempt();
  });
  if (gate.waiting() !== attempts.length) throw new Error("an attempt is not at the gate");
  gate.open();
  return Promise.all(running);
};

/** `count` attempts made from their number. */
export const times = <T>(count: number, attempt: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => attempt(index));

/** All of the work, at most `widthMax` pieces of it at once. */
export const inTurns = async <T, R>(
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

export const pause = (durationMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, durationMs)));

/**
 * Asks again until the answer is not undefined, and answers it with the time that it took. Fails
 * after `withinMs`, saying what did not happen.
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
    await pause(everyMs);
  }
};

export interface Meanwhile extends AsyncDisposable {
  /** Ends it after the round that runs; answers how many rounds there were. */
  stop(): Promise<number>;
}

/** Does something again and again beside the test, until it is stopped or the test ends. */
export const meanwhile = (everyMs: number, work: () => Promise<void>): Meanwhile => {
  let going = true;
  const rounds = (async () => {
    let count = 0;
    for (; going; count += 1) {
      await work();
      await pause(everyMs);
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
 * The time that a crowded machine may add to an answer: a few times the longest delay of this process's own
 * event loop, at most 2 s. Near zero on a machine with a free core.
 */
export const crowdingMs = (): number => Math.min(2000, (4 * loopDelay.max) / 1e6);

/** Whether so much else runs here that a server may rightly shed load (503) in the middle of a race. */
export const isCrowded = (): boolean => (loadavg()[0] ?? 0) > 4 * availableParallelism();
