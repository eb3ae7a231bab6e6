import type { MaybePromise } from "#kernel/maybe-promise.ts";
import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { SeatMap } from "../domain/seat-map.ts";

/** The seat maps of one concert, and the moment for which to judge whether a hold has lapsed. */
export interface SeatMaps {
  /** By date; empty for a concert that does not exist. */
  readonly shows: readonly SeatMap[];
  /** The database's clock now, as this instance estimates it, in ms. */
  readonly nowMs: InstantMs;
}

/** The seat maps that this instance keeps in memory. */
export interface SeatMapCache {
  /**
   * The seat maps of a concert, at most 1 s old; at once when none must be read. Throws Unavailable.
   *
   * Cost: at most one database read a concert at a time, however many callers ask.
   */
  get(concertId: ConcertId): MaybePromise<SeatMaps>;
  /** The last seat maps of any age, or null when none was loaded yet. A guess; asks no store. */
  peek(concertId: ConcertId): SeatMaps | null;
}

/** Some seats of one show, by number. */
export interface SeatSet {
  readonly concertId: ConcertId;
  readonly date: string;
  readonly seatNumbers: readonly number[];
}

/** The committed state of single seats, past the cache. */
export interface TakenSeats {
  /**
   * The numbers of those seats that are taken: SOLD, BLOCKED, or HELD and not lapsed. A release that was answered before
   * the call is known, and so is the end of a hold. A release that has no answer yet may be missed for up to 10 ms after
   * its commit. Takes no lock, so a seat that is not listed may be taken a moment later. Answers at once when a read of
   * the last moment has shown all seats as taken. Throws Unavailable.
   */
  find(seats: SeatSet): MaybePromise<readonly number[]>;
}
