import type { ConcertId, ReservationId, UserId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { CancelOutcome, OperatorNote } from "../domain/commands.ts";
import type { BoxOffice } from "../ports/box-office.ts";
import type { QueueEvents } from "../ports/queue-gate.ts";

export interface CancelReservation {
  readonly userId: UserId;
  readonly reservationId: ReservationId;
  /** The concert of the queue token; null when the request came with an access token. */
  readonly tokenConcertId: ConcertId | null;
  readonly onBehalf?: OperatorNote;
}

export interface CancelReservationDeps {
  readonly boxOffice: BoxOffice;
  readonly news: QueueEvents;
}

/**
 * Gives up a reservation: its seats are free at once. Outcomes as `decideCancel` has them. The queue hears
 * that the slot no longer lasts for the hold before the answer when its store is there, else from the
 * outbox. Throws Unavailable.
 */
export const cancelReservation =
  (deps: CancelReservationDeps) =>
  async (command: CancelReservation): Promise<CancelOutcome> => {
    const outcome = await deps.boxOffice.submit<"cancel">({ kind: "cancel", ...command });
    if (outcome.kind === "cancelled" && outcome.freed) {
      const { concertId, userId, reservationId } = outcome.freed;
      try {
        await deps.news.holdCleared({ concertId, userId, reservationId });
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
      }
    }
    return outcome;
  };
