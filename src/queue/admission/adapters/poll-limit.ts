import type { QueueClaims } from "#kernel/place.ts";

/** Limits how often a place may poll one instance. */
export interface PollLimit {
  /** Counts a poll. False once the place polls too often, until the second is over. */
  allows(place: Pick<QueueClaims, "concertId" | "placeId">): boolean;
}

const windowMs = 1_000;
/** No user is told to poll more than 4 times a second; two tabs that retry stay far below this. */
export const pollsAllowed = 100;
/** A hundred polls do no harm beside thousands of others. A larger share of an instance is too much for one place. */
export const shareAllowed = 1 / 8;
/** In a crowd an eighth is too much. This is five times the highest rate that the server tells. */
export const pollsAllowedInCrowd = 20;

/**
 * Refuses a place that floods the instance, and no place that only polls more often than it was told. Within
 * a second a place is refused when
 * - it has polled 100 times, and that is more than an eighth of all polls of this instance
 * - it has polled 20 times, while `isCrowded`
 *
 * Keeps only the places of the current second. Cost: below 1 µs a poll.
 */
export const pollLimit = (options: {
  readonly monotonicMs: () => number;
  readonly isCrowded: () => boolean;
}): PollLimit => {
  let polled = new Map<string, Map<string, number>>();
  let total = 0;
  let endsAtMs = -Infinity;

  const begin = (nowMs: number): void => {
    polled = new Map();
    total = 0;
    endsAtMs = nowMs + windowMs;
  };

  const count = (concertId: string, placeId: string): number => {
    const ofConcert = polled.get(concertId) ?? new Map<string, number>();
    const polls = (ofConcert.get(placeId) ?? 0) + 1;
    ofConcert.set(placeId, polls);
    polled.set(concertId, ofConcert);
    total += 1;
    return polls;
  };

  return {
    allows({ concertId, placeId }) {
      const nowMs = options.monotonicMs();
      if (nowMs >= endsAtMs) begin(nowMs);
      const polls = count(concertId, placeId);
      if (polls <= pollsAllowedInCrowd) return true;
      if (options.isCrowded()) return false;
      return polls <= pollsAllowed || polls <= total * shareAllowed;
    },
  };
};
