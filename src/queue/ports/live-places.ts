import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { DrawnRank, LivePlace } from "../domain/place-history.ts";

/** Where a place is in the queue's store, which knows of no schedule: in a lobby one waits like in a queue. */
export type FoundPlace = Exclude<LivePlace, { kind: "lobby" }>;

/** Looks where a user's live place is, for somebody else: it counts as no asking of his and changes nothing. */
export interface LivePlaces {
  /** One step of the queue's store, O(log n). Throws Unavailable while it is away. */
  peek(concertId: ConcertId, userId: UserId): Promise<FoundPlace>;
}

/** What a lottery gave to whom. */
export interface DrawnRanks {
  /** Null before the draw, and of a user who was not drawn. Throws Unavailable. */
  find(concertId: ConcertId, userId: UserId): Promise<DrawnRank | null>;
}
