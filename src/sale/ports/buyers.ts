import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { PlaceMark } from "#kernel/place.ts";

/** What is committed of somebody in one concert. */
export interface BuyerView {
  /** The highest place of his that has ended; 0 and 0 when none has. */
  readonly ended: PlaceMark;
  /** Whether he has a reservation that is HELD, lapsed or not, or CONFIRMED. */
  readonly hasSeats: boolean;
}

export interface Buyers {
  /** Never older than the call; nothing is locked. Throws Unavailable. */
  look(userId: UserId, concertId: ConcertId): Promise<BuyerView>;
}
