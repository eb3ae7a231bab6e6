import type { InstantMs } from "#kernel/instant.ts";
import type { ConcertId } from "#kernel/ids.ts";
import type { ChartSpan, QueueSample } from "../domain/queue-sample.ts";

/** The samples of all queues in the database. Every method throws Unavailable while it is unreachable. */
export interface QueueSamples {
  /** Stores a sample, unless there is already one of the same second. */
  write(concertId: ConcertId, sample: QueueSample): Promise<void>;
  /** Returns the first and the last sample of each epoch, oldest first. Cost: two rows an epoch. */
  firstAndLast(concertId: ConcertId): Promise<readonly QueueSample[]>;
  /** Returns the last sample before `fromMs` and the last one of each step after it, oldest first. */
  lastOfEachStep(
    concertId: ConcertId,
    span: Pick<ChartSpan, "fromMs" | "stepMs">,
  ): Promise<readonly QueueSample[]>;
  /** Deletes a batch of the samples before `atMs`. "more": call again. */
  deleteBefore(atMs: InstantMs): Promise<"more" | "done">;
}
