import type { QueueClaims } from "#kernel/place.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { Endings } from "../ports/endings.ts";
import type { QueueStore } from "../ports/queue-store.ts";

export interface LeaveQueueDeps {
  readonly endings: Pick<Endings, "leave">;
  readonly store: Pick<QueueStore, "end">;
}

/**
 * Gives up a place, or a slot with the reservation held under it, for good. Again changes nothing, and
 * a newer place of the user is not touched.
 *
 * The database decides first; the store is told before the answer when it is there, else it hears of it
 * with what the sale has left to tell. Throws Unavailable when the database is away: nothing was changed.
 */
export const leaveQueue =
  (deps: LeaveQueueDeps) =>
  async (claims: QueueClaims): Promise<void> => {
    const { concertId, userId, epoch, seq } = claims;
    const place = { epoch, seq };
    await deps.endings.leave(concertId, userId, place);
    try {
      await deps.store.end(concertId, userId, place, "LEFT");
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
    }
  };
