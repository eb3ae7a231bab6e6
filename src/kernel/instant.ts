/** A moment, in whole milliseconds since 1970-01-01T00:00:00Z. */
export type InstantMs = number;

/** The wall clock of this process. Rules that decide who owns what never use it: they take the store's. */
export interface Clock {
  nowMs(): InstantMs;
}

let last = { atMs: 0, text: new Date(0).toISOString() };

/** RFC 3339 in UTC with milliseconds, the only spelling of time that leaves the server. */
export const toRfc3339 = (atMs: InstantMs): string => {
  // A crowd is told the same moments.
  if (atMs !== last.atMs) last = { atMs, text: new Date(atMs).toISOString() };
  return last.text;
};
