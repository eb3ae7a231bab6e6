import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { RecordedPlace } from "../domain/recorded-place.ts";

/** The newest place of each user that the database knows. It knows none of a user who has only waited. */
export interface RecordedPlaces {
  /**
   * A page of them by user id, from the first one after `after` on. Fewer than `countMax`: the last page.
   * Throws Unavailable.
   */
  page(
    concertId: ConcertId,
    after: UserId | null,
    countMax: number,
  ): Promise<readonly RecordedPlace[]>;
}
