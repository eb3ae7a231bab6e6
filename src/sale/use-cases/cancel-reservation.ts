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
  readonly queueEvents: QueueEvents;
}

/**
 * Cancels a reservation: its seats are AVAILABLE at once. Outcomes: see `decideCancel`.
 *
 * The queue learns before the answer that the slot no longer lasts as long as the hold. While the queue's
 * store is away, the outbox delivers the event later. Throws Unavailable.
 */
export const cancelReservation =
  (deps: CancelReservationDeps) =>
  async (command: CancelReservation): Promise<CancelOutcome> => {
    const outcome = await deps.boxOffice.submit<"cancel">({ kind: "cancel", ...command });
    if (outcome.kind === "cancelled" && outcome.freed) {
      const { concertId, userId, reservationId } = outcome.freed;
      try {
        await deps.queueEvents.holdCleared({ concertId, userId, reservationId });
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
      }
    }
    return outcome;
  };
