import type { ConcertId } from "#kernel/ids.ts";
import type { PassReport } from "./queue-store.ts";

/** Receives the events of the queues, for metrics. Must not throw. */
export interface QueueObserver {
  /** A user has joined: with a new place, or with the live one that the user had. */
  joined(concertId: ConcertId, isNew: boolean): void;
  polled(concertId: ConcertId): void;
  /** A poll was refused, because the place polls too often. */
  rateLimited(concertId: ConcertId): void;
  left(concertId: ConcertId): void;
  admissionPassed(concertId: ConcertId, report: PassReport, tookMs: number): void;
  /** The passes of one tick failed; the next tick retries. */
  passFailed(concertId: ConcertId): void;
}
