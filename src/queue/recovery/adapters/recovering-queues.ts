import type { ConcertId } from "#kernel/ids.ts";
import type { PassReport } from "../../admission/ports/queue-store.ts";

/** The queues that recover, according to the passes of this instance. */
export interface RecoveringQueues {
  /** Records the report of a pass. */
  onPass(concertId: ConcertId, report: Pick<PassReport, "recovery">): void;
  /** Returns the last pass's report, or false if that is more than 1 s old. Reads only memory. */
  isRecovering(concertId: ConcertId): boolean;
}

const ageMaxMs = 1_000;

export const recoveringQueues = (monotonicMs: () => number): RecoveringQueues => {
  /** Only queues that recover have an entry. */
  const reportedAtMs = new Map<ConcertId, number>();
  return {
    onPass(concertId, { recovery }) {
      if (recovery === null) reportedAtMs.delete(concertId);
      else reportedAtMs.set(concertId, monotonicMs());
    },
    isRecovering(concertId) {
      const atMs = reportedAtMs.get(concertId);
      return atMs !== undefined && monotonicMs() - atMs <= ageMaxMs;
    },
  };
};
