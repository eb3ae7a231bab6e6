import { Type } from "typebox";
import { toRfc3339 } from "#kernel/instant.ts";
import { CalendarDate, Instant, Money, Nullable, Page, Uuid } from "#platform/http/schemas.ts";
import { Grade, Seat, seatName } from "#platform/http/seat-shapes.ts";
import type { NamedTicket, OwnTicket } from "../../use-cases/read-tickets.ts";

const ticketStatuses = ["VALID", "USED", "VOID"] as const;

/** The seat of a ticket. */
export const seatFields = { ...seatName, seatNumber: Seat, grade: Grade };

export const ticketStatus = Type.Enum(ticketStatuses, {
  description: "`USED`: admitted at a door. `VOID`: refunded, or passed on to another user",
  examples: ["VALID"],
});

const voidReasons = ["PASSED_ON", "CANCELLED", "REFUNDED"] as const;

export const showDate = CalendarDate("Date of the show, in the concert's own time zone");

/** *ticket* of the contract. */
export const TicketAnswer = Type.Object(
  {
    ticketId: Uuid("The ticket; it keeps this id when it changes hands"),
    concertId: Uuid("The concert"),
    title: Type.String({ description: "The title of the concert", examples: ["The Big Concert"] }),
    venue: Nullable(Type.String({ description: "The venue, when the operator has named it" }), {
      examples: ["Seoul Arts Center"],
    }),
    date: showDate,
    startsAt: Instant("When the show begins"),
    timeZone: Type.String({
      description: "The concert's time zone, by its IANA name",
      examples: ["Asia/Seoul"],
    }),
    ...seatFields,
    price: Money("The price that was paid", 120_000),
    holder: Type.Object(
      {
        userId: Uuid("The user who holds the ticket"),
        name: Nullable(Type.String({ description: "The user's name; null when none is known" }), {
          examples: ["Kim Minji"],
        }),
      },
      {
        description:
          "The user whose ticket it is now. A user who has passed it on reads the own name here, and VOID",
      },
    ),
    status: ticketStatus,
    voidReason: Nullable(
      Type.Enum(voidReasons, {
        description:
          "Why the ticket is VOID. `PASSED_ON`: the reader has passed it on. `CANCELLED`: its concert was cancelled, and it was refunded to its buyer. `REFUNDED`: it was refunded to its buyer before that",
      }),
      { description: "Null unless the ticket is VOID", examples: [null] },
    ),
    code: Nullable(
      Type.String({
        maxLength: 120,
        description:
          "The signed text for the QR code, in base64url; null unless the ticket is VALID. The keys at `/.well-known/ticket-keys.json` verify it",
      }),
      { examples: [null] },
    ),
    paymentId: Uuid("The payment that bought the ticket"),
    cancelledAt: Nullable(
      Instant("When the concert was cancelled: the ticket is VOID and refunded to its buyer soon"),
      { examples: [null] },
    ),
    transfer: Nullable(
      Type.Object({
        transferId: Uuid("The transfer"),
        expiresAt: Instant("Until when it can be claimed"),
      }),
      {
        description:
          "The holder's offer to pass the ticket on, until it is claimed; null without one",
        examples: [null],
      },
    ),
    transferableUntil: Nullable(
      Instant("Until when the holder can pass the ticket on; null when it cannot be passed on"),
      { examples: [null] },
    ),
  },
  { $id: "HeldTicket" },
);

export const TicketPage = Page(TicketAnswer, { $id: "HeldTicketPage" });

/** A ticket for operators, who must have neither its code nor its offer. */
export const ticketView = (named: NamedTicket) => {
  const { startsAtMs, version: _, label, cancelledAtMs, ...ticket } = named;
  return {
    ...ticket,
    ...label,
    startsAt: toRfc3339(startsAtMs),
    cancelledAt: cancelledAtMs === null ? null : toRfc3339(cancelledAtMs),
    code: null,
    transfer: null,
    transferableUntil: null,
  };
};

/** A ticket for a user who holds it or has passed it on. */
export const ownTicketView = ({ code, transfer, transferableUntilMs, ...ticket }: OwnTicket) => ({
  ...ticketView(ticket),
  code,
  transferableUntil: transferableUntilMs === null ? null : toRfc3339(transferableUntilMs),
  transfer:
    transfer === null
      ? null
      : { transferId: transfer.transferId, expiresAt: toRfc3339(transfer.expiresAtMs) },
});
