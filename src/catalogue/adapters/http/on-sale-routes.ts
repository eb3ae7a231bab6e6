import { Type } from "typebox";
import { isUuid, toId } from "#kernel/ids.ts";
import { invalidCursor } from "#platform/http/cursors.ts";
import { route, type Route } from "#platform/http/route.ts";
import { listLimit, ListQuery, Page, Text } from "#platform/http/schemas.ts";
import type { FindConcerts, FoundConcerts } from "../../use-cases/find-concerts.ts";
import { concertReader, type PublicRoutesDeps } from "./public-routes.ts";
import { ConcertOnSale, ConcertParams, state } from "./shapes.ts";
import { concertOnSaleView } from "./views.ts";

export interface OnSaleRoutesDeps extends PublicRoutesDeps {
  readonly findConcerts: (query: FindConcerts) => Promise<FoundConcerts>;
}

const FindQuery = Type.Object({
  ...ListQuery.properties,
  q: Type.Optional(
    Text({ maxLength: 200, description: "A part of the title or the venue in any case, or an id" }),
  ),
  state: Type.Optional(state),
  archived: Type.Optional(
    Type.Enum(["true", "false"], {
      description:
        "`true`: only concerts that are closed or whose shows have all begun; `false`: only the others",
      examples: ["false"],
    }),
  ),
});

const tag = "Operator";
const ConcertOnSaleList = Page(ConcertOnSale, { $id: "ConcertOnSaleList" });

/** Returns the routes with which operators read concerts and their policies. The server never sheds these requests. */
export const onSaleRoutes = (deps: OnSaleRoutesDeps): readonly Route[] => {
  const { one } = concertReader(deps, concertOnSaleView);
  return [
    route({
      method: "GET",
      path: "/admin/v1/concerts",
      operationId: "listConcertsOnSale",
      tag,
      summary: "Find concerts, newest first, with their policies",
      description:
        "Drafts too. With `state` a page may have fewer items than its limit, or none, while there is a `nextCursor`.",
      auth: "operator",
      permission: "read",
      query: FindQuery,
      answers: { 200: ConcertOnSaleList },
      problems: [],
      handle: async ({ query }) => {
        const { cursor, q, state: wanted, archived } = query;
        if (cursor !== undefined && !isUuid(cursor)) return invalidCursor;
        const { found, next } = await deps.findConcerts({
          limit: listLimit(query),
          after: cursor === undefined ? null : toId(cursor),
          text: q ?? null,
          state: wanted ?? null,
          isOver: archived === undefined ? null : archived === "true",
        });
        const items = found.map((it) => concertOnSaleView(it.concert, it.state));
        return { status: 200, body: { items, nextCursor: next } };
      },
    }),
    route({
      method: "GET",
      path: "/admin/v1/concerts/{concertId}",
      operationId: "readConcertOnSale",
      tag,
      summary: "Read a concert with its policy",
      auth: "operator",
      permission: "read",
      params: ConcertParams,
      answers: { 200: ConcertOnSale },
      problems: ["CONCERT_NOT_FOUND"],
      handle: ({ params }) => one(params.concertId),
    }),
  ];
};
