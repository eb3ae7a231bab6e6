import { Type, type Static } from "typebox";
import { Instant, Nullable, Text, Uuid } from "#platform/http/schemas.ts";
import { seatFields, showDate, TicketAnswer, ticketStatus } from "./ticket-shapes.ts";

export const scansMax = 500;

/** A QR code holds at most this many letters, and any one may be held before a scanner. */
const codeCharsMax = 4296;

const scanFields = {
  checkInId: Uuid("Made by the scanner for this scan; a scan that is sent again has the same"),
  concertId: Uuid("The concert at whose door it is"),
  date: showDate,
  code: Type.Optional(
    Type.String({
      maxLength: codeCharsMax,
      description: "The text of the QR code, whatever it is",
    }),
  ),
  ticketId: Type.Optional(Uuid("The ticket, found by name or seat")),
  gate: Type.Optional(Text({ maxLength: 50, description: "The name of the door" })),
  at: Type.Optional(
    Instant("When it was scanned, for a scan that is sent later. Default, and at the latest: now"),
  ),
};

const ScanItem = Type.Object(scanFields, {
  additionalProperties: false,
  description: "One scan, with exactly one of `code` and `ticketId`",
});
export type ScanBody = Static<typeof ScanItem>;

export const CheckInBody = Type.Object(
  {
    ...Type.Partial(Type.Object(scanFields)).properties,
    items: Type.Optional(
      Type.Array(ScanItem, {
        minItems: 1,
        maxItems: scansMax,
        description: "Many scans, in the order in which they were made",
      }),
    ),
  },
  {
    additionalProperties: false,
    description:
      "One scan with `checkInId`, `concertId`, `date` and exactly one of `code` and `ticketId`; or `items` alone",
    examples: [
      {
        checkInId: "0198c4f2-7c1e-7a35-9d1b-5f0c2e8a4b17",
        concertId: "0198c4f2-7c1e-7a35-9d1b-5f0c2e8a4b18",
        date: "2026-12-24",
        code: "AQE…",
        gate: "North",
      },
    ],
  },
);

const results = ["ADMITTED", "ALREADY_USED", "VOID", "WRONG_DATE", "INVALID"] as const;

const admissionFields = {
  usedAt: Nullable(Instant("When the ticket was admitted, by this scan or an earlier one"), {
    examples: [null],
  }),
  gate: Nullable(Type.String({ description: "The door that admitted it" }), { examples: [null] }),
};

const answerFields = {
  result: Type.Enum(results, {
    description:
      "`ALREADY_USED`: admitted before, see `usedAt` and `gate`. `VOID`: refunded, or an old code of a ticket that was passed on. `WRONG_DATE`: for another show. `INVALID`: no ticket of this server",
  }),
  ticket: Nullable(TicketAnswer, {
    description: "The ticket, without its code; null when it is `INVALID`",
  }),
  ...admissionFields,
};

const CheckIn = Type.Object(
  { checkInId: scanFields.checkInId, ...answerFields },
  { $id: "CheckIn" },
);

export const CheckInAnswer = Type.Object(
  {
    ...Type.Partial(Type.Object({ checkInId: scanFields.checkInId, ...answerFields })).properties,
    items: Type.Optional(Type.Array(CheckIn, { description: "One for each of `items`" })),
  },
  { $id: "CheckInAnswer", description: "The answer to one scan, or `items`" },
);

export const CheckInListAnswer = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        ticketId: Uuid("The ticket"),
        version: Type.Integer({
          minimum: 1,
          maximum: 65_535,
          description: "A code with a lower version is VOID",
          examples: [1],
        }),
        status: ticketStatus,
        ...seatFields,
        holderName: Nullable(Type.String({ description: "The holder's name" }), {
          examples: ["Kim Minji"],
        }),
        ...admissionFields,
      }),
      { description: "The tickets of the show by id, which follows the time of their sale" },
    ),
    nextCursor: Nullable(Type.String(), {
      description: "Send this as `cursor` to get the next page; null on the last page",
      examples: [null],
    }),
    serverTime: Instant("When this was read"),
  },
  { $id: "CheckInList" },
);
