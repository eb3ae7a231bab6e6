/** How long to wait before trying again, and for how long to go on trying. */
export interface Patience {
  /** Tries in all, the first one included. */
  readonly triesMax: number;
  /** The first wait is up to this; each later one up to twice the one before. */
  readonly firstWaitMs: number;
  readonly waitMsMax: number;
}

export const defaultPatience: Patience = { triesMax: 5, firstWaitMs: 400, waitMsMax: 10_000 };

/**
 * The wait after the try of this number (from 1), in ms. With `retryAfterMs` from the server it is that
 * and up to a quarter (at most 2 s) more; without, anything up to an exponentially growing bound. `chance` is 0 to 1,
 * evenly spread, so that people who were turned away together do not come back together.
 */
export const waitMs = (
  patience: Patience,
  tries: number,
  retryAfterMs: number | null,
  chance: number,
): number => {
  if (retryAfterMs !== null) return retryAfterMs + Math.min(2_000, retryAfterMs / 4 + 250) * chance;
  const bound = Math.min(patience.waitMsMax, patience.firstWaitMs * 2 ** Math.min(tries - 1, 16));
  return bound / 4 + (bound * 3 * chance) / 4;
};

/** A Retry-After header in ms: seconds or a date; null when there is none that can be read. */
export const retryAfterMs = (header: string | null, nowMs: number): number | null => {
  if (header === null || header.trim() === "") return null;
  const seconds = Number(header);
  const ms = Number.isNaN(seconds) ? Date.parse(header) - nowMs : seconds * 1_000;
  return Number.isNaN(ms) ? null : Math.max(0, ms);
};

/** Resolves after `ms`, or at once when the signal is aborted: callers look at the signal. */
export const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done);
  });
