import { Type } from "typebox";
import { toId, type UserId } from "#kernel/ids.ts";
import { toRfc3339 } from "#kernel/instant.ts";
import type { Page as PageOf } from "#kernel/page.ts";
import { invalidCursor } from "#platform/http/cursors.ts";
import { route, type Route } from "#platform/http/route.ts";
import {
  Instant,
  listLimit,
  ListQuery,
  Nullable,
  Page,
  Text,
  Uuid,
} from "#platform/http/schemas.ts";
import type { UserPart } from "#platform/http/user-parts.ts";
import type { KnownUser, NamePosition } from "../../ports/known-users.ts";
import type { FindUsers } from "../../use-cases/find-users.ts";
import { readUserCursor, userCursor } from "./user-cursor.ts";

export interface FindUserCases {
  findUsers(query: FindUsers): Promise<PageOf<KnownUser, NamePosition>>;
  /** Also an erased user; null for an unknown one. */
  findUser(userId: UserId): Promise<KnownUser | null>;
}

const tag = "Operator";

/** An id and 100 characters of four bytes each, in base64url. */
const cursorCharsMax = 600;

const UsersQuery = Type.Object({
  ...ListQuery.properties,
  cursor: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: cursorCharsMax,
      description: "`nextCursor` of the previous page",
    }),
  ),
  q: Type.Optional(
    Text({ maxLength: 100, description: "A user id, or the beginning of a name in any case" }),
  ),
});

const members = {
  userId: Uuid("The user"),
  name: Nullable(Type.String(), {
    description: "Display name; null when none is known, and after the erasure",
    examples: ["Kim Ha-neul"],
  }),
  createdAt: Instant("When the user was created"),
  erasedAt: Nullable(Instant("When the user erased the account"), { examples: [null] }),
};

const userView = ({ userId, name, createdAtMs, erasedAtMs }: KnownUser) => ({
  userId,
  name,
  createdAt: toRfc3339(createdAtMs),
  erasedAt: erasedAtMs === null ? null : toRfc3339(erasedAtMs),
});

const searchRoute = ({ findUsers }: FindUserCases): Route =>
  route({
    method: "GET",
    path: "/admin/v1/users",
    operationId: "findUsers",
    tag,
    summary: "Find users by id or name",
    description:
      "With `q` the users whose name begins with it, sorted by name, or the user with that id. Without it every user, newest first.",
    auth: "operator",
    permission: "read",
    query: UsersQuery,
    answers: { 200: Page(Type.Object(members, { $id: "FoundUser" }), { $id: "FoundUserPage" }) },
    problems: [],
    handle: async ({ query }) => {
      const after = readUserCursor(query.cursor);
      if (after === undefined) return invalidCursor;
      const page = await findUsers({ text: query.q ?? null, limit: listLimit(query), after });
      const nextCursor = userCursor(page.next);
      return { status: 200, body: { items: page.items.map(userView), nextCursor } };
    },
  });

const recordRoute = ({ findUser }: FindUserCases, parts: readonly UserPart[]): Route =>
  route({
    method: "GET",
    path: "/admin/v1/users/{userId}",
    operationId: "readUserRecord",
    tag,
    summary: "Read everything about a user",
    description:
      "Balance, places, reservations, payments, tickets and ledger entries over all concerts. Tickets have no codes: only their holder has.",
    auth: "operator",
    permission: "read",
    params: Type.Object({ userId: Uuid("The user") }),
    answers: {
      200: Type.Object(
        { ...members, ...Object.fromEntries(parts.map(({ name, schema }) => [name, schema])) },
        { $id: "UserRecord" },
      ),
    },
    problems: ["NOT_FOUND"],
    handle: async ({ params }) => {
      const user = await findUser(toId<"user">(params.userId));
      if (user === null) return { problem: "NOT_FOUND" };
      const read = await Promise.all(
        parts.map(async (part) => [part.name, await part.read(user.userId)] as const),
      );
      return { status: 200, body: { ...userView(user), ...Object.fromEntries(read) } };
    },
  });

/** Returns the routes with which operators find users. `parts`: the parts of a record, of the other features. */
export const findRoutes = (
  useCases: FindUserCases,
  parts: readonly UserPart[],
): readonly Route[] => [searchRoute(useCases), recordRoute(useCases, parts)];
