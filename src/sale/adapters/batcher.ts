import { Unavailable } from "#kernel/unavailable.ts";
import { pendingCalls, type PendingCall } from "#platform/pending-calls.ts";

export interface BatcherOptions<C, R> {
  /** Commands in one batch. */
  readonly sizeMax: number;
  /** Commands that wait for a batch. Beyond this number a command is Unavailable at once. */
  readonly waitingMax: number;
  /** From arrival to Unavailable, in ms. */
  readonly deadlineMs: number;
  monotonicMs(): number;
  /**
   * The keys of a command. Two commands with a key in common never run in two batches at a time, and run in
   * the order of arrival. When left out, no command has a key.
   */
  keysOf?(command: C): readonly string[];
  /**
   * A second batch starts beside the running one when this number of commands waits. When twice this number
   * waits and no batch runs, two batches of half the size start. When left out, batches run one at a time.
   */
  readonly besideMin?: number;
  /** Answers the commands, now or later. When it throws, the unanswered commands are answered with the error. */
  run(batch: readonly PendingCall<C, R>[]): Promise<void>;
}

export interface Batcher<C, R> {
  submit(command: C): Promise<R>;
  /** Refuses new commands and resolves when every earlier command has its answer. */
  close(): Promise<void>;
}

/** The waiting commands in order of arrival, and the keys of the running batches. */
const waitingList = <C, R>(options: BatcherOptions<C, R>) => {
  const keysOf = options.keysOf ?? (() => []);
  const busyKeys = new Set<string>();
  let waiting: PendingCall<C, R>[] = [];

  return {
    count: () => waiting.length,
    add: (one: PendingCall<C, R>) => void waiting.push(one),
    /**
     * Takes the next batch. A command stays that has a key in common with a running batch, or with an earlier
     * command that stays.
     */
    take(sizeMax: number): PendingCall<C, R>[] {
      const nowMs = options.monotonicMs();
      const batch: PendingCall<C, R>[] = [];
      const staying: PendingCall<C, R>[] = [];
      const keysOfStaying = new Set<string>();
      const isFree = (key: string): boolean => !busyKeys.has(key) && !keysOfStaying.has(key);
      let seenCount = 0;
      for (const one of waiting) {
        if (batch.length === sizeMax) break;
        seenCount += 1;
        if (one.isAnswered() || one.deadlineMs <= nowMs) continue;
        const keys = busyKeys.size === 0 ? [] : keysOf(one.command);
        if (keys.every(isFree)) {
          batch.push(one);
        } else {
          staying.push(one);
          for (const key of keys) keysOfStaying.add(key);
        }
      }
      waiting = [...staying, ...waiting.slice(seenCount)];
      return batch;
    },
    /** Marks the keys of a batch as busy. Returns the function that frees them. */
    lockKeys(batch: readonly PendingCall<C, R>[]): () => void {
      const keys = batch.flatMap((one) => keysOf(one.command));
      for (const key of keys) busyKeys.add(key);
      return () => {
        for (const key of keys) busyKeys.delete(key);
      };
    },
  };
};

/**
 * Groups commands into batches. While a batch runs, arriving commands wait and form the next one. When no
 * batch runs, a command starts one at once, without a timer.
 */
export const batcher = <C, R>(options: BatcherOptions<C, R>): Batcher<C, R> => {
  const { besideMin = Number.POSITIVE_INFINITY } = options;
  const waiting = waitingList(options);
  let runningCount = 0;
  let planned = false;
  const unanswered = pendingCalls<C, R>(options);

  const mayStart = (): boolean =>
    runningCount === 0 ? waiting.count() > 0 : runningCount === 1 && waiting.count() >= besideMin;

  const runBatch = async (batch: readonly PendingCall<C, R>[]): Promise<void> => {
    const unlockKeys = waiting.lockKeys(batch);
    runningCount += 1;
    try {
      await options.run(batch);
    } catch (error) {
      for (const one of batch) one.reject(error);
    } finally {
      runningCount -= 1;
      unlockKeys();
    }
    startBatches();
  };

  const sizeOfNext = (): number => {
    const inHalves = runningCount === 0 && waiting.count() >= 2 * besideMin;
    return Math.min(options.sizeMax, inHalves ? Math.ceil(waiting.count() / 2) : options.sizeMax);
  };

  const startBatches = (): void => {
    while (mayStart()) {
      const batch = waiting.take(sizeOfNext());
      if (batch.length === 0) return;
      void runBatch(batch);
    }
  };

  const plan = (): void => {
    if (planned || !mayStart()) return;
    planned = true;
    // Commands that are submitted in the same turn of the event loop share the first batch.
    queueMicrotask(() => {
      planned = false;
      startBatches();
    });
  };

  return {
    submit(command) {
      if (unanswered.isClosed()) return Promise.reject(new Unavailable("shutting down"));
      if (waiting.count() >= options.waitingMax) {
        return Promise.reject(new Unavailable("too many requests wait"));
      }
      const { call, answer } = unanswered.add(command);
      waiting.add(call);
      plan();
      return answer;
    },
    close: () => unanswered.close(),
  };
};
