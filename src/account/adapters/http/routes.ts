import { Type } from "typebox";
import { toRfc3339 } from "#kernel/instant.ts";
import { route, type Route } from "#platform/http/route.ts";
import { Instant, Text, Uuid } from "#platform/http/schemas.ts";
import type { CreatedUser, CreateUser } from "../../use-cases/create-user.ts";

const NewUser = Type.Object(
  {
    name: Type.Optional(
      Text({ maxLength: 100, description: "For people to read; identifies nobody" }),
    ),
  },
  { additionalProperties: false, examples: [{ name: "Kim Ha-neul" }] },
);

const UserWithToken = Type.Object(
  {
    userId: Uuid("The new user"),
    accessToken: Type.String({ description: "Send it as `Authorization: Bearer …`" }),
    expiresAt: Instant("When the access token ends"),
  },
  { $id: "UserWithToken" },
);

/** The routes of the built-in accounts. */
export const accountRoutes = (useCases: {
  createUser(command: CreateUser): Promise<CreatedUser>;
}): readonly Route[] => [
  route({
    method: "POST",
    path: "/api/v1/users",
    operationId: "createUser",
    tag: "Users",
    summary: "Make a user and his access token",
    description:
      "The built-in way to get an access token. An installation with its own identity provider may have it switched off; the path is then not found.",
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
