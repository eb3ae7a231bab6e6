import { toId, type PaymentId, type UserId } from "#kernel/ids.ts";
import type { Page, PageQuery } from "#kernel/page.ts";
import { keyAnswer } from "#platform/http/key-answer.ts";
import { route, type AnswerOf, type Route } from "#platform/http/route.ts";
import { listLimit, ListQuery } from "#platform/http/schemas.ts";
import type { PayOutcome } from "../../domain/commands.ts";
import type { Payment } from "../../domain/payment.ts";
import type { PlanOf } from "../../ports/seating-plans.ts";
import type { PayReservation } from "../../use-cases/pay-reservation.ts";
import { idCursor, readIdCursor, invalidCursor } from "#platform/http/cursors.ts";
import {
  payAnswers,
  PayBody,
  PaymentAnswer,
  PaymentPage,
  PaymentParams,
  replayNote,
  UserParams,
} from "./shapes.ts";
import { paymentView, paySuccess } from "./views.ts";

export interface PaymentUseCases {
  payReservation(command: PayReservation): Promise<PayOutcome>;
  readPayment(userId: UserId, paymentId: PaymentId): Promise<Payment | null>;
  listPayments(userId: UserId, query: PageQuery<PaymentId>): Promise<Page<Payment, PaymentId>>;
  readonly planOf: PlanOf;
}

const tag = "Payments";

const payAnswer = async (
  planOf: PlanOf,
  outcome: PayOutcome,
): Promise<AnswerOf<typeof payAnswers>> => {
  switch (outcome.kind) {
    case "paid":
    case "already-paid":
      return paySuccess(planOf)(outcome);
    case "token-mismatch":
      return { problem: "QUEUE_TOKEN_MISMATCH" };
    case "not-found":
      return { problem: "RESERVATION_NOT_FOUND" };
    case "concert-cancelled":
      return { problem: "CONCERT_CANCELLED" };
    case "not-payable":
      return { problem: "RESERVATION_NOT_PAYABLE", detail: "The reservation was cancelled." };
    case "expired":
      return {
        problem: "RESERVATION_EXPIRED",
        detail: "The hold has expired; nothing was debited.",
      };
    case "insufficient-balance": {
      const { balance, amount } = outcome;
      return { problem: "INSUFFICIENT_BALANCE", members: { balance, amount } };
    }
    case "replayed":
    case "key-reused":
    case "key-in-progress":
      return keyAnswer(outcome, paySuccess(planOf));
  }
};

/** Returns the routes of payments. A payment of another user is answered with 404. */
export const paymentRoutes = (useCases: PaymentUseCases): readonly Route[] => [
  route({
    method: "POST",
    path: "/api/v1/payments",
    operationId: "payReservation",
    isHot: true,
    tag,
    summary: "Pay the caller's reservation from the balance",
    description: `Debits the balance, issues the tickets and ends the caller's place in one transaction. 200 with the same payment when the reservation is already paid. Works also while the store of the queue is unreachable. ${replayNote}`,
    auth: "queue",
    idempotency: "optional",
    body: PayBody,
    answers: payAnswers,
    problems: [
      "RESERVATION_NOT_FOUND",
      "CONCERT_CANCELLED",
      "RESERVATION_NOT_PAYABLE",
      "RESERVATION_EXPIRED",
      "INSUFFICIENT_BALANCE",
      "QUEUE_TOKEN_MISMATCH",
    ],
    handle: async ({ caller: { claims }, body, intent }) =>
      payAnswer(
        useCases.planOf,
        await useCases.payReservation({ claims, reservationId: toId(body.reservationId), intent }),
      ),
  }),
  route({
    method: "GET",
    path: "/api/v1/payments/{paymentId}",
    operationId: "readPayment",
    tag,
    summary: "Read the caller's payment and its tickets",
    auth: "access",
    params: PaymentParams,
    answers: { 200: PaymentAnswer },
    problems: ["PAYMENT_NOT_FOUND"],
    handle: async ({ caller, params }) => {
      const payment = await useCases.readPayment(caller.userId, toId(params.paymentId));
      if (payment === null) return { problem: "PAYMENT_NOT_FOUND" };
      const plan = await useCases.planOf(payment.concertId);
      return { status: 200, body: paymentView(plan, payment) };
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/users/{userId}/payments",
    operationId: "listPayments",
    tag,
    summary: "List the caller's payments, newest first",
    auth: "access",
    params: UserParams,
    query: ListQuery,
    answers: { 200: PaymentPage },
    problems: ["NOT_FOUND"],
    handle: async ({ caller: { userId }, params, query }) => {
      if (params.userId !== userId) return { problem: "NOT_FOUND" };
      const after = readIdCursor<"payment">(query.cursor);
      if (after === undefined) return invalidCursor;
      const page = await useCases.listPayments(userId, { limit: listLimit(query), after });
      const items = await Promise.all(
        page.items.map(async (payment) =>
          paymentView(await useCases.planOf(payment.concertId), payment),
        ),
      );
      return { status: 200, body: { items, nextCursor: idCursor(page.next) } };
    },
  }),
];
