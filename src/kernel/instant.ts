/** An instant, in whole milliseconds since 1970-01-01T00:00:00Z. */
export type InstantMs = number;

/** The wall clock of this process. Rules about ownership use the clock of the store instead. */
export interface Clock {
  nowMs(): InstantMs;
}

let last = { atMs: 0, text: new Date(0).toISOString() };

/** Formats an instant as RFC 3339 in UTC with milliseconds. Every answer uses this format. */
export const toRfc3339 = (atMs: InstantMs): string => {
  // Many answers contain the same instant, so the last text is kept.
  if (atMs !== last.atMs) last = { atMs, text: new Date(atMs).toISOString() };
  return last.text;
};
