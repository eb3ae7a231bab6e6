import type { QueueClaims } from "#kernel/place.ts";

/** How often the owner of a place may ask an instance where it stands. */
export interface PollLimit {
  /** Counts a question; false once the place hammers, until the second is over. */
  allows(place: Pick<QueueClaims, "concertId" | "placeId">): boolean;
}

const windowMs = 1_000;
/** Nobody is told to ask more than 4 times a second; two tabs that try again stay far below. */
export const pollsAllowed = 100;
/** A hundred questions harm nobody where others ask thousands; more of an instance is not one place's. */
export const shareAllowed = 1 / 8;
/** In a crowd an eighth is too much: five times as often as the most impatient is told is enough. */
export const pollsAllowedInCrowd = 20;

/**
 * A limit that turns away who hammers, and nobody who only asks more often than he was told: within a
 * second, a place is refused when it has asked 100 times and that is more than an eighth of all that
 * was asked of this instance; while `isCrowded`, when it has asked 20 times.
 *
 * Remembers only who has asked in this second: as many as an instance can answer in it. Below 1 µs.
 */
export const pollLimit = (options: {
  readonly monotonicMs: () => number;
  readonly isCrowded: () => boolean;
}): PollLimit => {
  let asked = new Map<string, Map<string, number>>();
  let total = 0;
  let endsAtMs = -Infinity;

  const begin = (nowMs: number): void => {
    asked = new Map();
    total = 0;
    endsAtMs = nowMs + windowMs;
  };

  const count = (concertId: string, placeId: string): number => {
    const ofConcert = asked.get(concertId) ?? new Map<string, number>();
    const polls = (ofConcert.get(placeId) ?? 0) + 1;
    ofConcert.set(placeId, polls);
    asked.set(concertId, ofConcert);
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
