import { Type } from "typebox";
import { toRfc3339, type InstantMs } from "#kernel/instant.ts";
import { toId, type UserId } from "#kernel/ids.ts";
import { route, type Route } from "#platform/http/route.ts";
import { Instant, Nullable, Uuid } from "#platform/http/schemas.ts";
import type { User } from "../../ports/users.ts";
import type { GrantedSession } from "../../use-cases/create-user.ts";
import type { EraseUserOutcome } from "../../use-cases/erase-user.ts";
import type { Credential } from "../../use-cases/redeem-credential.ts";

export const SessionBody = Type.Object(
  {
    userId: Uuid("The user of the session"),
    accessToken: Type.String({ description: "Send it as `Authorization: Bearer …`" }),
    expiresAt: Instant("The end of the access token"),
    refreshToken: Type.String({
      description: "Renews the session once; each renewal returns the next one",
    }),
    recoveryCode: Nullable(Type.String({ examples: ["7Q2MX-0V9KD-5T3HB-N8RWJ-1C6PZ-G4YEF"] }), {
      description:
        "Opens the account when every session is lost. The server stores only its hash, so no later answer has it; null when the present code stays valid",
    }),
  },
  { $id: "Session" },
);

export const sessionView = ({ expiresAtMs, ...session }: GrantedSession) => ({
  ...session,
  expiresAt: toRfc3339(expiresAtMs),
});

const secret = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 200, description }));

const CredentialBody = Type.Object(
  {
    refreshToken: secret("The newest refresh token of the session"),
    recoveryCode: secret("The recovery code, in any case, with or without hyphens"),
    handoverCode: secret("The code from `POST /users/me/handover`"),
  },
  {
    minProperties: 1,
    maxProperties: 1,
    examples: [{ refreshToken: "AZ-…" }],
  },
);

const UserBody = Type.Object(
  {
    userId: Uuid("The caller"),
    name: Nullable(Type.String(), { description: "Display name; it does not identify the user" }),
    createdAt: Instant("The time at which the user was created"),
  },
  { $id: "User" },
);

const HandoverBody = Type.Object(
  {
    code: Type.String({ description: "Opens one more session, once" }),
    expiresAt: Instant("The end of the code"),
  },
  { $id: "Handover" },
);

const RecoveryBody = Type.Object(
  { recoveryCode: Type.String({ description: "Replaces the user's recovery code" }) },
  { $id: "Recovery" },
);

const tag = "Users";

export interface UserUseCases {
  findUser(userId: UserId): Promise<User | null>;
  signOutEverywhere(userId: UserId): Promise<void>;
  eraseUser(userId: UserId): Promise<EraseUserOutcome>;
}

/** The routes of the caller's own account, for access tokens of any issuer. */
export const ownAccountRoutes = (useCases: UserUseCases): readonly Route[] => [
  route({
    method: "GET",
    path: "/api/v1/users/me",
    operationId: "readMe",
    tag,
    summary: "Read the caller's account",
    auth: "access",
    answers: { 200: UserBody },
    problems: ["NOT_FOUND"],
    handle: async ({ caller: { userId } }) => {
      const user = await useCases.findUser(userId);
      if (user === null) return { problem: "NOT_FOUND" };
      const { name, createdAtMs } = user;
      return { status: 200, body: { userId, name, createdAt: toRfc3339(createdAtMs) } };
    },
  }),
  route({
    method: "DELETE",
    path: "/api/v1/users/me/tokens",
    operationId: "signOutEverywhere",
    tag,
    summary: "Sign out everywhere",
    description:
      "Ends every session and revokes every token of the caller, the queue tokens too. Every instance applies it within seconds. A place in a queue stays; after signing in, join again to get its new token.",
    auth: "access",
    answers: { 204: null },
    problems: [],
    handle: async ({ caller: { userId } }) => {
      await useCases.signOutEverywhere(userId);
      return { status: 204 };
    },
  }),
  route({
    method: "DELETE",
    path: "/api/v1/users/me",
    operationId: "eraseMe",
    tag,
    summary: "Erase the caller's account",
    description:
      "Removes name, identity and sessions, and revokes every token. Payments and the ledger keep the user id, because they must stay complete.",
    auth: "access",
    answers: { 204: null },
    problems: ["ACCOUNT_NOT_EMPTY"],
    handle: async ({ caller: { userId } }) => {
      const outcome = await useCases.eraseUser(userId);
      switch (outcome.kind) {
        case "erased":
          return { status: 204 };
        case "not-empty":
          return {
            problem: "ACCOUNT_NOT_EMPTY",
            detail: `The account has a balance of ${outcome.balance} and ${outcome.validTickets} valid tickets.`,
          };
      }
    },
  }),
];

export interface SessionUseCases {
  redeemCredential(credential: Credential): Promise<GrantedSession | null>;
  offerHandover(
    userId: UserId,
  ): Promise<{ readonly code: string; readonly expiresAtMs: InstantMs }>;
  renewRecoveryCode(actor: string, userId: UserId): Promise<string | null>;
}

/** The routes of built-in sessions; an installation with its own identity provider has none of them. */
export const sessionRoutes = (useCases: SessionUseCases): readonly Route[] => [
  route({
    method: "POST",
    path: "/api/v1/users/tokens",
    operationId: "redeemCredential",
    tag,
    summary: "Renew or open a session",
    description:
      "Takes exactly one credential. A refresh token that is sent again within 30 s returns the same successor; later it ends its session, because a third party may have a copy. A recovery code ends all other sessions and returns a new code; the old one works until the new session is first used. The access token lasts 15 minutes.",
    auth: "none",
    body: CredentialBody,
    answers: { 201: SessionBody },
    problems: ["CREDENTIAL_INVALID"],
    handle: async ({ body: { refreshToken, recoveryCode, handoverCode } }) => {
      const credential: Credential =
        refreshToken !== undefined
          ? { kind: "refresh-token", secret: refreshToken }
          : recoveryCode !== undefined
            ? { kind: "recovery-code", secret: recoveryCode }
            : { kind: "handover-code", secret: handoverCode ?? "" };
      const session = await useCases.redeemCredential(credential);
      return session === null
        ? { problem: "CREDENTIAL_INVALID" }
        : { status: 201, body: sessionView(session) };
    },
  }),
  route({
    method: "POST",
    path: "/api/v1/users/me/handover",
    operationId: "offerHandover",
    tag,
    summary: "Create a code that opens a session on another device",
    description: "The code works once, for 5 minutes; a newer code replaces it.",
    auth: "access",
    answers: { 201: HandoverBody },
    problems: [],
    handle: async ({ caller: { userId } }) => {
      const { code, expiresAtMs } = await useCases.offerHandover(userId);
      return { status: 201, body: { code, expiresAt: toRfc3339(expiresAtMs) } };
    },
  }),
  route({
    method: "POST",
    path: "/admin/v1/users/{userId}/recovery",
    operationId: "renewRecoveryCode",
    tag: "Operator",
    summary: "Give a user access again",
    description:
      "Replaces the recovery code of a built-in user who has lost every session and the code. Give it only to the owner of the account.",
    auth: "operator",
    permission: "administer",
    params: Type.Object({ userId: Uuid("The user") }),
    answers: { 201: RecoveryBody },
    problems: ["NOT_FOUND"],
    handle: async ({ caller: { actor }, params }) => {
      const recoveryCode = await useCases.renewRecoveryCode(actor, toId<"user">(params.userId));
      return recoveryCode === null
        ? { problem: "NOT_FOUND" }
        : { status: 201, body: { recoveryCode } };
    },
  }),
];
