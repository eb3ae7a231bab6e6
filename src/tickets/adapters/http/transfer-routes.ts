import { Type } from "typebox";
import { toRfc3339 } from "#kernel/instant.ts";
import { toId, type TicketId, type UserId } from "#kernel/ids.ts";
import { route, type Problem, type Route } from "#platform/http/route.ts";
import { Instant, Nullable, Uuid } from "#platform/http/schemas.ts";
import type { CancelDecision, NotTransferable, TransferId } from "../../domain/transfer.ts";
import type {
  ClaimTicketOutcome,
  OfferTicketOutcome,
  TicketHistory,
} from "../../use-cases/transfer-tickets.ts";
import { ownTicketView, TicketAnswer, ticketView } from "./ticket-shapes.ts";

export interface TransferUseCases {
  offerTicket(userId: UserId, ticketId: TicketId): Promise<OfferTicketOutcome>;
  claimTicket(userId: UserId, claim: string): Promise<ClaimTicketOutcome>;
  cancelTransfer(userId: UserId, transferId: TransferId): Promise<CancelDecision>;
  readTicketHistory(ticketId: TicketId): Promise<TicketHistory | null>;
}

const tag = "Tickets";

const OfferAnswer = Type.Object(
  {
    transferId: Uuid("The transfer"),
    claim: Type.String({
      description:
        "The claim code for the recipient. The server keeps only its hash, so no later answer has it",
      examples: ["Zx3vO1m0c8qkq7yH2gq8nW4t5uJ6rL9d"],
    }),
    expiresAt: Instant("The end of the claim code"),
  },
  { $id: "Transfer" },
);

const ClaimBody = Type.Object(
  {
    claim: Type.String({ minLength: 1, maxLength: 200, description: "The claim code" }),
  },
  { examples: [{ claim: "Zx3vO1m0c8qkq7yH2gq8nW4t5uJ6rL9d" }] },
);

const details: Readonly<Record<NotTransferable | "own", string>> = {
  policy: "Tickets of this concert cannot be passed on.",
  void: "The ticket was refunded or passed on.",
  used: "The ticket was used at a door.",
  time: "The show is too near.",
  limit: "The ticket was passed on as often as it may be.",
  own: "The caller holds the ticket already.",
};

const notTransferable = (reason: NotTransferable | "own"): Problem => ({
  problem: "NOT_TRANSFERABLE",
  detail: details[reason],
  members: { reason },
});

const TicketHistoryAnswer = Type.Object(
  {
    ...TicketAnswer.properties,
    holders: Type.Array(
      Type.Object({
        userId: Uuid("The user"),
        name: Nullable(Type.String({ description: "The user's name; null when none is known" }), {
          examples: ["Kim Minji"],
        }),
        since: Instant("When the user got the ticket"),
        transferId: Nullable(Uuid("The transfer by which the user got it; null for the buyer")),
      }),
      { description: "All holders of the ticket, from its buyer to the one who holds it now" },
    ),
  },
  { $id: "TicketHistory" },
);

const offerRoute = ({ offerTicket }: TransferUseCases): Route =>
  route({
    method: "POST",
    path: "/api/v1/tickets/{ticketId}/transfers",
    operationId: "offerTicket",
    tag,
    summary: "Pass a ticket on",
    description:
      "Returns a claim code that the holder gives to the recipient. The ticket stays the holder's until it is claimed. A check-in or a refund ends the offer; a new offer takes the place of the one before, whose code is void. A code lasts at most 7 days, and no longer than the policy lets tickets be passed on.",
    auth: "access",
    params: Type.Object({ ticketId: Uuid("The ticket") }),
    answers: { 201: OfferAnswer },
    problems: ["TICKET_NOT_FOUND", "CONCERT_CANCELLED", "NOT_TRANSFERABLE"],
    handle: async ({ caller: { userId }, params }) => {
      const outcome = await offerTicket(userId, toId(params.ticketId));
      switch (outcome.kind) {
        case "ticket-not-found":
          return { problem: "TICKET_NOT_FOUND" };
        case "concert-cancelled":
          return { problem: "CONCERT_CANCELLED" };
        case "not-transferable":
          return notTransferable(outcome.reason);
        case "offered": {
          const { transferId, claim, expiresAtMs } = outcome;
          return { status: 201, body: { transferId, claim, expiresAt: toRfc3339(expiresAtMs) } };
        }
      }
    },
  });

const claimRoute = ({ claimTicket }: TransferUseCases): Route =>
  route({
    method: "POST",
    path: "/api/v1/transfers/claim",
    operationId: "claimTicket",
    tag,
    summary: "Claim a ticket",
    description:
      "From then on the ticket is the caller's, with a code of its own; codes of the former holder open no door. The same caller may repeat the request. Wrong codes are limited by address and by user.",
    auth: "access",
    body: ClaimBody,
    answers: { 200: TicketAnswer },
    guess: "TRANSFER_NOT_FOUND",
    problems: ["TRANSFER_NOT_FOUND", "TRANSFER_CLAIMED", "CONCERT_CANCELLED", "NOT_TRANSFERABLE"],
    handle: async ({ caller: { userId }, body }) => {
      const outcome = await claimTicket(userId, body.claim);
      switch (outcome.kind) {
        case "transfer-not-found":
          return { problem: "TRANSFER_NOT_FOUND" };
        case "claimed-by-another":
          return { problem: "TRANSFER_CLAIMED" };
        case "concert-cancelled":
          return { problem: "CONCERT_CANCELLED" };
        case "not-transferable":
          return notTransferable(outcome.reason);
        case "claimed":
          return { status: 200, body: ownTicketView(outcome.ticket) };
      }
    },
  });

const cancelRoute = ({ cancelTransfer }: TransferUseCases): Route =>
  route({
    method: "DELETE",
    path: "/api/v1/transfers/{transferId}",
    operationId: "cancelTransfer",
    tag,
    summary: "Cancel a transfer",
    description: "Its claim code is void at once. A repeated call changes nothing.",
    auth: "access",
    params: Type.Object({ transferId: Uuid("The transfer") }),
    answers: { 204: null },
    problems: ["TRANSFER_NOT_FOUND", "TRANSFER_CLAIMED"],
    handle: async ({ caller: { userId }, params }) => {
      switch (await cancelTransfer(userId, toId(params.transferId))) {
        case "transfer-not-found":
          return { problem: "TRANSFER_NOT_FOUND" };
        case "transfer-claimed":
          return { problem: "TRANSFER_CLAIMED" };
        case "cancelled":
          return { status: 204 };
      }
    },
  });

const historyRoute = ({ readTicketHistory }: TransferUseCases): Route =>
  route({
    method: "GET",
    path: "/admin/v1/tickets/{ticketId}",
    operationId: "readTicketHistory",
    tag: "Operator",
    summary: "Read a ticket with all of its holders",
    auth: "operator",
    permission: "read",
    params: Type.Object({ ticketId: Uuid("The ticket") }),
    answers: { 200: TicketHistoryAnswer },
    problems: ["TICKET_NOT_FOUND"],
    handle: async ({ params }) => {
      const history = await readTicketHistory(toId(params.ticketId));
      if (history === null) return { problem: "TICKET_NOT_FOUND" };
      const holders = history.holders.map(({ sinceMs, ...holder }) => ({
        ...holder,
        since: toRfc3339(sinceMs),
      }));
      return { status: 200, body: { ...ticketView(history.ticket), holders } };
    },
  });

/** Returns the routes by which tickets change hands, and the one that tells operators how they did. */
export const transferRoutes = (useCases: TransferUseCases): readonly Route[] => [
  offerRoute(useCases),
  claimRoute(useCases),
  cancelRoute(useCases),
  historyRoute(useCases),
];
