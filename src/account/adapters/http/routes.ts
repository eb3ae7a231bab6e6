import { Type } from "typebox";
import { route, type Route } from "#platform/http/route.ts";
import { Text } from "#platform/http/schemas.ts";
import type { CreateUser, CreateUserOutcome } from "../../use-cases/create-user.ts";
import { SessionBody, sessionView } from "./session-routes.ts";

const NewUser = Type.Object(
  {
    name: Type.Optional(
      Text({ maxLength: 100, description: "Display name; it does not identify the user" }),
    ),
  },
  { examples: [{ name: "Kim Ha-neul" }] },
);

/** Returns the routes of the built-in accounts. */
export const accountRoutes = (useCases: {
  createUser(command: CreateUser): Promise<CreateUserOutcome>;
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
    challenge: true,
    body: NewUser,
    answers: { 201: SessionBody },
    problems: [],
    handle: async ({ body, challengeResponse }) => {
      const outcome = await useCases.createUser({ name: body.name ?? null, challengeResponse });
      switch (outcome.kind) {
        case "CHALLENGE_REQUIRED":
          return { problem: outcome.kind };
        case "created":
          return { status: 201, body: sessionView(outcome.session) };
      }
    },
  }),
];
