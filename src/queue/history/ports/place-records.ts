import type { InstantMs } from "#kernel/instant.ts";
import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { EndedPlace } from "../../admission/ports/endings.ts";
import type { JournalEntry } from "../../admission/ports/journal.ts";

/** What the database has noted of a user's places in one line. */
export interface PlaceRecords {
  /** Oldest first; at most `entriesMax`, the newest ones. */
  readonly entries: readonly Omit<JournalEntry, "n" | "userId">[];
  /** The furthest place of his that has ended, also where the queue ended without noting everybody. */
  readonly ended: (EndedPlace & { readonly atMs: InstantMs | null }) | null;
}

/** How long people waited and stayed, of those who were admitted lately; null: nobody was. */
export interface TurnTimes {
  readonly waitSeconds: { readonly p50: number; readonly p90: number; readonly p99: number } | null;
  /** How long an admitted person kept the slot, on average, of the turns that ended lately. */
  readonly turnSeconds: number | null;
}

/** The queue's journal, read. Every method throws Unavailable while the database is away. */
export interface History {
  placesOf(concertId: ConcertId, userId: UserId, entriesMax: number): Promise<PlaceRecords>;
  /**
   * When the place with that number of an epoch was given, within a second: when the queue's counter was
   * first seen to have reached it. Null when that was not noted.
   */
  joinedAtMs(concertId: ConcertId, epoch: number, number: number): Promise<InstantMs | null>;
  /** From a sample of the newest entries; who stood in a lobby waits from `drawnAtMs` on. */
  turnTimes(concertId: ConcertId, drawnAtMs: InstantMs | null): Promise<TurnTimes>;
}
