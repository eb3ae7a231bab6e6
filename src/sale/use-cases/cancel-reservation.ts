import type { ConcertId, ReservationId, UserId } from "#kernel/ids.ts";
import type { CancelOutcome, OperatorNote } from "../domain/commands.ts";
import type { BoxOffice } from "../ports/box-office.ts";
import type { Outbox } from "../ports/outbox.ts";

export interface CancelReservation {
  readonly userId: UserId;
  readonly reservationId: ReservationId;
  /** The concert of the queue token; null when the request came with an access token. */
  readonly tokenConcertId: ConcertId | null;
  readonly onBehalf?: OperatorNote;
}

export interface CancelReservationDeps {
  readonly boxOffice: BoxOffice;
  readonly outbox: Outbox;
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
      const content = { reservationId };
      await deps.outbox.deliverNow({ topic: "hold-cleared", concertId, userId, content });
    }
    return outcome;
  };
