import type { Static, TSchema } from "typebox";
import { toRfc3339, type InstantMs } from "#kernel/instant.ts";
import type { SuccessOf } from "#platform/http/route.ts";
import type { Charged, KeyOutcome, Success } from "../../domain/commands.ts";
import type { Payment } from "../../domain/payment.ts";
import type { Reservation } from "../../domain/reservation.ts";
import type {
  chargeAnswers,
  payAnswers,
  PaymentAnswer,
  ReservationAnswer,
  reserveAnswers,
} from "./shapes.ts";

/** The fields of a view. A field that the answer's schema does not have fails to compile. */
type ShownIn<Answer extends TSchema, View> = {
  readonly [Field in keyof View]: Field extends keyof Static<Answer> ? View[Field] : never;
};

/** *reservation* of the contract. */
export const reservationView = (
  { place: _, heldAtMs, expiresAtMs, ...shown }: Reservation,
  nowMs: InstantMs,
) => ({
  ...(shown satisfies ShownIn<typeof ReservationAnswer, typeof shown>),
  heldAt: toRfc3339(heldAtMs),
  expiresAt: toRfc3339(expiresAtMs),
  serverTime: toRfc3339(nowMs),
});

/** *payment* of the contract. */
export const paymentView = ({ concertId: _, paidAtMs, ...shown }: Payment) => ({
  ...(shown satisfies ShownIn<typeof PaymentAnswer, typeof shown>),
  paidAt: toRfc3339(paidAtMs),
});

const chargeView = ({ kind: _, chargedAtMs, ...shown }: Charged) => ({
  ...(shown satisfies ShownIn<(typeof chargeAnswers)[201], typeof shown>),
  chargedAt: toRfc3339(chargedAtMs),
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
