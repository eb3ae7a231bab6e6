import { Type } from "typebox";
import { toId, type ProductId } from "#kernel/ids.ts";
import type { Page } from "#kernel/page.ts";
import {
  idCursor,
  invalidCursor,
  numberCursor,
  readIdCursor,
  readNumberCursor,
} from "#platform/http/cursors.ts";
import { route, type Route } from "#platform/http/route.ts";
import { listLimit, ListQuery, Uuid } from "#platform/http/schemas.ts";
import type { StockedProduct } from "../../domain/product.ts";
import type { ProductQuery, TopSeller } from "../../ports/products.ts";
import { ProductAnswer, ProductPage, ProductParams, TopSellerPage } from "./shapes.ts";
import { productView, topSellerView } from "./views.ts";

export interface ProductUseCases {
  find(productIds: readonly ProductId[]): Promise<readonly StockedProduct[]>;
  listProducts(query: ProductQuery): Promise<Page<StockedProduct, ProductId>>;
  listTopSellers(query: {
    readonly days: number;
    readonly limit: number;
    readonly after: number | null;
  }): Promise<Page<TopSeller, number>>;
}

const tag = "Goods";

/** The answer is the same for all callers, so a cache in front may serve it. */
const headers = { "Cache-Control": "public, max-age=1" } as const;

export const ProductsQuery = Type.Object({
  ...ListQuery.properties,
  concertId: Type.Optional(
    Uuid("Only products of this concert; default: of all concerts and of the house"),
  ),
});

const TopQuery = Type.Object({
  ...ListQuery.properties,
  days: Type.Optional(
    Type.String({
      pattern: "^([1-9]|[1-8][0-9]|90)$",
      description: "The last days of 24 hours, 1 to 90, default 3",
      examples: ["3"],
    }),
  ),
});

/** Returns the public routes of products. */
export const productRoutes = (useCases: ProductUseCases): readonly Route[] => [
  route({
    method: "GET",
    path: "/api/v1/products",
    operationId: "listProducts",
    tag,
    summary: "List the products of a concert, or all, newest first",
    description: "At most 1 s old. An order is always judged by what is free at its moment.",
    auth: "none",
    isCacheable: true,
    query: ProductsQuery,
    answers: { 200: ProductPage },
    problems: [],
    handle: async ({ query }) => {
      const after = readIdCursor<"product">(query.cursor);
      if (after === undefined) return invalidCursor;
      const concertId = query.concertId === undefined ? null : toId<"concert">(query.concertId);
      const limit = listLimit(query);
      const page = await useCases.listProducts({ concertId, withDrafts: false, after, limit });
      const body = { items: page.items.map(productView), nextCursor: idCursor(page.next) };
      return { status: 200, headers, body };
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/products/top",
    operationId: "listTopSellers",
    tag,
    summary: "List the top sellers by pieces paid",
    description:
      "The products of which the most pieces were paid in the last `days`, at most 100. Refunded pieces do not count.",
    auth: "none",
    isCacheable: true,
    query: TopQuery,
    answers: { 200: TopSellerPage },
    problems: [],
    handle: async ({ query }) => {
      const after = readNumberCursor(query.cursor);
      if (after === undefined) return invalidCursor;
      const days = Number(query.days ?? 3);
      const page = await useCases.listTopSellers({ days, limit: listLimit(query), after });
      const body = { items: page.items.map(topSellerView), nextCursor: numberCursor(page.next) };
      return { status: 200, headers, body };
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/products/{productId}",
    operationId: "readProduct",
    tag,
    summary: "Read a product",
    auth: "none",
    isCacheable: true,
    params: ProductParams,
    answers: { 200: ProductAnswer },
    problems: ["PRODUCT_NOT_FOUND"],
    handle: async ({ params }) => {
      const [product] = await useCases.find([toId(params.productId)]);
      return product === undefined
        ? { problem: "PRODUCT_NOT_FOUND" }
        : { status: 200, headers, body: productView(product) };
    },
  }),
];
