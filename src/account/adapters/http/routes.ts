import { Type } from "typebox";
import { toRfc3339 } from "#kernel/instant.ts";
import { route, type Route } from "#platform/http/route.ts";
import { Instant, Text, Uuid } from "#platform/http/schemas.ts";
import type { CreatedUser, CreateUser } from "../../use-cases/create-user.ts";

const NewUser = Type.Object(
  {
    name: Type.Optional(
      Text({ maxLength: 100, description: "Display name; it does not identify the user" }),
    ),
  },
  { additionalProperties: false, examples: [{ name: "Kim Ha-neul" }] },
);

const UserWithToken = Type.Object(
  {
    userId: Uuid("The new user"),
    accessToken: Type.String({
      description: "The access token; send it as `Authorization: Bearer …`",
    }),
    expiresAt: Instant("When the access token expires"),
  },
  { $id: "UserWithToken" },
);

/** Returns the routes of the built-in accounts. */
export const accountRoutes = (useCases: {
  createUser(command: CreateUser): Promise<CreatedUser>;
}): readonly Route[] => [
  route({
    method: "POST",
    path: "/api/v1/users",
    operationId: "createUser",
    tag: "Users",
    summary: "Create a user and an access token",
    description:
      "The built-in source of access tokens. An installation with its own identity provider may disable this call; it then answers 404.",
    auth: "none",
    body: NewUser,
    answers: { 201: UserWithToken },
    problems: [],
    handle: async ({ body }) => {
      const user = await useCases.createUser({ name: body.name ?? null });
      return {
        status: 201,
        body: {
          userId: user.userId,
          accessToken: user.accessToken,
          expiresAt: toRfc3339(user.expiresAtMs),
        },
      };
    },
  }),
];
