import type { ConcertId } from "#kernel/ids.ts";
import type { PassReport } from "../ports/line-store.ts";

/** Which lines wait for their people, as the passes of this instance have found them. */
export interface Recoveries {
  /** Takes in what a pass has found. */
  note(concertId: ConcertId, recovery: PassReport["recovery"]): void;
  /** By the last pass, unless that is more than a second ago: then nobody knows. Asks no store. */
  isRunning(concertId: ConcertId): boolean;
}

const ageMaxMs = 1_000;

/** A memory of the lines that wait for their people, and of no others. */
export const recoveries = (monotonicMs: () => number): Recoveries => {
  const seenAtMs = new Map<ConcertId, number>();
  return {
    note(concertId, recovery) {
      if (recovery === null) seenAtMs.delete(concertId);
      else seenAtMs.set(concertId, monotonicMs());
    },
    isRunning(concertId) {
      const atMs = seenAtMs.get(concertId);
      return atMs !== undefined && monotonicMs() - atMs <= ageMaxMs;
    },
  };
};
