import type { ConcertId } from "#kernel/ids.ts";
import type { PassReport } from "../../admission/ports/queue-store.ts";

/** The queues that recover, as far as the passes of this instance know. */
export interface RecoveringQueues {
  /** Takes in the report of a pass. */
  onPass(concertId: ConcertId, report: Pick<PassReport, "recovery">): void;
  /** By the last pass; false when that is more than 1 s ago, because nothing is known then. Asks no store. */
  isRecovering(concertId: ConcertId): boolean;
}

const ageMaxMs = 1_000;

export const recoveringQueues = (monotonicMs: () => number): RecoveringQueues => {
  /** Only queues that recover have an entry. */
  const seenAtMs = new Map<ConcertId, number>();
  return {
    onPass(concertId, { recovery }) {
      if (recovery === null) seenAtMs.delete(concertId);
      else seenAtMs.set(concertId, monotonicMs());
    },
    isRecovering(concertId) {
      const atMs = seenAtMs.get(concertId);
      return atMs !== undefined && monotonicMs() - atMs <= ageMaxMs;
    },
  };
};
