import { Unavailable } from "#kernel/unavailable.ts";
import { deadlines } from "#platform/deadlines.ts";
import { makePending, type Pending } from "./pending.ts";

export interface BatcherOptions<C, R> {
  /** Commands in one batch. */
  readonly sizeMax: number;
  /** Commands that wait for a batch; one more is refused at once. */
  readonly waitingMax: number;
  /** From arrival to the answer Unavailable, whatever happens. */
  readonly deadlineMs: number;
  monotonicMs(): number;
  /**
   * What a command has to itself while its batch runs: two commands with a key in common are never in
   * two batches at a time, and go in the order of their arrival. None: every command goes with any.
   */
  keysOf?(command: C): readonly string[];
  /**
   * A second batch starts beside the one that runs only when so many commands wait; when twice as many
   * wait for an idle gatherer, they go as two halves. Never two when left out.
   */
  readonly besideMin?: number;
  /** Settles the commands, or sees to it that somebody does; what it throws settles the rest. */
  run(batch: readonly Pending<C, R>[]): Promise<void>;
}

export interface Batcher<C, R> {
  submit(command: C): Promise<R>;
  /** Refuses what comes from now on, and resolves when everything that came has been answered. */
  close(): Promise<void>;
}

/** Those who wait, in the order of arrival, and the keys that running batches have. */
const waitingList = <C, R>(options: BatcherOptions<C, R>) => {
  const keysOf = options.keysOf ?? (() => []);
  const busyKeys = new Set<string>();
  let waiting: Pending<C, R>[] = [];

  return {
    count: () => waiting.length,
    add: (one: Pending<C, R>) => void waiting.push(one),
    /** The next batch; who is in the way of a running one, or of somebody left, stays where he is. */
    take(sizeMax: number): Pending<C, R>[] {
      const nowMs = options.monotonicMs();
      const batch: Pending<C, R>[] = [];
      const left: Pending<C, R>[] = [];
      const keysOfLeft = new Set<string>();
      const isFree = (key: string): boolean => !busyKeys.has(key) && !keysOfLeft.has(key);
      let seenCount = 0;
      for (const one of waiting) {
        if (batch.length === sizeMax) break;
        seenCount += 1;
        if (one.isSettled() || one.deadlineMs <= nowMs) continue;
        const keys = busyKeys.size === 0 ? [] : keysOf(one.command);
        if (keys.every(isFree)) {
          batch.push(one);
        } else {
          left.push(one);
          for (const key of keys) keysOfLeft.add(key);
        }
      }
      waiting = [...left, ...waiting.slice(seenCount)];
      return batch;
    },
    /** Keeps the keys of a batch from others; answers how to give them back. */
    occupy(batch: readonly Pending<C, R>[]): () => void {
      const keys = batch.flatMap((one) => keysOf(one.command));
      for (const key of keys) busyKeys.add(key);
      return () => {
        for (const key of keys) busyKeys.delete(key);
      };
    },
  };
};

/** Everybody who has no answer yet: those who wait for a batch, and those whose batch runs. */
const answersOwed = <C, R>(options: BatcherOptions<C, R>) => {
  const open = deadlines<Pending<C, R>>({
    afterMs: options.deadlineMs,
    nowMs: options.monotonicMs,
    onLate: (late) => late.reject(new Unavailable("not decided in time")),
  });
  const settled = Promise.withResolvers<void>();
  let isClosed = false;

  return {
    isClosed: () => isClosed,
    owe(command: C): { pending: Pending<C, R>; answer: Promise<R> } {
      const { promise: answer, resolve, reject } = Promise.withResolvers<R>();
      const arrivedAtMs = options.monotonicMs();
      const times = { arrivedAtMs, deadlineMs: arrivedAtMs + options.deadlineMs };
      const pending = makePending<C, R>(command, times, { resolve, reject }, () => {
        open.done(wait);
        if (isClosed && open.count() === 0) settled.resolve();
      });
      const wait = open.add(pending);
      return { pending, answer };
    },
    /** From when on nobody comes any more. */
    close(): Promise<void> {
      isClosed = true;
      if (open.count() === 0) settled.resolve();
      return settled.promise;
    },
  };
};

/**
 * Gathers commands into batches that form by themselves: while one runs, arrivals gather; a lone command
 * on an idle gatherer goes at once. Needs no store and knows nothing of the commands.
 */
export const batcher = <C, R>(options: BatcherOptions<C, R>): Batcher<C, R> => {
  const { besideMin = Number.POSITIVE_INFINITY } = options;
  const waiting = waitingList(options);
  let runningCount = 0;
  let planned = false;
  const owed = answersOwed(options);

  const mayStart = (): boolean =>
    runningCount === 0 ? waiting.count() > 0 : runningCount === 1 && waiting.count() >= besideMin;

  const runBatch = async (batch: readonly Pending<C, R>[]): Promise<void> => {
    const leave = waiting.occupy(batch);
    runningCount += 1;
    try {
      await options.run(batch);
    } catch (error) {
      for (const one of batch) one.reject(error);
    } finally {
      runningCount -= 1;
      leave();
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
    // Commands that arrive in the same turn share the first batch.
    queueMicrotask(() => {
      planned = false;
      startBatches();
    });
  };

  return {
    submit(command) {
      if (owed.isClosed()) return Promise.reject(new Unavailable("shutting down"));
      if (waiting.count() >= options.waitingMax) {
        return Promise.reject(new Unavailable("too many requests wait"));
      }
      const { pending, answer } = owed.owe(command);
      waiting.add(pending);
      plan();
      return answer;
    },
    close: () => owed.close(),
  };
};
