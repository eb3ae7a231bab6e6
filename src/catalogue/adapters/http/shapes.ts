import { Type, type Static } from "typebox";
import {
  Amount,
  CalendarDate,
  Instant,
  Nullable,
  Page,
  Text,
  Uuid,
} from "#platform/http/schemas.ts";
import { datesMax, textLengthMax } from "../../domain/concert-plan.ts";
import { priceMax, seatNumberMax } from "../../domain/hall.ts";
import { type PolicyNumber, policyRanges } from "../../domain/policy.ts";
import { rampSecondsMax } from "../../domain/queue-control.ts";

const closed = { additionalProperties: false };

const state = Type.Union(
  (
    [
      "SCHEDULED",
      "LOBBY",
      "OPEN",
      "PAUSED",
      "RECOVERING",
      "ALL_HELD",
      "SOLD_OUT",
      "CLOSED",
    ] as const
  ).map((name) => Type.Literal(name)),
  { description: "Where the sale stands", examples: ["OPEN"] },
);

const mode = () =>
  Type.Union([Type.Literal("fifo"), Type.Literal("lottery")], {
    description:
      "`fifo`: order of arrival; `lottery`: drawn from all who joined the lobby. Fixed once open. Default `fifo`",
    examples: ["fifo"],
  });

const opensAt = () =>
  Instant("When the line opens (lottery: its lobby). Fixed once open. Default: now");
const admitsAt = () => Instant(
    "Lottery: when the lobby closes and the draw is done, after `opensAt`; else null. It moves while the lobby is open, from and to moments that are at least 1 s away",
  );

const meanings: Readonly<Record<PolicyNumber, string>> = {
  maxActive: "At most this many people are ACTIVE at once",
  admissionsPerMinute: "At most this many people are admitted a minute",
  shoppersPerSeat:
    "Nobody is admitted while the ACTIVE people without a hold are this times the seats AVAILABLE or more",
  sessionSeconds: "How long an admitted person has",
  claimSeconds: "Within this time an admitted person must show up",
  holdSeconds: "How long a reservation is held for payment",
  maxSeatsPerUser: "Seats a user may have over all dates, held and bought",
  maxSeatsPerReservation: "Seats in one reservation",
};

const setting = (name: PolicyNumber) => {
  const { min, max, initial } = policyRanges[name];
  return Type.Integer({
    minimum: min,
    maximum: max,
    description: `${meanings[name]}. ${min} to ${max}, default ${initial}`,
    examples: [initial],
  });
};

const settings = {
  maxActive: setting("maxActive"),
  admissionsPerMinute: setting("admissionsPerMinute"),
  shoppersPerSeat: setting("shoppersPerSeat"),
  sessionSeconds: setting("sessionSeconds"),
  claimSeconds: setting("claimSeconds"),
  holdSeconds: setting("holdSeconds"),
  maxSeatsPerUser: setting("maxSeatsPerUser"),
  maxSeatsPerReservation: setting("maxSeatsPerReservation"),
};

/** A policy as it is answered. */
const Policy = Type.Object({
  mode: mode(),
  opensAt: opensAt(),
  admitsAt: Nullable(admitsAt()),
  ...settings,
});

/** A policy as it is sent: any part of it. */
export const PolicyWishBody = Type.Partial(
  Type.Object({ mode: mode(), opensAt: opensAt(), admitsAt: Nullable(admitsAt()), ...settings }),
  { ...closed, examples: [{ admissionsPerMinute: 300, maxActive: 100 }] },
);

const seatNumber = Type.Integer({ minimum: 1, maximum: seatNumberMax });
const price = () =>
  Type.Integer({
    minimum: 1,
    maximum: priceMax,
    description: "In the minor unit of the installation's currency",
    examples: [99_000],
  });

const GradeBody = Type.Object(
  {
    name: Text({ maxLength: textLengthMax.grade, description: "Like R or S" }),
    price: price(),
    seats: Type.Array(seatNumber, {
      minItems: 2,
      maxItems: 2,
      description: "First and last seat number, both included",
      examples: [[1, 20]],
    }),
  },
  closed,
);

const ShowDateBody = Type.Object(
  {
    date: CalendarDate("In the concert's time zone"),
    startsAt: Type.Optional(
      Instant("Must lie on the date in the concert's time zone. Default: 19:00 there"),
    ),
  },
  closed,
);

export const NewConcertBody = Type.Object(
  {
    title: Text({ maxLength: textLengthMax.title }),
    venue: Type.Optional(Text({ maxLength: textLengthMax.venue })),
    timeZone: Type.Optional(Text({ maxLength: 64, description: "IANA name, default Asia/Seoul" })),
    dates: Type.Array(ShowDateBody, { minItems: 1, maxItems: datesMax }),
    grades: Type.Optional(
      Type.Array(GradeBody, {
        minItems: 1,
        maxItems: seatNumberMax,
        description: "Together they cover seats 1 to 50, none twice",
      }),
    ),
    price: Type.Optional(price()),
    policy: Type.Optional(PolicyWishBody),
  },
  {
    ...closed,
    description: "Either `grades` or one `price` for all seats",
    examples: [
      {
        title: "Winter Night",
        venue: "Olympic Hall",
        timeZone: "Asia/Seoul",
        dates: [
          { date: "2026-12-24" },
          { date: "2026-12-25", startsAt: "2026-12-25T08:00:00.000Z" },
        ],
        grades: [
          { name: "R", price: 132_000, seats: [1, 20] },
          { name: "S", price: 99_000, seats: [21, 50] },
        ],
        policy: { admissionsPerMinute: 600, maxActive: 200 },
      },
    ],
  },
);

export const ResumeBody = Type.Object(
  {
    rampSeconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: rampSecondsMax,
        description: `The rate grows from zero to its setting over this time; 0 to ${rampSecondsMax}, default: at once`,
        examples: [60],
      }),
    ),
  },
  closed,
);

export const NoMembers = Type.Object({}, closed);

export const ConcertParams = Type.Object({ concertId: Uuid("The concert") });

const concertMembers = {
  concertId: Uuid("The concert"),
  title: Type.String({ examples: ["Winter Night"] }),
  venue: Nullable(Type.String({ examples: ["Olympic Hall"] })),
  timeZone: Type.String({ description: "IANA name", examples: ["Asia/Seoul"] }),
  dates: Type.Array(
    Type.Object({
      date: CalendarDate("In the concert's time zone"),
      startsAt: Instant("When the show begins"),
    }),
  ),
  priceRange: Type.Object({ min: Amount("The cheapest seat"), max: Amount("The dearest seat") }),
  currency: Type.String({ description: "ISO 4217 code", examples: ["KRW"] }),
  queue: Type.Object({
    mode: mode(),
    state,
    opensAt: opensAt(),
    admitsAt: Nullable(admitsAt()),
  }),
};

export const Concert = Type.Object(concertMembers, { $id: "Concert" });

export const ConcertList = Page(Type.Object(concertMembers), { $id: "ConcertList" });

/** What operators are shown: the concert and how it is sold. */
export const ConcertOnSale = Type.Object(
  {
    ...concertMembers,
    policy: Policy,
    pausedAt: Nullable(Instant("Since when the line is paused")),
    resumedAt: Nullable(Instant("When the last pause ended")),
    rampSeconds: Nullable(Type.Integer({ description: "The ramp after that pause" })),
    closedAt: Nullable(Instant("When the line was closed")),
  },
  { $id: "ConcertOnSale" },
);

const count = (description: string) => Type.Integer({ minimum: 0, description });

export const Stats = Type.Object(
  {
    concertId: Uuid("The concert"),
    state,
    waiting: Nullable(count("People in line; null while the line's store is away")),
    active: Nullable(count("People who may buy now; null likewise")),
    admissionsPerMinute: count("The setting"),
    admittedLastMinute: Nullable(count("People admitted in the last minute")),
    admittedTotal: count("Admissions since the line opened"),
    seatsAvailable: count("Over all dates that can be booked"),
    seatsHeld: count("Held by a reservation that has not lapsed"),
    seatsSold: count("Sold"),
    seatsTotal: count("All seats of all dates"),
    revenue: Amount("Paid so far"),
    currency: Type.String({ description: "ISO 4217 code", examples: ["KRW"] }),
    waitSeconds: Nullable(
      Type.Object(
        { p50: Type.Number(), p90: Type.Number(), p99: Type.Number() },
        { description: "How long the people admitted lately had waited; null when not measured" },
      ),
    ),
    abandoned: Type.Object({
      left: count("Places given up"),
      lapsed: count("Places whose people did not come"),
    }),
    serverTime: Instant("When this was read"),
  },
  { $id: "Stats" },
);

const AuditItem = Type.Object({
  at: Instant("When"),
  actor: Type.String({ description: "Who: names an operator key, is no part of it" }),
  action: Type.String({ examples: ["policy.changed"] }),
  concertId: Nullable(Uuid("The concert concerned")),
  before: Nullable(Type.Object({}, { additionalProperties: true, description: "Old values" })),
  after: Nullable(Type.Object({}, { additionalProperties: true, description: "New values" })),
});

export const AuditList = Page(AuditItem, { $id: "AuditList" });

export type PolicyWishBody = Static<typeof PolicyWishBody>;
export type NewConcertBody = Static<typeof NewConcertBody>;
