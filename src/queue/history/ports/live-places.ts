import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { PlaceMark } from "#kernel/place.ts";
import type { FinalState } from "../../admission/domain/queue-state.ts";
import type { LivePlaceStatus } from "../../admission/domain/place-status.ts";

/** The last end of a queue, which may have gone on since. */
export interface QueueEnd {
  /** The furthest place that had been given. */
  readonly through: PlaceMark;
  readonly reason: FinalState;
}

/** The live place of a user, as the store has it. A place in a lobby is waiting there. */
export type PeekedPlace =
  | LivePlaceStatus
  /** The user was absent when the turn came, and has not returned. */
  | { readonly kind: "skipped"; readonly place: PlaceMark }
  /** The user has no live place. `queueEnd`: the places up to this one ended with the queue. */
  | { readonly kind: "absent"; readonly queueEnd?: QueueEnd };

/** Reads live places for an operator. */
export interface LivePlaces {
  /**
   * Reads a user's live place and changes nothing: unlike `QueueStore.getStatus`, it does not mark the user
   * as present. Throws Unavailable. Cost: one step of the store, O(log n).
   */
  peek(concertId: ConcertId, userId: UserId): Promise<PeekedPlace>;
}
