import { isUuid, toId, type ConcertId } from "#kernel/ids.ts";
import { route, type Route } from "#platform/http/route.ts";
import { ListQuery, listLimit, Page } from "#platform/http/schemas.ts";
import type { PublicRoutesDeps } from "./public-routes.ts";
import { invalidCursor } from "./violations.ts";
import { ConcertOnSale, ConcertParams } from "./shapes.ts";
import { concertOnSaleView } from "./views.ts";

const tag = "Operator";
const ConcertOnSaleList = Page(ConcertOnSale, { $id: "ConcertOnSaleList" });

/** Returns the routes with which operators read concerts and their policies. The server never sheds these requests. */
export const onSaleRoutes = ({
  find,
  listConcerts,
  monitor,
}: PublicRoutesDeps): readonly Route[] => [
  route({
    method: "GET",
    path: "/admin/v1/concerts",
    operationId: "listConcertsOnSale",
    tag,
    summary: "List the concerts with their policies, newest first",
    auth: "operator",
    query: ListQuery,
    answers: { 200: ConcertOnSaleList },
    problems: [],
    handle: async ({ query }) => {
      if (query.cursor !== undefined && !isUuid(query.cursor)) return invalidCursor;
      const after: ConcertId | null = query.cursor === undefined ? null : toId(query.cursor);
      const page = await listConcerts({ after, limit: listLimit(query), withDrafts: true });
      const items = page.concerts.map(async (concert) =>
        concertOnSaleView(concert, await monitor.getState(concert.concertId)),
      );
      return { status: 200, body: { items: await Promise.all(items), nextCursor: page.next } };
    },
  }),
  route({
    method: "GET",
    path: "/admin/v1/concerts/{concertId}",
    operationId: "readConcertOnSale",
    tag,
    summary: "Read a concert with its policy",
    auth: "operator",
    params: ConcertParams,
    answers: { 200: ConcertOnSale },
    problems: ["CONCERT_NOT_FOUND"],
    handle: async ({ params }) => {
      const concert = await find(toId(params.concertId));
      if (concert === null) return { problem: "CONCERT_NOT_FOUND" };
      return {
        status: 200,
        body: concertOnSaleView(concert, await monitor.getState(concert.concertId)),
      };
    },
  }),
];
