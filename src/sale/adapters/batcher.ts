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
    for (const one of due) one.reject(new Unavailable("not decided in time"));
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
  let waiting: Pending<C, R>[] = [];
  let running = false;
  let closed = false;

  const takeBatch = (): Pending<C, R>[] => {
    const batch = waiting.slice(0, options.sizeMax);
    waiting = waiting.slice(options.sizeMax);
    const nowMs = monotonicMs();
    return batch.filter((one) => !one.isSettled() && one.deadlineMs > nowMs);
  };

  const runBatches = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = takeBatch();
      if (batch.length === 0) continue;
      try {
        await options.run(batch);
      } catch (error) {
        for (const one of batch) one.reject(error);
      }
    }
    running = false;
  };

  const enqueue = (command: C): Promise<R> =>
    new Promise<R>((resolve, reject) => {
      const arrivedAtMs = monotonicMs();
      const times = { arrivedAtMs, deadlineMs: arrivedAtMs + options.deadlineMs };
      const pending = makePending<C, R>(command, times, { resolve, reject });
      waiting.push(pending);
      watch(pending);
      if (running) return;
      running = true;
      // Commands that arrive in the same turn share the first batch.
      queueMicrotask(() => void runBatches());
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
