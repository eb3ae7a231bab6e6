import type { InstantMs } from "#kernel/instant.ts";
import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { EndedPlace } from "../../admission/ports/endings.ts";
import type { JournalEntry } from "../../admission/ports/journal.ts";

/** The records in the database of a user's places in one queue. */
export interface PlaceRecords {
  /** Oldest first; at most `entriesMax`, the newest ones. */
  readonly entries: readonly Omit<JournalEntry, "n" | "userId">[];
  /** The newest place of the user that has ended; known also when the journal has no entry for it. */
  readonly ended: (EndedPlace & { readonly atMs: InstantMs | null }) | null;
}

/** Times of recently admitted users, in seconds. Null: there are none. */
export interface TurnTimes {
  readonly waitSeconds: { readonly p50: number; readonly p90: number; readonly p99: number } | null;
  /** The mean time from an admission to its end, of recently ended turns. */
  readonly turnSeconds: number | null;
}

/** Reads the queue's journal. Every method throws Unavailable while the database is unreachable. */
export interface History {
  /** Returns the records of a user's places. */
  placesOf(concertId: ConcertId, userId: UserId, entriesMax: number): Promise<PlaceRecords>;
  /**
   * Returns when the place with that number of an epoch was issued, exact to one second: the time of the
   * first sample whose counter has reached the number. Returns null when there is no such sample.
   */
  joinedAtMs(concertId: ConcertId, epoch: number, number: number): Promise<InstantMs | null>;
  /** Measures a sample of the newest entries. The wait of a lobby's users starts at `drawnAtMs`. */
  turnTimes(concertId: ConcertId, drawnAtMs: InstantMs | null): Promise<TurnTimes>;
}

/** Reads in which queues a user was. */
export interface QueuesOfUser {
  /**
   * The concerts in whose queues a place of the user is recorded: those where one has ended, and of `running` those whose
   * journal has the user. Newest concerts first, at most `limit`. Throws Unavailable.
   */
  concertsOf(
    userId: UserId,
    running: readonly ConcertId[],
    limit: number,
  ): Promise<readonly ConcertId[]>;
}
