import type { MintId, ReservationId } from "#kernel/ids.ts";
import type { Intent } from "#kernel/idempotency.ts";
import type { QueueClaims } from "#kernel/place.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { PayOutcome } from "../domain/commands.ts";
import type { BoxOffice } from "../ports/box-office.ts";
import type { QueueEvents } from "../ports/queue-gate.ts";

export interface PayReservation {
  readonly claims: QueueClaims;
  readonly reservationId: ReservationId;
  readonly intent: Intent | null;
}

export interface PayReservationDeps {
  readonly boxOffice: BoxOffice;
  readonly queueEvents: QueueEvents;
  readonly mintId: MintId;
}

/**
 * Pays a reservation from its owner's balance: the seats are SOLD to the user, and the user's place in that
 * concert ends. One transaction. Outcomes: see `decidePay`.
 *
 * The place ends in the queue before the answer. While the queue's store is away, the outbox delivers the
 * event later. Throws Unavailable.
 */
export const payReservation =
  (deps: PayReservationDeps) =>
  async ({ claims, reservationId, intent }: PayReservation): Promise<PayOutcome> => {
    const { userId, concertId } = claims;
    const outcome = await deps.boxOffice.submit<"pay">({
      kind: "pay",
      paymentId: deps.mintId<"payment">(),
      userId,
      concertId,
      place: { epoch: claims.epoch, seq: claims.seq },
      reservationId,
      intent,
    });
    if (outcome.kind === "paid") {
      try {
        await deps.queueEvents.placeEnded({ concertId, userId, reason: "PAID", ...outcome.ended });
      } catch (error) {
        // The outbox delivers the event of the same transaction when the store is back.
        if (!(error instanceof Unavailable)) throw error;
      }
    }
    return outcome;
  };
