import { Type } from "typebox";
import { toId, type PaymentId, type RefundId, type TicketId, type UserId } from "#kernel/ids.ts";
import type { Page, PageQuery } from "#kernel/page.ts";
import { idCursor, invalidCursor, readIdCursor } from "#platform/http/cursors.ts";
import { malformedRequest } from "#platform/http/refusal.ts";
import { keyAnswer, keyReused } from "#platform/http/key-answer.ts";
import { route, type AnswerOf, type Problem, type Route } from "#platform/http/route.ts";
import { listLimit, ListQuery, Uuid } from "#platform/http/schemas.ts";
import type { NotRefundable, RefundPaymentOutcome } from "../../domain/decide-refund.ts";
import type { Refund } from "../../domain/refund.ts";
import type {
  RefundForOperator,
  RefundForOperatorOutcome,
} from "../../use-cases/refund-for-operator.ts";
import type { OfferedRefund, RefundPaymentCommand } from "../../use-cases/refund-payment.ts";
import {
  offerView,
  operatorRefundAnswers,
  OperatorRefundBody,
  operatorRefundSuccess,
  refundAnswers,
  RefundBody,
  RefundOfferAnswer,
  RefundPage,
  refundPageView,
  refundSuccess,
} from "./refund-shapes.ts";
import { PaymentParams, replayNote } from "./shapes.ts";

export interface RefundUseCases {
  refundPayment(command: RefundPaymentCommand): Promise<RefundPaymentOutcome>;
  readRefundOffer(userId: UserId, paymentId: PaymentId): Promise<OfferedRefund | null>;
  listRefunds(
    userId: UserId,
    paymentId: PaymentId,
    query: PageQuery<RefundId>,
  ): Promise<Page<Refund, RefundId> | null>;
  refundForOperator(command: RefundForOperator): Promise<RefundForOperatorOutcome>;
  readonly currency: string;
}

const tag = "Payments";

const details = {
  policy: "The concert has no refunds.",
  time: "It is too late for a refund before the show.",
  used: "A ticket was used at the door.",
  void: "A ticket is refunded already.",
  transferred: "A ticket was passed on to another user.",
} as const;

const notRefundable = ({ reason, ticketIds }: NotRefundable): Problem => ({
  problem: "NOT_REFUNDABLE",
  detail: details[reason],
  members: { reason, ticketIds },
});

const beingRefunded: Problem = {
  problem: "CONCERT_CANCELLED",
  detail: "All tickets of the concert are being refunded in full.",
};

const refundAnswer = async (
  outcome: RefundPaymentOutcome,
): Promise<AnswerOf<typeof refundAnswers>> => {
  switch (outcome.kind) {
    case "payment-not-found":
      return { problem: "PAYMENT_NOT_FOUND" };
    case "ticket-not-found":
      return { problem: "TICKET_NOT_FOUND", detail: "A ticket is none of this payment." };
    case "concert-cancelled":
      return beingRefunded;
    case "not-refundable":
      return notRefundable(outcome);
    case "refunded":
      return refundSuccess(outcome);
    case "replayed":
    case "key-reused":
    case "key-in-progress":
      return keyAnswer(outcome, refundSuccess);
  }
};

const ticketIdsOf = (ids: readonly string[]): readonly TicketId[] =>
  ids.map((id) => toId<"ticket">(id));

const operatorAnswer = (
  outcome: RefundForOperatorOutcome,
  currency: string,
): AnswerOf<typeof operatorRefundAnswers> => {
  switch (outcome.kind) {
    case "concert-not-found":
      return { problem: "CONCERT_NOT_FOUND" };
    case "payment-not-found":
      return { problem: "PAYMENT_NOT_FOUND", detail: "A payment is none of this concert." };
    case "ticket-not-found":
      return { problem: "TICKET_NOT_FOUND", detail: "A ticket is none of this concert." };
    case "concert-cancelled":
      return beingRefunded;
    case "not-refundable":
      return notRefundable(outcome);
    case "key-reused":
      return keyReused;
    case "replayed": {
      const headers = { "Idempotent-Replayed": "true" };
      return { ...operatorRefundSuccess(outcome.answer, currency, true), headers };
    }
    case "refunded-in-full":
      return operatorRefundSuccess(outcome, currency, true);
    case "refunded-in-part":
      return operatorRefundSuccess(outcome, currency, false);
  }
};

const operatorRoute = ({ refundForOperator, currency }: RefundUseCases): Route =>
  route({
    method: "POST",
    path: "/admin/v1/concerts/{concertId}/refunds",
    operationId: "refundTickets",
    tag: "Operator",
    summary: "Refund tickets of a concert in full",
    description: `To the users who paid, whatever the policy says, also for used tickets. Refunded tickets are left. Payments or tickets by id are one transaction, all or none; \`all\` works through the concert in many and answers within 25 s. The audit trail records the operator and the reason. ${replayNote}`,
    auth: "operator",
    permission: "administer",
    idempotency: "required",
    answerWithinMs: 25_000,
    params: Type.Object({ concertId: Uuid("The concert") }),
    body: OperatorRefundBody,
    answers: operatorRefundAnswers,
    problems: [
      "CONCERT_NOT_FOUND",
      "PAYMENT_NOT_FOUND",
      "TICKET_NOT_FOUND",
      "CONCERT_CANCELLED",
      "NOT_REFUNDABLE",
    ],
    handle: async ({ caller: { actor }, params, body, intent }) => {
      if (intent === null) return { problem: "IDEMPOTENCY_KEY_REQUIRED" };
      const { paymentIds, ticketIds, all, reason } = body;
      const given = [paymentIds, ticketIds, all].filter((one) => one !== undefined);
      if (given.length !== 1) {
        const message = "is required: exactly one of paymentIds, ticketIds and all";
        return malformedRequest([{ pointer: "/ticketIds", message }]);
      }
      const byPayment = paymentIds && { paymentIds: paymentIds.map((id) => toId<"payment">(id)) };
      const byTicket = ticketIds && { ticketIds: ticketIdsOf(ticketIds) };
      const named = byPayment ?? byTicket ?? "all";
      const concertId = toId<"concert">(params.concertId);
      return operatorAnswer(
        await refundForOperator({ concertId, named, actor, reason, intent }),
        currency,
      );
    },
  });

/** Returns the routes of refunds. A payment of another user is answered with 404. */
export const refundRoutes = (useCases: RefundUseCases): readonly Route[] => [
  route({
    method: "POST",
    path: "/api/v1/payments/{paymentId}/refunds",
    operationId: "refundPayment",
    tag,
    summary: "Refund tickets of the caller's payment",
    description: `By the rules of the concert, less the fee: see the refund offer. The balance grows, the tickets are VOID and their seats free in one transaction; all of the tickets or none. ${replayNote}`,
    auth: "access",
    idempotency: "required",
    params: PaymentParams,
    body: RefundBody,
    answers: refundAnswers,
    problems: ["PAYMENT_NOT_FOUND", "TICKET_NOT_FOUND", "CONCERT_CANCELLED", "NOT_REFUNDABLE"],
    handle: async ({ caller: { userId }, params, body, intent }) => {
      if (intent === null) return { problem: "IDEMPOTENCY_KEY_REQUIRED" };
      const ticketIds = body.ticketIds === undefined ? null : ticketIdsOf(body.ticketIds);
      const paymentId = toId<"payment">(params.paymentId);
      return refundAnswer(await useCases.refundPayment({ userId, paymentId, ticketIds, intent }));
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/payments/{paymentId}/refunds",
    operationId: "listRefunds",
    tag,
    summary: "List the refunds of the caller's payment, newest first",
    auth: "access",
    params: PaymentParams,
    query: ListQuery,
    answers: { 200: RefundPage },
    problems: ["PAYMENT_NOT_FOUND"],
    handle: async ({ caller: { userId }, params, query }) => {
      const after = readIdCursor<"refund">(query.cursor);
      if (after === undefined) return invalidCursor;
      const pageQuery = { limit: listLimit(query), after };
      const page = await useCases.listRefunds(userId, toId(params.paymentId), pageQuery);
      if (page === null) return { problem: "PAYMENT_NOT_FOUND" };
      const items = refundPageView(page.items);
      return { status: 200, body: { items, nextCursor: idCursor(page.next) } };
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/payments/{paymentId}/refund-offer",
    operationId: "readRefundOffer",
    tag,
    summary: "Read what a refund of the caller's payment would give now",
    description:
      "Nothing is changed. The fee may rise with the next day of the concert's time zone.",
    auth: "access",
    params: PaymentParams,
    answers: { 200: RefundOfferAnswer },
    problems: ["PAYMENT_NOT_FOUND"],
    handle: async ({ caller: { userId }, params }) => {
      const offer = await useCases.readRefundOffer(userId, toId(params.paymentId));
      if (offer === null) return { problem: "PAYMENT_NOT_FOUND" };
      return { status: 200, body: offerView(params.paymentId, offer) };
    },
  }),
  operatorRoute(useCases),
];
