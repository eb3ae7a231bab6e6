import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { RecordedPlace } from "../domain/recorded-place.ts";
import type { RecordedPlaces } from "../ports/recorded-places.ts";
import type { RecoveryStore } from "../ports/recovery-store.ts";

export interface RebuildQueueDeps {
  readonly store: Pick<RecoveryStore, "rebuild">;
  readonly recorded: RecordedPlaces;
}

/** A larger page would block the store for more than a few ms. */
const pagePlaces = 500;

/**
 * Rebuilds a queue from the places that the database knows, page by page.
 *
 * Stops when the store has another epoch: the store was lost again, and the next pass starts again.
 *
 * Throws Unavailable. Cost: one statement and one step of the store for each 500 users.
 */
export const rebuildQueue =
  ({ store, recorded }: RebuildQueueDeps) =>
  async (concertId: ConcertId, epoch: number): Promise<void> => {
    for (let after: UserId | null = null; ;) {
      const people: readonly RecordedPlace[] = await recorded.page(concertId, after, pagePlaces);
      const isLast = people.length < pagePlaces;
      const done = await store.rebuild(concertId, people, isLast, epoch);
      if (isLast || done === null) return;
      after = people.at(-1)?.userId ?? null;
    }
  };
