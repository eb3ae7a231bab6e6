import type { QueueClaims } from "#kernel/place.ts";
import { ifUnavailable } from "#kernel/unavailable.ts";
import type { Endings } from "../ports/endings.ts";
import type { QueueStore } from "../ports/queue-store.ts";

export interface LeaveQueueDeps {
  readonly endings: Pick<Endings, "leave">;
  readonly store: Pick<QueueStore, "end">;
}

/**
 * Ends a place for good, with its slot and the reservation held under it. Does not end a newer place of the
 * user. Idempotent.
 *
 * The database decides first. The store is told before the answer when it is there; otherwise the outbox
 * tells it later. Throws Unavailable when the database is away, and then nothing was changed.
 */
export const leaveQueue =
  (deps: LeaveQueueDeps) =>
  async (claims: QueueClaims): Promise<void> => {
    const { concertId, userId, epoch, seq } = claims;
    const place = { epoch, seq };
    await deps.endings.leave(concertId, userId, place);
    await ifUnavailable(deps.store.end(concertId, userId, place, "LEFT"), () => "later");
  };
