import type { InstantMs } from "#kernel/instant.ts";
import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { EndedReason, PlaceMark } from "#kernel/place.ts";
import type { RecordedPlace } from "../domain/recorded-place.ts";

export interface JournalEntry extends PlaceMark {
  /** Rises within a concert and epoch; with them it names the entry, so writing it twice changes nothing. */
  readonly n: number;
  readonly kind: "ADMITTED" | "STEPPED_OVER" | "RETURNED" | EndedReason;
  readonly userId: UserId;
  readonly atMs: InstantMs;
  /** For ADMITTED: when the slot lapses. */
  readonly activeUntilMs: InstantMs | null;
}

/** The queue's history in the database. */
export interface Journal {
  /** Writes entries and raises the buyers' ended marks in one transaction; entries already there are skipped. */
  write(concertId: ConcertId, queueEpoch: number, entries: readonly JournalEntry[]): Promise<void>;
}

/** The highest place of a buyer that has ended, as the database knows it. */
export interface EndedPlace extends PlaceMark {
  readonly reason: EndedReason;
}

export interface Endings {
  find(concertId: ConcertId, userId: UserId): Promise<EndedPlace | null>;
  /**
   * Ends the place for good: the mark and the cancelling of a reservation held under it, in one
   * transaction. Idempotent; cannot end a newer place. Throws Unavailable.
   */
  leave(concertId: ConcertId, userId: UserId, place: PlaceMark): Promise<void>;
}

/** Which life of the queue's store is the current one. */
export interface EpochRecord {
  readonly epoch: number;
  readonly runId: string;
  /** Places may have been given, in this epoch or an older one: another life may have lost some. */
  readonly inUse: boolean;
}

/** The database's word on which life of the queue's store is the current one. All throw Unavailable. */
export interface Epochs {
  read(concertId: ConcertId): Promise<EpochRecord | null>;
  /** Sets epoch `from` + 1 (or 1 when there is none) if it is still `from`; answers what stands afterwards. */
  raise(concertId: ConcertId, from: number, runId: string): Promise<EpochRecord>;
  /** Notes for good that places are given, before the first one is. Idempotent. */
  markInUse(concertId: ConcertId): Promise<void>;
}

/** What became of people, as far as the database was told; of who only ever waited it knows nothing. */
export interface RecordedPlaces {
  /** By user id, from the first one after `after` on; fewer than `countMax`: that was the last page. */
  page(
    concertId: ConcertId,
    after: UserId | null,
    countMax: number,
  ): Promise<readonly RecordedPlace[]>;
}
