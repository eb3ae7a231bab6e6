import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { PlaceMark } from "#kernel/place.ts";
import type { QueueSnapshot, PlaceStatus } from "./queue-store.ts";

/** Somebody's place, as his token names it. */
export interface AskedPlace extends PlaceMark {
  readonly userId: UserId;
}

/** A queue at one moment, and where each of the places in question stands in it, in their order. */
export interface PlacesSnapshot extends Omit<QueueSnapshot, "placeStatus"> {
  readonly placeStatuses: readonly PlaceStatus[];
}

/** Looks after many people of one line at once. */
export interface Lookout {
  /**
   * `QueueStore.look` for all of them, with all that it does to them, in one atomic step and one round
   * trip; for nobody, the queue's figures alone. O(n · log of the queue): the caller bounds how many it
   * asks about, because nobody else is served meanwhile. Throws Unavailable.
   */
  look(concertId: ConcertId, places: readonly AskedPlace[]): Promise<PlacesSnapshot>;
}
