/** A command that waits for its answer. */
export interface Pending<C, R> {
  readonly command: C;
  readonly arrivedAtMs: number;
  /** When the command is answered Unavailable if it has no answer yet. */
  readonly deadlineMs: number;
  isAnswered(): boolean;
  /** Answers with an outcome. Does nothing when the command has been answered. */
  resolve(outcome: R): void;
  /** Answers with an error. Does nothing when the command has been answered. */
  reject(error: unknown): void;
}

export const makePending = <C, R>(
  command: C,
  times: { readonly arrivedAtMs: number; readonly deadlineMs: number },
  answer: { resolve(outcome: R): void; reject(error: unknown): void },
  onAnswered: () => void,
): Pending<C, R> => {
  let answered = false;
  const once =
    <V>(pass: (value: V) => void) =>
    (value: V): void => {
      if (answered) return;
      answered = true;
      onAnswered();
      pass(value);
    };
  return {
    command,
    ...times,
    isAnswered: () => answered,
    resolve: once(answer.resolve),
    reject: once(answer.reject),
  };
};
