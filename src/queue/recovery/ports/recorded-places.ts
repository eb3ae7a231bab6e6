import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { RecordedPlace } from "../domain/recorded-place.ts";

/** The newest place of each user that the database knows. It has no place of a user who only waited. */
export interface RecordedPlaces {
  /**
   * Lists a page of places by user id, from the first user after `after` on.
   *
   * The last page has fewer than `countMax` places. Throws Unavailable. Cost: one statement.
   */
  page(
    concertId: ConcertId,
    after: UserId | null,
    countMax: number,
  ): Promise<readonly RecordedPlace[]>;
}
