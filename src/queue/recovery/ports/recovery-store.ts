import type { InstantMs } from "#kernel/instant.ts";
import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { PlaceMark } from "#kernel/place.ts";
import type { RecordedPlace } from "../domain/recorded-place.ts";

/** A place that the store may have lost. */
export interface LostPlace extends PlaceMark {
  /** The order of a place in a lottery's lobby. */
  readonly drawValue?: number | undefined;
  /** Before the draw no user knows a position, so a place gets its own order back until the lobby closes. */
  readonly isBeforeDraw?: boolean | undefined;
}

/** Restores places that the store has lost. Every method is one atomic step and throws Unavailable. */
export interface RecoveryStore {
  /**
   * Restores one place, unless the store knows it or a newer one of the user.
   *
   * - With `activeUntilMs` in the future: into its slot, until then.
   * - Otherwise, during recovery, or before the draw: into the queue at its own order.
   * - Otherwise: among the returned users, who are served first.
   *
   * During recovery two known places change all the same, because Redis may have loaded an old snapshot:
   * - a waiting place, or a slot whose session only the token knows, gets the slot that the token proves
   * - a place of an older epoch replaces one that was given in this epoch, which ends as LEFT
   *
   * Idempotent. Cost: O(log n).
   */
  restore(
    concertId: ConcertId,
    userId: UserId,
    place: LostPlace,
    activeUntilMs: InstantMs | null,
  ): Promise<void>;
  /**
   * Rebuilds the places of some users in a queue from the database. After the `last` page recovery may end.
   * The store keeps each place that is newer than the page, and all places after the `last` page.
   *
   * Returns null, and changes nothing, when `onlyEpoch` is given and is not the current epoch: the store was
   * lost again, with the pages before. Otherwise returns the current epoch.
   *
   * Idempotent. Cost: O(people · log n).
   */
  rebuild(
    concertId: ConcertId,
    people: readonly RecordedPlace[],
    last: boolean,
    onlyEpoch?: number | null,
  ): Promise<number | null>;
}
