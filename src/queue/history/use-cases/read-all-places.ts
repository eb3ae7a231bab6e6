import type { ConcertId, UserId } from "#kernel/ids.ts";
import { ifUnavailable } from "#kernel/unavailable.ts";
import type { Sales } from "../../admission/ports/sales.ts";
import type { PlaceHistory } from "../domain/place-history.ts";
import type { LivePlaces } from "../ports/live-places.ts";
import type { QueuesOfUser } from "../ports/place-records.ts";
import type { PlacesOfUser } from "./read-history.ts";

export interface ReadAllPlacesDeps {
  readonly sales: Pick<Sales, "running">;
  readonly livePlaces: LivePlaces;
  readonly history: QueuesOfUser;
}

export interface PlaceInConcert extends PlaceHistory {
  readonly concertId: ConcertId;
}

/** The running queues that are asked for a live place: more than an installation runs at a time. */
const runningMax = 200;

const newestFirst = (concertIds: Iterable<ConcertId>): readonly ConcertId[] =>
  [...new Set(concertIds)].toSorted().toReversed();

/**
 * Reads the places of a user in the queues of all concerts, newest concert and newest place first, at most `limit`. While
 * the queue's store is unreachable, only what the database has. Throws Unavailable when the database is unreachable.
 *
 * Cost: one step of the store for each running queue, one statement, and `places` for each concert that has the user.
 */
export const readAllPlaces =
  (
    deps: ReadAllPlacesDeps,
    places: (concertId: ConcertId, userId: UserId) => Promise<PlacesOfUser | null>,
  ) =>
  async (userId: UserId, limit: number): Promise<readonly PlaceInConcert[]> => {
    const running = newestFirst(
      (await deps.sales.running()).map(({ concertId }) => concertId),
    ).slice(0, runningMax);
    const hasPlace = async (concertId: ConcertId): Promise<boolean> => {
      const found = await ifUnavailable(deps.livePlaces.peek(concertId, userId), () => null);
      return found !== null && found.kind !== "absent";
    };
    const [recorded, live] = await Promise.all([
      deps.history.concertsOf(userId, running, limit),
      Promise.all(running.map(hasPlace)),
    ]);
    const concertIds = newestFirst([...recorded, ...running.filter((_, n) => live[n])]);
    const found = await Promise.all(
      concertIds.slice(0, limit).map((concertId) => places(concertId, userId)),
    );
    return found
      .filter((one) => one !== null)
      .flatMap(({ concertId, places: own }) =>
        own.toReversed().map((place) => ({ concertId, ...place })),
      )
      .slice(0, limit);
  };
