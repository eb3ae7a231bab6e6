import type { InstantMs } from "#kernel/instant.ts";
import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { EndedReason, PlaceMark } from "#kernel/place.ts";

/** One event of a place, as the store noted it. */
export interface JournalEntry extends PlaceMark {
  /** Rises within a concert and epoch. Concert, epoch and `n` identify the entry. */
  readonly n: number;
  readonly kind: "ADMITTED" | "STEPPED_OVER" | "RETURNED" | EndedReason;
  readonly userId: UserId;
  readonly atMs: InstantMs;
  /** For ADMITTED: when the slot lapses. */
  readonly activeUntilMs: InstantMs | null;
}

/** The journal of the queues in the database. */
export interface Journal {
  /**
   * Writes entries and raises the ended marks of their buyers, in one transaction. Skips entries that are
   * there already. Throws Unavailable.
   */
  write(concertId: ConcertId, queueEpoch: number, entries: readonly JournalEntry[]): Promise<void>;
}
