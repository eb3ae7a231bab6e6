import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { EndedReason, PlaceMark } from "#kernel/place.ts";

/** The furthest place of a buyer that has ended, as the database knows it. */
export interface EndedPlace extends PlaceMark {
  readonly reason: EndedReason;
}

/** The ends of places in the database. Every method throws Unavailable. */
export interface Endings {
  find(concertId: ConcertId, userId: UserId): Promise<EndedPlace | null>;
  /**
   * Ends a place for good and cancels the reservation held under it, in one transaction. Does not end a
   * newer place. Idempotent.
   */
  leave(concertId: ConcertId, userId: UserId, place: PlaceMark): Promise<void>;
}
