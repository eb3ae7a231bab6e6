import { isUuid, toId, type ConcertId } from "#kernel/ids.ts";
import { route, type Route } from "#platform/http/route.ts";
import { ListQuery, listLimit } from "#platform/http/schemas.ts";
import type { SaleMonitor } from "../../ports/sale-monitor.ts";
import type { ConcertCache } from "../../ports/concert-cache.ts";
import type { ConcertPage, ListConcerts } from "../../use-cases/list-concerts.ts";
import { invalidCursor } from "./violations.ts";
import { Concert, ConcertList, ConcertParams } from "./shapes.ts";
import { concertView } from "./views.ts";

export interface PublicRoutesDeps {
  readonly find: ConcertCache["find"];
  readonly listConcerts: (command: ListConcerts) => Promise<ConcertPage>;
  readonly monitor: Pick<SaleMonitor, "getState">;
}

/** Returns the public routes of concerts. */
export const publicRoutes = ({
  find,
  listConcerts,
  monitor,
}: PublicRoutesDeps): readonly Route[] => [
  route({
    method: "GET",
    path: "/api/v1/concerts",
    operationId: "listConcerts",
    tag: "Concerts",
    summary: "List the concerts, newest first",
    auth: "none",
    query: ListQuery,
    answers: { 200: ConcertList },
    problems: [],
    handle: async ({ query }) => {
      if (query.cursor !== undefined && !isUuid(query.cursor)) return invalidCursor;
      const after: ConcertId | null = query.cursor === undefined ? null : toId(query.cursor);
      const page = await listConcerts({ after, limit: listLimit(query), withDrafts: false });
      const items = page.concerts.map(async (concert) =>
        concertView(concert, await monitor.getState(concert.concertId)),
      );
      return { status: 200, body: { items: await Promise.all(items), nextCursor: page.next } };
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/concerts/{concertId}",
    operationId: "getConcert",
    tag: "Concerts",
    summary: "Read a concert with its dates, price range and queue schedule",
    auth: "none",
    params: ConcertParams,
    answers: { 200: Concert },
    problems: ["CONCERT_NOT_FOUND"],
    handle: async ({ params }) => {
      const concert = await find(toId(params.concertId));
      if (concert === null) return { problem: "CONCERT_NOT_FOUND" };
      return { status: 200, body: concertView(concert, await monitor.getState(concert.concertId)) };
    },
  }),
];
