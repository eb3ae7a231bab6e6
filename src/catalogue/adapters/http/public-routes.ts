import type { Static } from "typebox";
import { isUuid, toId, type ConcertId } from "#kernel/ids.ts";
import type { QueueState } from "#kernel/queue-forecasts.ts";
import { route, type Route } from "#platform/http/route.ts";
import { ListQuery, listLimit } from "#platform/http/schemas.ts";
import type { Concert as ShownConcert } from "../../domain/concert.ts";
import type { SaleMonitor } from "../../ports/sale-monitor.ts";
import type { ConcertCache } from "../../ports/concert-cache.ts";
import type { ConcertSlice } from "../../ports/concert-records.ts";
import type { ConcertPage } from "../../use-cases/list-concerts.ts";
import { invalidCursor } from "#platform/http/cursors.ts";
import { Concert, ConcertList, ConcertParams } from "./shapes.ts";
import { concertView } from "./views.ts";

export interface PublicRoutesDeps {
  readonly find: ConcertCache["find"];
  readonly listConcerts: (slice: ConcertSlice) => Promise<ConcertPage>;
  readonly monitor: Pick<SaleMonitor, "getState">;
}

/** Answers with a page of concerts, or with one, each as `view` shows it. */
export const concertReader = <View>(
  { find, listConcerts, monitor }: PublicRoutesDeps,
  view: (concert: ShownConcert, state: QueueState) => View,
) => {
  const show = async (concert: ShownConcert) =>
    view(concert, await monitor.getState(concert.concertId));
  return {
    async page(query: Static<typeof ListQuery>) {
      if (query.cursor !== undefined && !isUuid(query.cursor)) return invalidCursor;
      const after: ConcertId | null = query.cursor === undefined ? null : toId(query.cursor);
      const { concerts, next } = await listConcerts({
        after,
        limit: listLimit(query),
        withDrafts: false,
      });
      const items = await Promise.all(concerts.map(show));
      return { status: 200 as const, body: { items, nextCursor: next } };
    },
    async one(concertId: string) {
      const concert = await find(toId(concertId));
      if (concert === null) return { problem: "CONCERT_NOT_FOUND" as const };
      return { status: 200 as const, body: await show(concert) };
    },
  };
};

/** Returns the public routes of concerts. */
export const publicRoutes = (deps: PublicRoutesDeps): readonly Route[] => {
  const { page, one } = concertReader(deps, concertView);
  return [
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
      handle: ({ query }) => page(query),
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
      handle: ({ params }) => one(params.concertId),
    }),
  ];
};
