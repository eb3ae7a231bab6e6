import type { ConcertId } from "#kernel/ids.ts";
import type { PassReport } from "../ports/queue-store.ts";
import type { QueueSchedule } from "../ports/sales.ts";

type Pass = (schedule: QueueSchedule) => Promise<PassReport>;

/** Which queues wait for their people, as the passes of this instance have found them. */
export interface RecoveringQueues {
  /** The same pass, whose findings are taken in. */
  watch(pass: Pass): Pass;
  /** By the last pass, unless that is more than a second ago: then nobody knows. Asks no store. */
  isRunning(concertId: ConcertId): boolean;
}

const ageMaxMs = 1_000;

/** A memory of the queues that wait for their people, and of no others. */
export const recoveringQueues = (monotonicMs: () => number): RecoveringQueues => {
  const seenAtMs = new Map<ConcertId, number>();
  return {
    watch: (pass) => async (schedule) => {
      const report = await pass(schedule);
      if (report.recovery === null) seenAtMs.delete(schedule.concertId);
      else seenAtMs.set(schedule.concertId, monotonicMs());
      return report;
    },
    isRunning(concertId) {
      const atMs = seenAtMs.get(concertId);
      return atMs !== undefined && monotonicMs() - atMs <= ageMaxMs;
    },
  };
};
