import type { ConcertId } from "#kernel/ids.ts";
import type { PassReport } from "./queue-store.ts";

/** Hears what the queue does, for metrics. Must not throw. */
export interface QueueObserver {
  /** A place was given (`fresh`), or found again. */
  joined(concertId: ConcertId, fresh: boolean): void;
  polled(concertId: ConcertId): void;
  /** A place was asked about so often that it was not answered. */
  rateLimited(concertId: ConcertId): void;
  left(concertId: ConcertId): void;
  admissionPassed(concertId: ConcertId, report: PassReport, tookMs: number): void;
  /** A tick of a queue failed; the next one tries again. */
  passFailed(concertId: ConcertId): void;
}
