import { Type, type Static, type TSchema, type TSchemaOptions } from "typebox";
import { problems } from "./problems.ts";

const uuidPattern = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$";

/** A UUID. The engine turns it into lower case before the handler runs. */
export const Uuid = (description: string) =>
  Type.String({ format: "uuid", pattern: uuidPattern, description });

/** RFC 3339 in UTC with milliseconds. */
export const Instant = (description: string) =>
  Type.String({ format: "date-time", description, examples: ["2026-11-22T10:00:00.000Z"] });

/** A calendar date in the time zone of the concert. The format check refuses impossible dates. */
export const CalendarDate = (description: string) =>
  Type.String({
    format: "date",
    pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    description,
    examples: ["2026-12-24"],
  });

/** Text that all stores take: no control characters, no lone surrogates. */
export const Text = (options: { minLength?: number; maxLength: number; description?: string }) =>
  Type.String({ minLength: 1, ...options, format: "plain-text" });

export const Nullable = <S extends TSchema>(schema: S, options: TSchemaOptions = {}) =>
  Type.Union([schema, Type.Null()], options);

/** An amount in the minor unit of the installation's currency. */
export const Amount = (description: string) => Type.Integer({ description });

/** An amount whose description names its unit. */
export const Money = (description: string, example: number) =>
  Type.Integer({
    description: `${description}, in the minor unit of the currency`,
    examples: [example],
  });

export const Count = (description: string, example: number) =>
  Type.Integer({ minimum: 0, description, examples: [example] });

/** `limit` and `cursor` of every list. The limit arrives as text and is checked as text. */
export const ListQuery = Type.Object({
  limit: Type.Optional(
    Type.String({
      pattern: "^([1-9][0-9]?|100)$",
      description: "1 to 100, default 20",
      examples: ["20"],
    }),
  ),
  cursor: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: "`nextCursor` of the previous page",
      examples: ["0198c4f2-7c1e-7a35-9d1b-5f0c2e8a4b17"],
    }),
  ),
});

export const listLimit = (query: Static<typeof ListQuery>): number => Number(query.limit ?? 20);

export const Page = <S extends TSchema>(item: S, options: { $id?: string } = {}) =>
  Type.Object(
    {
      items: Type.Array(item, { description: "The items of this page" }),
      nextCursor: Nullable(Type.String(), {
        description: "Send this as `cursor` to get the next page; null on the last page",
        examples: [null],
      }),
    },
    options,
  );

const Fault = Type.Object(
  {
    pointer: Type.String({
      description: "JSON Pointer into the body, or `/params/…`, `/query/…`, `/headers/…`",
      examples: ["/seatNumbers/0"],
    }),
    message: Type.String({ description: "The fault, in words", examples: ["must be <= 50"] }),
  },
  { description: "One fault in the shape of the request" },
);

/** RFC 9457 problem. */
export const ProblemBody = Type.Object(
  {
    type: Type.String({ description: "Path of the explanation of the code" }),
    title: Type.String({ description: "The meaning of the code" }),
    status: Type.Integer({ description: "The HTTP status" }),
    detail: Type.String({ description: "The cause of this problem" }),
    instance: Type.String({ description: "Path and query of the request" }),
    code: Type.Enum(Object.keys(problems), {
      description: "Stable code; programs should decide by this member only",
    }),
    errors: Type.Optional(
      Type.Array(Fault, { description: "`INVALID_REQUEST`: at most 20 of the faults" }),
    ),
    balance: Type.Optional(
      Type.Integer({ description: "`INSUFFICIENT_BALANCE`: the balance, in the minor unit" }),
    ),
    amount: Type.Optional(
      Type.Integer({
        description:
          "`INSUFFICIENT_BALANCE`: the price of the reservation or order, in the minor unit",
      }),
    ),
    seatNumbers: Type.Optional(
      Type.Array(Type.Integer(), {
        description:
          "`SEAT_UNAVAILABLE`: the requested seats that are taken; none for `best`. `SINGLE_SEAT_LEFT`: the seats that would be left single",
      }),
    ),
    available: Type.Optional(
      Type.Integer({
        description: "`SEAT_UNAVAILABLE` for `best`: the free seats that match grade and section",
      }),
    ),
    reason: Type.Optional(
      Type.Enum(["policy", "time", "used", "void", "limit", "own", "transferred"], {
        description:
          "`NOT_TRANSFERABLE`, `NOT_REFUNDABLE`: why. `policy`: the concert allows it not at all; `time`: the show is too near; `used`: the ticket opened a door; `void`: it is refunded; `limit`: passed on often enough; `own`: the caller holds the ticket; `transferred`: it was passed on",
      }),
    ),
    ticketIds: Type.Optional(
      Type.Array(Uuid("A ticket"), {
        description: "`NOT_REFUNDABLE`: the tickets that have the reason",
      }),
    ),
    items: Type.Optional(
      Type.Array(
        Type.Object({
          productId: Uuid("The product"),
          quantity: Type.Integer({ description: "The pieces of the order" }),
          available: Type.Integer({ description: "The pieces that are left" }),
        }),
        { description: "`OUT_OF_STOCK`: the items with too few pieces left" },
      ),
    ),
    productId: Type.Optional(Uuid("`PRODUCT_LIMIT_EXCEEDED`: the product")),
    reservationId: Type.Optional(
      Uuid("`RESERVATION_ALREADY_HELD`: the reservation that the user holds"),
    ),
  },
  { $id: "Problem", description: "RFC 9457 problem details, `application/problem+json`" },
);
