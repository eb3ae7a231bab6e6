import { Type } from "typebox";
import { route, type Route } from "#platform/http/route.ts";
import { Text } from "#platform/http/schemas.ts";
import type { CreateUser, GrantedSession } from "../../use-cases/create-user.ts";
import { SessionBody, sessionView } from "./session-routes.ts";

const NewUser = Type.Object(
  {
    name: Type.Optional(
      Text({ maxLength: 100, description: "Display name; it does not identify the user" }),
    ),
  },
  { additionalProperties: false, examples: [{ name: "Kim Ha-neul" }] },
);

/** Returns the routes of the built-in accounts. */
export const accountRoutes = (useCases: {
  createUser(command: CreateUser): Promise<GrantedSession>;
}): readonly Route[] => [
  route({
    method: "POST",
    path: "/api/v1/users",
    operationId: "createUser",
    tag: "Users",
    summary: "Create a user, a session and a recovery code",
    description:
      "The built-in source of access tokens. An installation with its own identity provider may disable this call; it then answers 404.",
    auth: "none",
    makesUser: true,
    body: NewUser,
    answers: { 201: SessionBody },
    problems: [],
    handle: async ({ body }) => {
      const session = await useCases.createUser({ name: body.name ?? null });
      return { status: 201, headers: { "Cache-Control": "no-store" }, body: sessionView(session) };
    },
  }),
];
