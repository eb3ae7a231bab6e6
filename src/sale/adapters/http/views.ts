import { toRfc3339, type InstantMs } from "#kernel/instant.ts";
import type { SuccessOf } from "#platform/http/route.ts";
import type { Charged, KeyOutcome, Success } from "../../domain/commands.ts";
import type { Payment } from "../../domain/payment.ts";
import type { Reservation } from "../../domain/reservation.ts";
import type { chargeAnswers, payAnswers, reserveAnswers } from "./shapes.ts";

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

const otherCommand = ({ kind }: Success): never => {
  throw new Error(`the stored answer ${kind} is of another command`);
};

// Each answer is made from the stored outcome alone, so that the answer to a command and the answer to
// a retry with its key are the same to the byte.

export const reserveSuccess = (success: Success): SuccessOf<typeof reserveAnswers> => {
  if (success.kind !== "reserved") return otherCommand(success);
  const { reservation } = success;
  return { status: 201, body: reservationView(reservation, reservation.heldAtMs) };
};

export const paySuccess = (success: Success): SuccessOf<typeof payAnswers> => {
  if (success.kind === "paid") return { status: 201, body: paymentView(success.payment) };
  if (success.kind === "already-paid") return { status: 200, body: paymentView(success.payment) };
  return otherCommand(success);
};

export const chargeSuccess = (success: Success): SuccessOf<typeof chargeAnswers> =>
  success.kind === "charged" ? { status: 201, body: chargeView(success) } : otherCommand(success);

/** Answers a repeated key: with `successOf` its stored outcome, or with the reason why there is none. */
export const keyAnswer = <S>(outcome: KeyOutcome, successOf: (stored: Success) => S) => {
  switch (outcome.kind) {
    case "replayed": {
      const headers = { "Idempotent-Replayed": "true" };
      return { ...successOf(outcome.answer), headers };
    }
    case "key-reused":
      return {
        problem: "IDEMPOTENCY_KEY_REUSED",
        detail: "The Idempotency-Key was used for a request with another method, path or body.",
      } as const;
    case "key-in-progress":
      return {
        problem: "IDEMPOTENCY_IN_PROGRESS",
        detail:
          "The first request with this Idempotency-Key is still running. Retry after a moment.",
      } as const;
  }
};
