import { Unavailable } from "#kernel/unavailable.ts";
import { deadlines } from "./deadlines.ts";

/** A command that waits for its answer. */
export interface PendingCall<C, R> {
  readonly command: C;
  /** Monotonic, in ms; the call is answered Unavailable by itself then. */
  readonly deadlineMs: number;
  /** Whether it has its answer. A later answer is ignored. */
  isAnswered(): boolean;
  resolve(outcome: R): void;
  reject(error: unknown): void;
}

/** The calls that have no answer yet, each with the same time limit. */
export interface PendingCalls<C, R> {
  add(command: C): { readonly call: PendingCall<C, R>; readonly answer: Promise<R> };
  isClosed(): boolean;
  /** Resolves when every call has its answer. The caller adds none from now on. */
  close(): Promise<void>;
}

export const pendingCalls = <C, R>(options: {
  /** From `add` to the answer Unavailable, in ms. */
  readonly deadlineMs: number;
  monotonicMs(): number;
}): PendingCalls<C, R> => {
  const open = deadlines<PendingCall<C, R>>({
    afterMs: options.deadlineMs,
    nowMs: options.monotonicMs,
    onLate: (call) => call.reject(new Unavailable("not answered in time")),
  });
  const drained = Promise.withResolvers<void>();
  let closed = false;

  return {
    add(command) {
      const { promise: answer, resolve, reject } = Promise.withResolvers<R>();
      let answered = false;
      const once =
        <V>(settle: (value: V) => void) =>
        (value: V): void => {
          if (answered) return;
          answered = true;
          open.done(wait);
          if (closed && open.count() === 0) drained.resolve();
          settle(value);
        };
      const call: PendingCall<C, R> = {
        command,
        deadlineMs: options.monotonicMs() + options.deadlineMs,
        isAnswered: () => answered,
        resolve: once(resolve),
        reject: once(reject),
      };
      const wait = open.add(call);
      return { call, answer };
    },
    isClosed: () => closed,
    close() {
      closed = true;
      if (open.count() === 0) drained.resolve();
      return drained.promise;
    },
  };
};
