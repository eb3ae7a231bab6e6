import type { InstantMs } from "#kernel/instant.ts";
import type { ConcertId } from "#kernel/ids.ts";
import type { ChartSpan, QueueSample } from "../domain/queue-sample.ts";

/** How queues stood over time, in the database. Every method throws Unavailable while it is away. */
export interface QueueSamples {
  /** Keeps a sample; when there is one of that second, that one stays. */
  write(concertId: ConcertId, sample: QueueSample): Promise<void>;
  /** The first and the last sample of each epoch, oldest first. Two rows an epoch. */
  firstAndLast(concertId: ConcertId): Promise<readonly QueueSample[]>;
  /** The last sample of each step from `fromMs` on, and the last one before it; oldest first. */
  lastOfEachStep(
    concertId: ConcertId,
    span: Pick<ChartSpan, "fromMs" | "stepMs">,
  ): Promise<readonly QueueSample[]>;
  /** Removes some of the samples from before that moment; "more": call again. */
  deleteBefore(atMs: InstantMs): Promise<"more" | "done">;
}
