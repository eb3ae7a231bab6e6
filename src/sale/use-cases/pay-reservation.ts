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
  readonly news: QueueEvents;
  readonly mintId: MintId;
}

/**
 * Pays a reservation from its owner's balance: the seats are his, his place in that concert ends.
 *
 * Outcomes as `decidePay` has them, in its order. One transaction; the place then ends in the queue before
 * the answer when the queue's store is there, else from the outbox. Throws Unavailable.
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
        await deps.news.placeEnded({ concertId, userId, reason: "PAID", ...outcome.ended });
      } catch (error) {
        // The outbox row of the same transaction repeats it when the store is back.
        if (!(error instanceof Unavailable)) throw error;
      }
    }
    return outcome;
  };
