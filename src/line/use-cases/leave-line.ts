import type { QueueClaims } from "#kernel/place.ts";
import { Unavailable } from "#kernel/trouble.ts";
import type { Endings } from "../ports/durable.ts";
import type { LineStore } from "../ports/line-store.ts";

export interface LeaveLineDeps {
  readonly endings: Pick<Endings, "leave">;
  readonly store: Pick<LineStore, "end">;
}

/**
 * Gives up a place, or a slot with the reservation held under it, for good. Again changes nothing, and
 * a newer place of the user is not touched.
 *
 * The database decides first; the store is told before the answer when it is there, else it hears of it
 * with what the sale has left to tell. Throws Unavailable when the database is away: nothing was changed.
 */
export const leaveLine =
  (deps: LeaveLineDeps) =>
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
