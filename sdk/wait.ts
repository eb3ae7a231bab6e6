/** How often a client retries, and how long it waits in between. */
export interface RetryPolicy {
  /** Number of tries, with the first. */
  readonly triesMax: number;
  /** Upper bound of the first wait in ms; the bound doubles with each try. */
  readonly firstWaitMs: number;
  /** Upper bound of every wait in ms. */
  readonly waitMsMax: number;
}

export const defaultRetry: RetryPolicy = { triesMax: 5, firstWaitMs: 400, waitMsMax: 10_000 };

/**
 * Returns the wait in ms after the try with this number, from 1. With `retryAfterMs` of the server it is
 * that plus up to a quarter of it and 250 ms, at most 2 s. Without, it is 1/4 to 4/4 of a bound that
 * doubles. `random` is a number from 0 to 1 that spreads clients which were refused together.
 */
export const waitMs = (
  retry: RetryPolicy,
  tries: number,
  retryAfterMs: number | null,
  random: number,
): number => {
  if (retryAfterMs !== null) return retryAfterMs + Math.min(2_000, retryAfterMs / 4 + 250) * random;
  const bound = Math.min(retry.waitMsMax, retry.firstWaitMs * 2 ** Math.min(tries - 1, 16));
  return bound / 4 + (bound * 3 * random) / 4;
};

/** Reads a Retry-After header (seconds or a date) as ms; null when it is missing or malformed. */
export const retryAfterMs = (header: string | null, nowMs: number): number | null => {
  if (header === null || header.trim() === "") return null;
  const seconds = Number(header);
  const ms = Number.isNaN(seconds) ? Date.parse(header) - nowMs : seconds * 1_000;
  return Number.isNaN(ms) ? null : Math.max(0, ms);
};

/** Resolves after `ms`, at once for a time that is over, or when the signal aborts; callers check the signal afterwards. */
export const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, Math.max(0, ms));
    signal?.addEventListener("abort", done);
  });
