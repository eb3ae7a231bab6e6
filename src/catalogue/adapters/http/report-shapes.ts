import { Type } from "typebox";
import { Count, Instant, Money, Nullable, Page, Uuid } from "#platform/http/schemas.ts";
import { state } from "./shapes.ts";

// The reports of a sale for operators: its figures and the audit trail.

export const Stats = Type.Object(
  {
    concertId: Uuid("The concert"),
    state,
    waiting: Nullable(
      Count("Waiting users; null while the store of the queue is unreachable", 1840),
    ),
    waitlisted: Nullable(
      Count("Those of them who are on the waiting list; null also until it begins", 12),
    ),
    aside: Nullable(
      Count(
        "Skipped users: absent at their turn, with their places kept; null as for `waiting`",
        12,
      ),
    ),
    active: Nullable(Count("ACTIVE users; null as for `waiting`", 200)),
    admissionsPerMinute: Count("The admission rate that the operator has set", 600),
    admittedLastMinute: Nullable(Count("Users admitted in the last minute", 598)),
    admittedTotal: Count("Users admitted since the queue opened", 1260),
    seatsAvailable: Count("Free seats on all dates that can be booked", 37),
    seatsHeld: Count("Held seats on all dates, of reservations that have not expired", 24),
    seatsSold: Count("Sold seats on all dates, also those that have begun", 39),
    seatsTotal: Count("All seats on all dates", 100),
    revenue: Money("The revenue so far", 4_290_000),
    currency: Type.String({ description: "ISO 4217 code", examples: ["KRW"] }),
    cancellation: Nullable(
      Type.Object({
        tickets: Count("Tickets that were not VOID when the concert was cancelled", 39),
        ticketsRefunded: Count("Those of them that are refunded", 12),
        amountRefunded: Money("The money that has gone back to their buyers", 1_320_000),
        refundedAt: Nullable(
          Instant("When the last ticket was refunded and the last hold cancelled; null before"),
          { examples: [null] },
        ),
      }),
      { description: "The refunds of a cancelled concert; null for any other", examples: [null] },
    ),
    waitSeconds: Nullable(
      Type.Object(
        {
          p50: Type.Number({ description: "Median in seconds", examples: [41.5] }),
          p90: Type.Number({ description: "90th percentile in seconds", examples: [55.2] }),
          p99: Type.Number({ description: "99th percentile in seconds", examples: [61] }),
        },
        { description: "The waits of recently admitted users; null when not measured" },
      ),
    ),
    joinedTotal: Count("Places issued so far", 3_165),
    abandoned: Type.Object(
      {
        left: Count("Places that users left", 65),
        lapsed: Count("Places that expired because the user did not come", 31),
        share: Nullable(
          Type.Number({
            description: "Both as a share of `joinedTotal`, 0 to 1; null without a place",
            examples: [0.0303],
          }),
        ),
      },
      {
        description:
          "Places that ended without a ticket, with those from before a loss of the store",
      },
    ),
    serverTime: Instant("When this was read"),
  },
  { $id: "Stats" },
);

const AuditItem = Type.Object({
  at: Instant("When the action happened"),
  actor: Type.String({
    description: "The operator, by a name that is derived from the key and reveals nothing of it",
    examples: ["operator:5f2a9c01"],
  }),
  action: Type.String({ description: "The action", examples: ["policy.changed"] }),
  concertId: Nullable(Uuid("The concert that the action is about")),
  before: Nullable(
    Type.Object(
      {},
      {
        additionalProperties: true,
        description: "Values before the action",
        examples: [{ admissionsPerMinute: 600 }],
      },
    ),
  ),
  after: Nullable(
    Type.Object(
      {},
      {
        additionalProperties: true,
        description: "Values after the action",
        examples: [{ admissionsPerMinute: 300 }],
      },
    ),
  ),
});

export const AuditList = Page(AuditItem, { $id: "AuditList" });
