import type { MintId, ReservationId } from "#kernel/ids.ts";
import type { Intent } from "#kernel/idempotency.ts";
import type { QueueClaims } from "#kernel/place.ts";
import type { PayOutcome } from "../domain/commands.ts";
import type { BoxOffice } from "../ports/box-office.ts";
import type { Outbox } from "../ports/outbox.ts";

export interface PayReservation {
  readonly claims: QueueClaims;
  readonly reservationId: ReservationId;
  readonly intent: Intent | null;
}

export interface PayReservationDeps {
  readonly boxOffice: BoxOffice;
  readonly outbox: Outbox;
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
      const content = { ...outcome.ended, reason: "PAID" as const };
      await deps.outbox.deliverNow({ topic: "place-ended", concertId, userId, content });
    }
    return outcome;
  };
