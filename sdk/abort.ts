/** A signal and the function that aborts it. */
export interface AbortLink {
  readonly signal: AbortSignal;
  abort(): void;
}

/**
 * Creates a signal that aborts with the first of `outer`, or after `limitMs` (0: no limit). It replaces
 * `AbortSignal.any` and `AbortSignal.timeout`, which iOS lacks before 17.4.
 */
export const linkAbort = (
  outer: readonly (AbortSignal | undefined)[] = [],
  limitMs = 0,
): AbortLink => {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const abort = (): void => {
    clearTimeout(timer);
    for (const signal of outer) signal?.removeEventListener("abort", abort);
    controller.abort();
  };
  for (const signal of outer) signal?.addEventListener("abort", abort);
  if (limitMs > 0) timer = setTimeout(abort, limitMs);
  if (outer.some((signal) => signal?.aborted)) abort();
  return { signal: controller.signal, abort };
};
