import { Type } from "typebox";
import type { Intent } from "#kernel/idempotency.ts";
import { toId, type OrderId, type UserId } from "#kernel/ids.ts";
import type { Page } from "#kernel/page.ts";
import { idCursor, invalidCursor, readIdCursor } from "#platform/http/cursors.ts";
import { keyAnswer } from "#platform/http/key-answer.ts";
import { malformedRequest } from "#platform/http/refusal.ts";
import { route, type AnswerOf, type Problem, type Route } from "#platform/http/route.ts";
import { listLimit, ListQuery, Uuid } from "#platform/http/schemas.ts";
import type { CancelOrderOutcome } from "../../domain/decide-cancel.ts";
import type { PayOrderOutcome } from "../../domain/decide-payment.ts";
import type { OrderQuery } from "../../ports/orders.ts";
import type { CurrentOrder } from "../../use-cases/manage-orders.ts";
import type { PlaceOrderAnswer, PlaceOrderRequest } from "../../use-cases/place-order.ts";
import {
  OrderAnswer,
  OrderBody,
  OrderPage,
  OrderParams,
  payOrderAnswers,
  placeOrderAnswers,
} from "./shapes.ts";
import { orderView, payOrderSuccess, placeOrderSuccess } from "./views.ts";

export interface OrderUseCases {
  placeOrder(request: PlaceOrderRequest): Promise<PlaceOrderAnswer>;
  payOrder(userId: UserId, orderId: OrderId, intent: Intent): Promise<PayOrderOutcome>;
  cancelOrder(orderId: OrderId, userId: UserId): Promise<CancelOrderOutcome>;
  readOrder(orderId: OrderId, userId: UserId): Promise<CurrentOrder | null>;
  listOrders(query: OrderQuery): Promise<Page<CurrentOrder, OrderId>>;
}

const tag = "Goods";
const replayNote =
  "A repeated `Idempotency-Key` returns the stored answer with the header `Idempotent-Replayed: true`.";

const concertsMixed = (index: number): Problem =>
  malformedRequest([
    {
      pointer: `/items/${index}/productId`,
      message: "must be of the same concert as the items before it, or of the house",
    },
  ]);

type TokenRefusal = Extract<
  PlaceOrderAnswer,
  { kind: "token-mismatch" | "turn-required" | "not-active" | "ended" }
>;

const tokenProblems: Readonly<Record<TokenRefusal["kind"], Problem>> = {
  "token-mismatch": {
    problem: "QUEUE_TOKEN_MISMATCH",
    detail: "A product is of another concert than the queue token.",
  },
  "turn-required": {
    problem: "QUEUE_TOKEN_INVALID",
    detail: "A product requires the turn: send the queue token of its concert.",
  },
  "not-active": { problem: "QUEUE_NOT_ACTIVE" },
  ended: { problem: "QUEUE_TOKEN_ENDED" },
};

const isOfToken = (outcome: PlaceOrderAnswer): outcome is TokenRefusal =>
  outcome.kind in tokenProblems;

const placeAnswer = async (
  outcome: PlaceOrderAnswer,
): Promise<AnswerOf<typeof placeOrderAnswers>> => {
  if (isOfToken(outcome)) return tokenProblems[outcome.kind];
  switch (outcome.kind) {
    case "held":
      return placeOrderSuccess(outcome.order);
    case "replayed":
    case "key-reused":
    case "key-in-progress":
      return keyAnswer(outcome, placeOrderSuccess);
    case "product-not-found": {
      const detail = `/items/${outcome.index}/productId names no product; nothing was held.`;
      return { problem: "PRODUCT_NOT_FOUND", detail };
    }
    case "concerts-mixed":
      return concertsMixed(outcome.index);
    case "out-of-stock":
      return { problem: "OUT_OF_STOCK", members: { items: outcome.items } };
    case "limit-exceeded": {
      const { productId, perUser, owned } = outcome;
      const detail = `A user may have at most ${perUser} of this product; you have ${owned}.`;
      return { problem: "PRODUCT_LIMIT_EXCEEDED", detail, members: { productId } };
    }
  }
};

const payAnswer = async (outcome: PayOrderOutcome): Promise<AnswerOf<typeof payOrderAnswers>> => {
  switch (outcome.kind) {
    case "paid":
    case "already-paid":
      return payOrderSuccess(outcome);
    case "replayed":
    case "key-reused":
    case "key-in-progress":
      return keyAnswer(outcome, payOrderSuccess);
    case "not-found":
      return { problem: "ORDER_NOT_FOUND" };
    case "not-payable":
      return {
        problem: "ORDER_NOT_PAYABLE",
        detail: `The order was ${outcome.status.toLowerCase()}.`,
      };
    case "expired":
      return { problem: "ORDER_EXPIRED", detail: "The hold has expired; nothing was debited." };
    case "insufficient-balance": {
      const { balance, amount } = outcome;
      return { problem: "INSUFFICIENT_BALANCE", members: { balance, amount } };
    }
  }
};

const cancelAnswer = (outcome: CancelOrderOutcome): AnswerOf<{ 204: null }> => {
  switch (outcome.kind) {
    case "cancelled":
      return { status: 204 };
    case "not-found":
      return { problem: "ORDER_NOT_FOUND" };
    case "not-cancellable":
      return { problem: "ORDER_NOT_CANCELLABLE", detail: "The order is paid." };
  }
};

const placeRoute = ({ placeOrder }: OrderUseCases): Route =>
  route({
    method: "POST",
    path: "/api/v1/orders",
    operationId: "placeOrder",
    tag,
    summary: "Order pieces of products, all or none",
    description: `The pieces are held until \`expiresAt\`: for the \`holdSeconds\` of the concert's policy, or of the installation when all products are of the house. An access token suffices unless a product \`requiresTurn\`: then the order needs a queue token of its concert whose place is ACTIVE. ${replayNote}`,
    auth: "queue-or-access",
    idempotency: "optional",
    body: OrderBody,
    answers: placeOrderAnswers,
    problems: [
      "QUEUE_TOKEN_MISMATCH",
      "QUEUE_TOKEN_INVALID",
      "QUEUE_TOKEN_ENDED",
      "QUEUE_NOT_ACTIVE",
      "PRODUCT_NOT_FOUND",
      "OUT_OF_STOCK",
      "PRODUCT_LIMIT_EXCEEDED",
    ],
    handle: async ({ caller, body, intent }) => {
      const items = body.items.map(({ productId, quantity }) => ({
        productId: toId<"product">(productId),
        quantity,
      }));
      const repeated = items.flatMap(({ productId }, index) =>
        items.findIndex((one) => one.productId === productId) < index
          ? { pointer: `/items/${index}/productId`, message: "must not be repeated" }
          : [],
      );
      if (repeated.length > 0) return malformedRequest(repeated);
      const { userId } = caller;
      const claims = caller.kind === "place" ? caller.claims : null;
      return placeAnswer(await placeOrder({ userId, claims, items, intent }));
    },
  });

const payRoute = ({ payOrder }: OrderUseCases): Route =>
  route({
    method: "POST",
    path: "/api/v1/orders/{orderId}/payment",
    operationId: "payOrder",
    tag,
    summary: "Pay the caller's order from the balance",
    description: `Debits the balance and sells the pieces in one transaction. It ends no place in a queue. 200 with the same payment when the order is already paid. ${replayNote}`,
    auth: "access",
    idempotency: "required",
    params: OrderParams,
    answers: payOrderAnswers,
    problems: ["ORDER_NOT_FOUND", "ORDER_NOT_PAYABLE", "ORDER_EXPIRED", "INSUFFICIENT_BALANCE"],
    handle: async ({ caller, params, intent }) => {
      if (intent === null) return { problem: "IDEMPOTENCY_KEY_REQUIRED" };
      return payAnswer(await payOrder(caller.userId, toId(params.orderId), intent));
    },
  });

/** Returns the routes of a user's orders. An order of another user is answered with 404. */
export const orderRoutes = (useCases: OrderUseCases): readonly Route[] => [
  placeRoute(useCases),
  payRoute(useCases),
  route({
    method: "GET",
    path: "/api/v1/orders/{orderId}",
    operationId: "readOrder",
    tag,
    summary: "Read the caller's order",
    auth: "access",
    params: OrderParams,
    answers: { 200: OrderAnswer },
    problems: ["ORDER_NOT_FOUND"],
    handle: async ({ caller, params }) => {
      const found = await useCases.readOrder(toId(params.orderId), caller.userId);
      if (found === null) return { problem: "ORDER_NOT_FOUND" };
      return { status: 200, body: orderView(found.order, found.nowMs) };
    },
  }),
  route({
    method: "DELETE",
    path: "/api/v1/orders/{orderId}",
    operationId: "cancelOrder",
    tag,
    summary: "Cancel the caller's order",
    description:
      "The pieces are free at once. Also 204 when the order was already cancelled or has expired.",
    auth: "access",
    params: OrderParams,
    answers: { 204: null },
    problems: ["ORDER_NOT_FOUND", "ORDER_NOT_CANCELLABLE"],
    handle: async ({ caller, params }) =>
      cancelAnswer(await useCases.cancelOrder(toId(params.orderId), caller.userId)),
  }),
  route({
    method: "GET",
    path: "/api/v1/users/{userId}/orders",
    operationId: "listOrders",
    tag,
    summary: "List the caller's orders, newest first",
    auth: "access",
    params: Type.Object({ userId: Uuid("The caller's own user id") }),
    query: ListQuery,
    answers: { 200: OrderPage },
    problems: ["NOT_FOUND"],
    handle: async ({ caller: { userId }, params, query }) => {
      if (params.userId !== userId) return { problem: "NOT_FOUND" };
      const after = readIdCursor<"order">(query.cursor);
      if (after === undefined) return invalidCursor;
      const page = await useCases.listOrders({
        userId,
        concertId: null,
        limit: listLimit(query),
        after,
      });
      const items = page.items.map(({ order, nowMs }) => orderView(order, nowMs));
      return { status: 200, body: { items, nextCursor: idCursor(page.next) } };
    },
  }),
];
