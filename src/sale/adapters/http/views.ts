import { toRfc3339, type InstantMs } from "#kernel/instant.ts";
import type { Problem, Success as HttpSuccess } from "#platform/http/route.ts";
import type { Charged, KeyOutcome, Success } from "../../domain/commands.ts";
import type { Payment } from "../../domain/payment.ts";
import type { Reservation } from "../../domain/reservation.ts";

/** *reservation* of the contract. */
export const reservationView = (reservation: Reservation, nowMs: InstantMs) => ({
  reservationId: reservation.reservationId,
  userId: reservation.userId,
  concertId: reservation.concertId,
  date: reservation.date,
  seatNumbers: reservation.seatNumbers,
  amount: reservation.amount,
  currency: reservation.currency,
  status: reservation.status,
  heldAt: toRfc3339(reservation.heldAtMs),
  expiresAt: toRfc3339(reservation.expiresAtMs),
  serverTime: toRfc3339(nowMs),
});

/** *payment* of the contract. */
export const paymentView = (payment: Payment) => ({
  paymentId: payment.paymentId,
  reservationId: payment.reservationId,
  userId: payment.userId,
  amount: payment.amount,
  currency: payment.currency,
  balance: payment.balance,
  paidAt: toRfc3339(payment.paidAtMs),
  tickets: payment.tickets.map(({ ticketId, concertId, date, seatNumber }) => ({
    ticketId,
    concertId,
    date,
    seatNumber,
  })),
});

const chargeView = (charge: Charged) => ({
  chargeId: charge.chargeId,
  userId: charge.userId,
  amount: charge.amount,
  balance: charge.balance,
  currency: charge.currency,
  chargedAt: toRfc3339(charge.chargedAtMs),
});

/**
 * The answer to a command that succeeded: now, or when its key is seen again. It is made from the stored
 * outcome alone, so that both are the same to the byte.
 */
export const successAnswer = (success: Success): HttpSuccess => {
  switch (success.kind) {
    case "reserved": {
      const { reservation } = success;
      return { status: 201, body: reservationView(reservation, reservation.heldAtMs) };
    }
    case "paid":
      return { status: 201, body: paymentView(success.payment) };
    case "already-paid":
      return { status: 200, body: paymentView(success.payment) };
    case "charged":
      return { status: 201, body: chargeView(success) };
  }
};

/** What a key that was seen before answers. */
export const keyAnswer = (outcome: KeyOutcome): HttpSuccess | Problem => {
  switch (outcome.kind) {
    case "replayed": {
      const headers = { "Idempotent-Replayed": "true" };
      return { ...successAnswer(outcome.answer), headers };
    }
    case "key-reused":
      return {
        problem: "IDEMPOTENCY_KEY_REUSED",
        detail: "The Idempotency-Key was used for a request with another method, path or body.",
      };
    case "key-in-progress":
      return {
        problem: "IDEMPOTENCY_IN_PROGRESS",
        detail: "The first request with this Idempotency-Key still runs. Ask again in a moment.",
      };
  }
};
