import { Type } from "typebox";
import { toId, type TicketId, type UserId } from "#kernel/ids.ts";
import type { Page, PageQuery } from "#kernel/page.ts";
import { idCursor, invalidCursor, readIdCursor } from "#platform/http/cursors.ts";
import { route, type Route } from "#platform/http/route.ts";
import { listLimit, ListQuery, Uuid } from "#platform/http/schemas.ts";
import type { OwnTicket } from "../../use-cases/read-tickets.ts";
import type { PublicTicketKey } from "../crypto/ed25519-codes.ts";
import { TicketAnswer, TicketPage, ownTicketView } from "./ticket-shapes.ts";

export interface TicketUseCases {
  readTicket(userId: UserId, ticketId: TicketId): Promise<OwnTicket | null>;
  listTickets(userId: UserId, query: PageQuery<TicketId>): Promise<Page<OwnTicket, TicketId>>;
}

const tag = "Tickets";

const KeysAnswer = Type.Object(
  {
    keys: Type.Array(
      Type.Object({
        kty: Type.Literal("OKP", { description: "Octet key pair" }),
        crv: Type.Literal("Ed25519", { description: "The curve" }),
        alg: Type.Literal("EdDSA", { description: "The algorithm" }),
        use: Type.Literal("sig", { description: "The key verifies signatures" }),
        kid: Type.String({
          description: "The second byte of a code, as a number",
          examples: ["1"],
        }),
        x: Type.String({
          description: "The public key, in base64url",
          examples: ["11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"],
        }),
      }),
      { description: "The key that signs now, then the others, whose codes are still good" },
    ),
  },
  { $id: "TicketKeys" },
);

/** Caches keep the keys for an hour: so long before it signs, a new key must be in the list. */
const keysMaxAge = "public, max-age=3600";

const keysRoute = (publicKeys: readonly PublicTicketKey[]): Route =>
  route({
    method: "GET",
    path: "/.well-known/ticket-keys.json",
    operationId: "listTicketKeys",
    tag,
    summary: "Read the public keys of ticket codes",
    description:
      "A JSON Web Key Set (RFC 7517) of Ed25519 keys. A code is the base64url of: format 1 (1 byte), key (1), ticket id (16), days from 1970-01-01 to the date of the show (2), version (2), signature (64) of `frontrow-ticket-v1` followed by all bytes before it. Numbers are big-endian. A scanner verifies a code with them without a network.",
    auth: "none",
    isCacheable: true,
    answers: { 200: KeysAnswer },
    problems: [],
    handle: () => ({
      status: 200,
      headers: { "Cache-Control": keysMaxAge },
      body: {
        keys: publicKeys.map((key) => ({
          kty: "OKP" as const,
          crv: "Ed25519" as const,
          alg: "EdDSA" as const,
          use: "sig" as const,
          ...key,
        })),
      },
    }),
  });

/** Returns the routes of a user's tickets and of the keys that verify their codes. */
export const ticketRoutes = (
  useCases: TicketUseCases,
  publicKeys: readonly PublicTicketKey[],
): readonly Route[] => [
  route({
    method: "GET",
    path: "/api/v1/tickets/{ticketId}",
    operationId: "readTicket",
    tag,
    summary: "Read the caller's ticket and its code",
    description: "A ticket that the caller has passed on reads `VOID`, without a code.",
    auth: "access",
    params: Type.Object({ ticketId: Uuid("The ticket") }),
    answers: { 200: TicketAnswer },
    problems: ["TICKET_NOT_FOUND"],
    handle: async ({ caller, params }) => {
      const ticket = await useCases.readTicket(caller.userId, toId(params.ticketId));
      return ticket === null
        ? { problem: "TICKET_NOT_FOUND" }
        : { status: 200, body: ownTicketView(ticket) };
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/users/{userId}/tickets",
    operationId: "listTickets",
    tag,
    summary: "List the caller's tickets, newest first",
    description: "Those that the caller has passed on too, as `VOID`.",
    auth: "access",
    params: Type.Object({ userId: Uuid("The caller's own user id") }),
    query: ListQuery,
    answers: { 200: TicketPage },
    problems: ["NOT_FOUND"],
    handle: async ({ caller: { userId }, params, query }) => {
      if (params.userId !== userId) return { problem: "NOT_FOUND" };
      const after = readIdCursor<"ticket">(query.cursor);
      if (after === undefined) return invalidCursor;
      const page = await useCases.listTickets(userId, { limit: listLimit(query), after });
      return {
        status: 200,
        body: { items: page.items.map(ownTicketView), nextCursor: idCursor(page.next) },
      };
    },
  }),
  keysRoute(publicKeys),
];
