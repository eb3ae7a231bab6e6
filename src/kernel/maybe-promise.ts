/**
 * A value that is there, or the promise of one that has to be fetched. `await` takes both, but even for a value that
 * is there it costs a turn of the microtask queue. Where each request of a crowd would pay for it, the caller awaits only
 * an `instanceof Promise`.
 */
export type MaybePromise<T> = T | Promise<T>;

/** Returns what `use` makes of the value: at once when the value is there, else its promise. */
export const whenThere = <T, Result>(
  value: MaybePromise<T>,
  use: (value: T) => MaybePromise<Result>,
): MaybePromise<Result> => (value instanceof Promise ? value.then(use) : use(value));
