import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { PlaceMark } from "#kernel/place.ts";
import type { Sight, Standing } from "./line-store.ts";

/** Somebody's place, as his token names it. */
export interface AskedPlace extends PlaceMark {
  readonly userId: UserId;
}

/** A line at one moment, and where each of the places in question stands in it, in their order. */
export interface WideSight extends Omit<Sight, "standing"> {
  readonly standings: readonly Standing[];
}

/** Looks after many people of one line at once. */
export interface Lookout {
  /**
   * `LineStore.look` for all of them, with all that it does to them, in one atomic step and one round
   * trip; for nobody, the line's figures alone. O(n · log of the line): the caller bounds how many it
   * asks about, because nobody else is served meanwhile. Throws Unavailable.
   */
  look(concertId: ConcertId, places: readonly AskedPlace[]): Promise<WideSight>;
}
