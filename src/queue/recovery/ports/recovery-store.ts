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

/** Gives a queue back what its store has lost. Every method is one atomic step and throws Unavailable. */
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
   * - a place that was given in this epoch gives way to one of an older epoch, and has ended as LEFT
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
   * Brings a queue to what the database knows of some users. After the `last` page recovery may end. The
   * store keeps what is newer than the page, and everything after the `last` page.
   *
   * Returns the epoch in which it was done. Returns null, and does nothing, when `onlyEpoch` is given and is
   * not the current epoch: the store was lost again, with the pages before. Idempotent. Cost:
   * O(people · log n).
   */
  rebuild(
    concertId: ConcertId,
    people: readonly RecordedPlace[],
    last: boolean,
    onlyEpoch?: number | null,
  ): Promise<number | null>;
}
