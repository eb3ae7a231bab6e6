import { Type } from "typebox";
import { Instant, Nullable, Page, Uuid } from "#platform/http/schemas.ts";
import { state } from "./shapes.ts";

// What operators read of a sale: its figures, and who changed what.

const count = (description: string, example: number) =>
  Type.Integer({ minimum: 0, description, examples: [example] });

export const Stats = Type.Object(
  {
    concertId: Uuid("The concert"),
    state,
    waiting: Nullable(count("People in the queue; null while the queue's store is away", 1840)),
    aside: Nullable(
      count(
        "People who did not come when it was their turn, and keep their places; null likewise",
        12,
      ),
    ),
    active: Nullable(count("People who may buy now; null likewise", 200)),
    admissionsPerMinute: count("The setting", 600),
    admittedLastMinute: Nullable(count("People admitted in the last minute", 598)),
    admittedTotal: count("Admissions since the queue opened", 1260),
    seatsAvailable: count("Over all dates that can be booked", 37),
    seatsHeld: count("Held by a reservation that has not lapsed", 24),
    seatsSold: count("Sold", 39),
    seatsTotal: count("All seats of all dates", 100),
    revenue: Type.Integer({
      description: "Paid so far, in the minor unit of the currency",
      examples: [4_290_000],
    }),
    currency: Type.String({ description: "ISO 4217 code", examples: ["KRW"] }),
    waitSeconds: Nullable(
      Type.Object(
        {
          p50: Type.Number({ description: "Half of them, at most", examples: [41.5] }),
          p90: Type.Number({ description: "9 of 10, at most", examples: [55.2] }),
          p99: Type.Number({ description: "99 of 100, at most", examples: [61] }),
        },
        { description: "How long the people admitted lately had waited; null when not measured" },
      ),
    ),
    joinedTotal: count("People who ever got a place", 3_165),
    abandoned: Type.Object(
      {
        left: count("Places given up", 65),
        lapsed: count("Places whose people did not come", 31),
        share: Nullable(
          Type.Number({
            description: "Both, of all who ever got a place: 0 to 1; null when nobody has",
            examples: [0.0303],
          }),
        ),
      },
      {
        description: "Places that ended without a ticket, also of a queue that has lost its store",
      },
    ),
    serverTime: Instant("When this was read"),
  },
  { $id: "Stats" },
);

const AuditItem = Type.Object({
  at: Instant("When"),
  actor: Type.String({
    description: "Who: names an operator key, is no part of it",
    examples: ["operator:5f2a9c01"],
  }),
  action: Type.String({ description: "What was done", examples: ["policy.changed"] }),
  concertId: Nullable(Uuid("The concert concerned")),
  before: Nullable(
    Type.Object(
      {},
      {
        additionalProperties: true,
        description: "Old values",
        examples: [{ admissionsPerMinute: 600 }],
      },
    ),
  ),
  after: Nullable(
    Type.Object(
      {},
      {
        additionalProperties: true,
        description: "New values",
        examples: [{ admissionsPerMinute: 300 }],
      },
    ),
  ),
});

export const AuditList = Page(AuditItem, { $id: "AuditList" });
