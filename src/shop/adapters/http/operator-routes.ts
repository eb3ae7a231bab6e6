import { Type } from "typebox";
import type { Intent } from "#kernel/idempotency.ts";
import { toId, type OrderId, type ProductId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Page } from "#kernel/page.ts";
import { idCursor, invalidCursor, readIdCursor } from "#platform/http/cursors.ts";
import { keyReused } from "#platform/http/key-answer.ts";
import { malformedRequest } from "#platform/http/refusal.ts";
import { route, type Route } from "#platform/http/route.ts";
import { listLimit, ListQuery, Text, Uuid } from "#platform/http/schemas.ts";
import type { RefundOrderOutcome } from "../../domain/decide-refund.ts";
import type {
  CorrectProductOutcome,
  ProductCorrection,
  StockedProduct,
} from "../../domain/product.ts";
import type { OrderQuery, RefundOrder } from "../../ports/orders.ts";
import type { AddProductOutcome, ProductQuery } from "../../ports/products.ts";
import type { CurrentOrder } from "../../use-cases/manage-orders.ts";
import type { CreateProduct } from "../../use-cases/manage-products.ts";
import { ProductsQuery } from "./product-routes.ts";
import {
  CorrectionBody,
  NewProductBody,
  OperatorProduct,
  OperatorProductPage,
  OrderAnswer,
  OrderPage,
  OrderParams,
  ProductParams,
} from "./shapes.ts";
import { operatorProductView, orderView } from "./views.ts";

export interface OperatorUseCases {
  createProduct(
    input: CreateProduct,
    actor: string,
    intent: Intent | null,
  ): Promise<AddProductOutcome>;
  correctProduct(
    productId: ProductId,
    correction: ProductCorrection,
    actor: string,
  ): Promise<CorrectProductOutcome>;
  listAllProducts(query: ProductQuery): Promise<Page<StockedProduct, ProductId>>;
  listOrders(query: OrderQuery): Promise<Page<CurrentOrder, OrderId>>;
  refundOrder(
    orderId: OrderId,
    note: Pick<RefundOrder, "actor" | "reason">,
  ): Promise<{ readonly outcome: RefundOrderOutcome; readonly nowMs: InstantMs }>;
}

const tag = "Operator";
const reasonCharsMax = 500;

const createRoute = ({ createProduct }: OperatorUseCases): Route =>
  route({
    method: "POST",
    path: "/admin/v1/products",
    operationId: "createProduct",
    tag,
    summary: "Put a product on sale",
    description:
      "A product of a concert, or of the house. A product of a draft is shown to no fan. A repeated `Idempotency-Key` returns the stored answer with the header `Idempotent-Replayed: true`.",
    auth: "operator",
    permission: "manage",
    idempotency: "optional",
    body: NewProductBody,
    answers: { 201: OperatorProduct },
    problems: ["CONCERT_NOT_FOUND"],
    handle: async ({ body, caller: { actor }, intent }) => {
      const { concertId = null, description = null, requiresTurn = false, ...facts } = body;
      if (concertId === null && requiresTurn) {
        const message = "must be false without a concertId: the house has no queue";
        return malformedRequest([{ pointer: "/requiresTurn", message }]);
      }
      const ofConcert = concertId === null ? null : toId<"concert">(concertId);
      const input = { ...facts, concertId: ofConcert, description, requiresTurn };
      const outcome = await createProduct(input, actor, intent);
      switch (outcome.kind) {
        case "concert-not-found":
          return { problem: "CONCERT_NOT_FOUND" };
        case "key-reused":
          return keyReused;
        case "added":
          return { status: 201, body: operatorProductView(outcome.product) };
        case "replayed": {
          const headers = { "Idempotent-Replayed": "true" };
          return { status: 201, headers, body: operatorProductView(outcome.answer) };
        }
      }
    },
  });

const correctRoute = ({ correctProduct }: OperatorUseCases): Route =>
  route({
    method: "PATCH",
    path: "/admin/v1/products/{productId}",
    operationId: "correctProduct",
    tag,
    summary: "Correct the name, price, stock or limit of a product",
    description:
      "Members left out keep their values. An order keeps the name and price that it was made at. The stock cannot fall below the pieces that are held and sold.",
    auth: "operator",
    permission: "manage",
    params: ProductParams,
    body: CorrectionBody,
    answers: { 200: OperatorProduct },
    problems: ["PRODUCT_NOT_FOUND"],
    handle: async ({ params, body, caller: { actor } }) => {
      const outcome = await correctProduct(toId(params.productId), body, actor);
      switch (outcome.kind) {
        case "not-found":
          return { problem: "PRODUCT_NOT_FOUND" };
        case "below-pieces": {
          const message = `must be >= ${outcome.stockMin}, the pieces that are held and sold`;
          return malformedRequest([{ pointer: "/stock", message }]);
        }
        case "corrected":
          return { status: 200, body: operatorProductView(outcome.after) };
      }
    },
  });

const productsRoute = ({ listAllProducts }: OperatorUseCases): Route =>
  route({
    method: "GET",
    path: "/admin/v1/products",
    operationId: "listOperatorProducts",
    tag,
    summary: "List products with their held and sold pieces, newest first",
    description: "Also products of drafts.",
    auth: "operator",
    permission: "read",
    query: ProductsQuery,
    answers: { 200: OperatorProductPage },
    problems: [],
    handle: async ({ query }) => {
      const after = readIdCursor<"product">(query.cursor);
      if (after === undefined) return invalidCursor;
      const concertId = query.concertId === undefined ? null : toId<"concert">(query.concertId);
      const limit = listLimit(query);
      const page = await listAllProducts({ concertId, withDrafts: true, after, limit });
      const items = page.items.map(operatorProductView);
      return { status: 200, body: { items, nextCursor: idCursor(page.next) } };
    },
  });

const ordersRoute = ({ listOrders }: OperatorUseCases): Route =>
  route({
    method: "GET",
    path: "/admin/v1/orders",
    operationId: "listOperatorOrders",
    tag,
    summary: "List orders of goods, newest first",
    auth: "operator",
    permission: "read",
    query: Type.Object({
      ...ListQuery.properties,
      userId: Type.Optional(Uuid("Only orders of this user")),
      concertId: Type.Optional(Uuid("Only orders with products of this concert")),
    }),
    answers: { 200: OrderPage },
    problems: [],
    handle: async ({ query }) => {
      const after = readIdCursor<"order">(query.cursor);
      if (after === undefined) return invalidCursor;
      const userId = query.userId === undefined ? null : toId<"user">(query.userId);
      const concertId = query.concertId === undefined ? null : toId<"concert">(query.concertId);
      const page = await listOrders({ userId, concertId, limit: listLimit(query), after });
      const items = page.items.map(({ order, nowMs }) => orderView(order, nowMs));
      return { status: 200, body: { items, nextCursor: idCursor(page.next) } };
    },
  });

const refundRoute = ({ refundOrder }: OperatorUseCases): Route =>
  route({
    method: "POST",
    path: "/admin/v1/orders/{orderId}/refund",
    operationId: "refundOrder",
    tag,
    summary: "Refund an order of goods to its buyer",
    description:
      "In full, and the pieces are free again. Money that the balance has no room for is payable by the operator. An order that is already refunded stays as it is. The audit trail has the operator and the reason.",
    auth: "operator",
    permission: "administer",
    params: OrderParams,
    body: Type.Object({
      reason: Type.Optional(
        Text({ maxLength: reasonCharsMax, description: "The reason, for the audit trail" }),
      ),
    }),
    answers: { 200: OrderAnswer },
    problems: ["ORDER_NOT_FOUND", "ORDER_NOT_REFUNDABLE"],
    handle: async ({ params, body: { reason = null }, caller: { actor } }) => {
      const { outcome, nowMs } = await refundOrder(toId(params.orderId), { actor, reason });
      switch (outcome.kind) {
        case "not-found":
          return { problem: "ORDER_NOT_FOUND" };
        case "not-refundable": {
          const detail = `Nothing was paid for the order: it is ${outcome.status}.`;
          return { problem: "ORDER_NOT_REFUNDABLE", detail };
        }
        case "already-refunded":
        case "refunded":
          return { status: 200, body: orderView(outcome.order, nowMs) };
      }
    },
  });

/** Returns the routes with which operators keep products and read orders. */
export const operatorRoutes = (useCases: OperatorUseCases): readonly Route[] => [
  createRoute(useCases),
  correctRoute(useCases),
  productsRoute(useCases),
  ordersRoute(useCases),
  refundRoute(useCases),
];
