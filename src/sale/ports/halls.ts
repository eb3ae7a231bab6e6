import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { HallShow } from "../domain/hall.ts";

/** Seats of one show, by number. */
export interface SeatSet {
  readonly concertId: ConcertId;
  readonly date: string;
  readonly seatNumbers: readonly number[];
}

/** The seats of a concert as they were at most 1 s ago, with the moment for which to judge lapses. */
export interface HallView {
  /** By date; none for a concert that does not exist. */
  readonly shows: readonly HallShow[];
  /** The database's clock now, as far as this instance can tell. */
  readonly nowMs: InstantMs;
}

export interface Halls {
  /** One load a concert at a time, however many ask. Throws Unavailable. */
  look(concertId: ConcertId): Promise<HallView>;
  /** The last picture of any age, for guessing; null when there is none. */
  last(concertId: ConcertId): HallView | null;
  /**
   * Those of the seats that are HELD (and not lapsed) or SOLD now, by what is committed: never older
   * than the call. No lock is taken, so of a free seat it promises nothing. Throws Unavailable.
   */
  taken(seats: SeatSet): Promise<readonly number[]>;
}
