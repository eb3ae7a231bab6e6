import type { InstantMs } from "#kernel/instant.ts";
import type { ConcertId } from "#kernel/ids.ts";
import type { ChartSpan, Tide } from "../domain/tide.ts";

/** How lines stood over time, in the database. Every method throws Unavailable while it is away. */
export interface Tides {
  /** Keeps a tide; when there is one of that second, that one stays. */
  write(concertId: ConcertId, tide: Tide): Promise<void>;
  /** The first and the last tide of each epoch, oldest first. Two rows an epoch. */
  ends(concertId: ConcertId): Promise<readonly Tide[]>;
  /** The last tide of each step from `fromMs` on, and the last one before it; oldest first. */
  steps(concertId: ConcertId, span: Pick<ChartSpan, "fromMs" | "stepMs">): Promise<readonly Tide[]>;
  /** Removes some of the tides from before that moment; "more": call again. */
  forgetBefore(atMs: InstantMs): Promise<"more" | "done">;
}
