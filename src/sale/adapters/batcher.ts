import { Unavailable } from "#kernel/trouble.ts";

/** A command that waits for its answer. */
export interface Pending<C, R> {
  readonly command: C;
  readonly arrivedAtMs: number;
  /** When it is answered Unavailable by itself. */
  readonly deadlineMs: number;
  /** Whether it has been answered; a second answer is ignored. */
  isSettled(): boolean;
  resolve(outcome: R): void;
  reject(error: unknown): void;
}

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
  /** A second batch starts beside the one that runs only when so many commands wait. */
  readonly besideMin?: number;
  /** Settles the commands, or sees to it that somebody does; what it throws settles the rest. */
  run(batch: readonly Pending<C, R>[]): Promise<void>;
}

export interface Batcher<C, R> {
  submit(command: C): Promise<R>;
  /** Refuses what comes from now on, and resolves when everything that came has been answered. */
  close(): Promise<void>;
}

const makePending = <C, R>(
  command: C,
  times: { readonly arrivedAtMs: number; readonly deadlineMs: number },
  settle: { resolve(outcome: R): void; reject(error: unknown): void },
): Pending<C, R> => {
  let settled = false;
  const once =
    <V>(answer: (value: V) => void) =>
    (value: V): void => {
      if (settled) return;
      settled = true;
      answer(value);
    };
  return {
    command,
    ...times,
    isSettled: () => settled,
    resolve: once(settle.resolve),
    reject: once(settle.reject),
  };
};

/** Rejects each command at its deadline; one timer, because deadlines come in the order of arrival. */
const deadlineWatch = <C, R>(monotonicMs: () => number) => {
  let open: Pending<C, R>[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  const ring = (): void => {
    timer = undefined;
    const nowMs = monotonicMs();
    const left = open.findIndex((one) => !one.isSettled() && one.deadlineMs > nowMs);
    const due = left === -1 ? open : open.slice(0, left);
    open = left === -1 ? [] : open.slice(left).filter((one) => !one.isSettled());
    // Nearly all of them are settled; an error for each would cost more than deciding it did.
    for (const one of due) if (!one.isSettled()) one.reject(new Unavailable("not decided in time"));
    arm();
  };
  const arm = (): void => {
    const first = open[0];
    if (timer !== undefined || first === undefined) return;
    timer = setTimeout(ring, Math.max(1, first.deadlineMs - monotonicMs()));
    timer.unref();
  };
  return (pending: Pending<C, R>): void => {
    open.push(pending);
    arm();
  };
};

/**
 * Gathers commands into batches that form by themselves: while one runs, arrivals gather; a lone command
 * on an idle gatherer goes at once. Needs no store and knows nothing of the commands.
 */
export const batcher = <C, R>(options: BatcherOptions<C, R>): Batcher<C, R> => {
  const { monotonicMs } = options;
  const watch = deadlineWatch<C, R>(monotonicMs);
  const open = new Set<Promise<unknown>>();
  /** Keys of the batches that run. */
  const busyKeys = new Set<string>();
  const keysOf = options.keysOf ?? (() => []);
  const besideMin = options.besideMin ?? Number.POSITIVE_INFINITY;
  let waiting: Pending<C, R>[] = [];
  let runningCount = 0;
  let planned = false;
  let closed = false;

  /** The next batch in the order of arrival; who is in the way of a running one stays where he is. */
  const takeBatch = (): Pending<C, R>[] => {
    const nowMs = monotonicMs();
    const batch: Pending<C, R>[] = [];
    const left: Pending<C, R>[] = [];
    const keysOfLeft = new Set<string>();
    const isFree = (key: string): boolean => !busyKeys.has(key) && !keysOfLeft.has(key);
    let seen = 0;
    for (const one of waiting) {
      if (batch.length === options.sizeMax) break;
      seen += 1;
      if (one.isSettled() || one.deadlineMs <= nowMs) continue;
      const keys = runningCount === 0 ? [] : keysOf(one.command);
      if (keys.every(isFree)) {
        batch.push(one);
      } else {
        left.push(one);
        for (const key of keys) keysOfLeft.add(key);
      }
    }
    waiting = [...left, ...waiting.slice(seen)];
    return batch;
  };

  const runBatch = async (batch: readonly Pending<C, R>[]): Promise<void> => {
    const keys = batch.flatMap((one) => keysOf(one.command));
    for (const key of keys) busyKeys.add(key);
    runningCount += 1;
    try {
      await options.run(batch);
    } catch (error) {
      for (const one of batch) one.reject(error);
    } finally {
      runningCount -= 1;
      for (const key of keys) busyKeys.delete(key);
    }
    startBatches();
  };

  const startBatches = (): void => {
    while (waiting.length > 0 && (runningCount === 0 || mayGoBeside())) {
      const batch = takeBatch();
      if (batch.length === 0) return;
      void runBatch(batch);
    }
  };

  const mayGoBeside = (): boolean => runningCount === 1 && waiting.length >= besideMin;

  const plan = (): void => {
    if (planned || (runningCount > 0 && !mayGoBeside())) return;
    planned = true;
    // Commands that arrive in the same turn share the first batch.
    queueMicrotask(() => {
      planned = false;
      startBatches();
    });
  };

  const enqueue = (command: C): Promise<R> =>
    new Promise<R>((resolve, reject) => {
      const arrivedAtMs = monotonicMs();
      const times = { arrivedAtMs, deadlineMs: arrivedAtMs + options.deadlineMs };
      const pending = makePending<C, R>(command, times, { resolve, reject });
      waiting.push(pending);
      watch(pending);
      plan();
    });

  return {
    async submit(command) {
      if (closed) throw new Unavailable("shutting down");
      if (waiting.length >= options.waitingMax) throw new Unavailable("too many requests wait");
      const answer = enqueue(command);
      open.add(answer);
      try {
        return await answer;
      } finally {
        open.delete(answer);
      }
    },
    async close() {
      closed = true;
      await Promise.allSettled(open);
    },
  };
};
