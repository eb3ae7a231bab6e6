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
  onSettled: () => void,
): Pending<C, R> => {
  let settled = false;
  const once =
    <V>(answer: (value: V) => void) =>
    (value: V): void => {
      if (settled) return;
      settled = true;
      onSettled();
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
