import assert from "node:assert/strict";
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
 * The shortest times of a policy, in seconds, in a test that must do something before they end. Each answer comes
 * within 3 s (503 at the latest), so these outlast one answer and two in turn on any machine.
 */
export const outlastsAnswer = 3;
export const outlastsTwoAnswers = 6;

/**
 * Calls `find` until its result is not undefined. Returns the result and the duration. Fails after
 * `withinMs` with the text `what`. The limit only ends a test that would hang: it is no promise of speed.
 */
export const eventually = async <T>(
  what: string,
  find: () => Promise<T | undefined> | T | undefined,
  everyMs = 50,
  withinMs = 120_000,
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

/** Waits until the condition holds, and fails as `eventually` does. */
export const until = async (condition: () => boolean): Promise<void> => {
  const find = (): true | undefined => condition() || undefined;
  await eventually(condition.toString(), find, 5);
};

/**
 * Returns the result of work that waits for no timer and for no answer of a socket. Fails if it is still
 * pending when the event loop turns, so that "at once" needs no bound of time.
 */
export const atOnce = async <T>(work: Promise<T>): Promise<T> => {
  const pending = Symbol("pending");
  const turned = new Promise<typeof pending>((resolve) => setImmediate(resolve, pending));
  const first = await Promise.race([work, turned]);
  if (first === pending) throw new Error("the work waits");
  return first;
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
 * The time that a slow or busy machine may add to an answer: 2,000 ms and ten times the longest delay of
 * the event loop of this process, at most 20,000 ms.
 */
export const loadAllowanceMs = (): number => Math.min(20_000, 2_000 + (10 * loopDelay.max) / 1e6);

/** Fails if something took longer than was promised, beyond what the machine may add. */
export const assertWithin = (tookMs: number, promisedMs: number, what: string): void => {
  const limitMs = promisedMs + loadAllowanceMs();
  assert.ok(tookMs < limitMs, `${what}: ${tookMs} ms, not within ${limitMs} ms`);
};

/** Whether the machine is so busy that a server may rightly shed load (503) during a race. */
export const isOverloaded = (): boolean => (loadavg()[0] ?? 0) > 4 * availableParallelism();
