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

export const makePending = <C, R>(
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
export const deadlineWatch = <C, R>(
  monotonicMs: () => number,
): ((pending: Pending<C, R>) => void) => {
  let open: Pending<C, R>[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  const ring = (): void => {
    timer = undefined;
    const nowMs = monotonicMs();
    for (const one of open) {
      if (one.deadlineMs > nowMs) break;
      one.reject(new Unavailable("not decided in time"));
    }
    open = open.filter((one) => !one.isSettled());
    arm();
  };
  const arm = (): void => {
    const first = open[0];
    if (timer !== undefined || first === undefined) return;
    timer = setTimeout(ring, Math.max(1, first.deadlineMs - monotonicMs()));
    timer.unref();
  };
  return (pending) => {
    open.push(pending);
    arm();
  };
};
