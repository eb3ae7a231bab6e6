import { Type, type Static, type TSchema } from "typebox";
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

export const state = Type.Enum(
  ["SCHEDULED", "LOBBY", "OPEN", "PAUSED", "RECOVERING", "ALL_HELD", "SOLD_OUT", "CLOSED"],
  { description: "Where the sale stands", examples: ["OPEN"] },
);

const mode = () =>
  Type.Enum(["fifo", "lottery"], {
    description:
      "`fifo`: order of arrival; `lottery`: drawn from all who joined the lobby. Fixed once open. Default `fifo`",
    examples: ["fifo"],
  });

const opensAt = () =>
  Instant("When the queue opens (lottery: its lobby). Fixed once open. Default: now");
const admitsAt = () =>
  Instant(
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
const Policy = Type.Object(
  {
    mode: mode(),
    opensAt: opensAt(),
    admitsAt: Nullable(admitsAt(), { examples: [null] }),
    ...settings,
  },
  { description: "How the sale runs" },
);

/** A policy as it is sent: any part of it. */
export const PolicyWishBody = Type.Partial(
  Type.Object({ mode: mode(), opensAt: opensAt(), admitsAt: Nullable(admitsAt()), ...settings }),
  {
    ...closed,
    description: "How the sale runs; what is left out has its default, or stays as it is",
    examples: [{ admissionsPerMinute: 300, maxActive: 100 }],
  },
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
    title: Text({ maxLength: textLengthMax.title, description: "What people read" }),
    venue: Type.Optional(Text({ maxLength: textLengthMax.venue, description: "Where it is" })),
    timeZone: Type.Optional(Text({ maxLength: 64, description: "IANA name, default Asia/Seoul" })),
    dates: Type.Array(ShowDateBody, {
      minItems: 1,
      maxItems: datesMax,
      description: "Each date once; every one has the seats 1 to 50",
    }),
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
  title: Type.String({ description: "What people read", examples: ["Winter Night"] }),
  venue: Nullable(Type.String({ description: "Where it is", examples: ["Olympic Hall"] })),
  timeZone: Type.String({ description: "IANA name", examples: ["Asia/Seoul"] }),
  dates: Type.Array(
    Type.Object({
      date: CalendarDate("In the concert's time zone"),
      startsAt: Instant("When the show begins"),
    }),
    {
      description: "The shows, by date",
      examples: [[{ date: "2026-12-24", startsAt: "2026-12-24T10:00:00.000Z" }]],
    },
  ),
  priceRange: Type.Object(
    { min: Amount("The cheapest seat"), max: Amount("The dearest seat") },
    { description: "Of all seats", examples: [{ min: 99_000, max: 132_000 }] },
  ),
  currency: Type.String({ description: "ISO 4217 code", examples: ["KRW"] }),
  queue: Type.Object(
    { mode: mode(), state, opensAt: opensAt(), admitsAt: Nullable(admitsAt()) },
    {
      description: "The queue's schedule, and where it stands",
      examples: [
        { mode: "fifo", state: "OPEN", opensAt: "2026-11-22T10:00:00.000Z", admitsAt: null },
      ],
    },
  ),
};

export const Concert = Type.Object(concertMembers, { $id: "Concert" });

export const ConcertList = Page(Type.Object(concertMembers), { $id: "ConcertList" });

/** What is null in the life of most sales; the document's example shows that. */
const notYet = <S extends TSchema>(schema: S) => Nullable(schema, { examples: [null] });

/** What operators are shown: the concert and how it is sold. */
export const ConcertOnSale = Type.Object(
  {
    ...concertMembers,
    policy: Policy,
    pausedAt: notYet(Instant("Since when the queue is paused")),
    resumedAt: notYet(Instant("When the last pause ended")),
    rampSeconds: notYet(Type.Integer({ description: "The ramp after that pause" })),
    closedAt: notYet(Instant("When the queue was closed")),
  },
  { $id: "ConcertOnSale" },
);

export type PolicyWishBody = Static<typeof PolicyWishBody>;
export type NewConcertBody = Static<typeof NewConcertBody>;
