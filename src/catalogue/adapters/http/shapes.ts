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
import { datesMax, textLengthMax } from "../../domain/new-concert.ts";
import { priceMax, seatNumberMax } from "../../domain/hall.ts";
import { type PolicyNumber, policyRanges } from "../../domain/policy.ts";
import { rampSecondsMax } from "../../domain/queue-control.ts";

const closed = { additionalProperties: false };

export const state = Type.Enum(
  ["SCHEDULED", "LOBBY", "OPEN", "PAUSED", "RECOVERING", "ALL_HELD", "SOLD_OUT", "ENDED", "CLOSED"],
  { description: "State of the queue", examples: ["OPEN"] },
);

const mode = () =>
  Type.Enum(["fifo", "lottery"], {
    description:
      "`fifo`: order of arrival; `lottery`: drawn from all who joined the lobby. Cannot change once open. Default `fifo`",
    examples: ["fifo"],
  });

const opensAt = () =>
  Instant(
    "When the queue opens; in a lottery, when the lobby opens. Cannot change once open. Default: now",
  );
const admitsAt = () =>
  Instant(
    "Lottery: when the lobby closes and the draw takes place, after `opensAt`; null for `fifo`. While the lobby is open it can change, if the old and the new time are at least 1 s away",
  );

const meanings: Readonly<Record<PolicyNumber, string>> = {
  maxActive: "Maximum number of users who are ACTIVE at once",
  admissionsPerMinute: "Maximum number of users admitted per minute",
  shoppersPerSeat:
    "The queue admits no user while the ACTIVE users without a hold are at least this many times the AVAILABLE seats",
  sessionSeconds: "Length of the slot of an admitted user, in seconds",
  claimSeconds: "Time for an admitted user to claim the slot, in seconds",
  holdSeconds: "Time to pay a reservation, in seconds",
  maxSeatsPerUser: "Maximum number of seats per user over all dates, held and bought",
  maxSeatsPerReservation: "Maximum number of seats per reservation",
  holdsPerUser:
    "Number of a user's lapsed and cancelled holds in the last hour at which the user gets no further hold (`HOLD_LIMIT`); 0: no limit",
  holdCooldownSeconds:
    "Time after a lapsed hold in which its user gets no further hold (`HOLD_LIMIT`), in seconds; 0: none",
  idleSeconds:
    "Time after which an ACTIVE user who does not use the slot loses it, in seconds; `expiresAt` contains it. Reading dates or seats and reserving use the slot, polling does not; 0: never",
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
  holdsPerUser: setting("holdsPerUser"),
  holdCooldownSeconds: setting("holdCooldownSeconds"),
  idleSeconds: setting("idleSeconds"),
};

/** A policy in an answer, with all settings. */
const Policy = Type.Object(
  {
    mode: mode(),
    opensAt: opensAt(),
    admitsAt: Nullable(admitsAt(), { examples: [null] }),
    ...settings,
  },
  { description: "The settings of the sale" },
);

/** A policy in a request, with any part of the settings. */
export const PolicyInputBody = Type.Partial(
  Type.Object({ mode: mode(), opensAt: opensAt(), admitsAt: Nullable(admitsAt()), ...settings }),
  {
    ...closed,
    description:
      "Settings of the sale. A setting left out has its default in a new concert and stays unchanged otherwise",
    examples: [{ admissionsPerMinute: 300, maxActive: 100 }],
  },
);

const seatNumber = Type.Integer({ minimum: 1, maximum: seatNumberMax });
const price = () =>
  Type.Integer({
    minimum: 1,
    maximum: priceMax,
    description: "The price, in the minor unit of the installation's currency",
    examples: [99_000],
  });

const GradeBody = Type.Object(
  {
    name: Text({
      maxLength: textLengthMax.grade,
      description: "Name of the grade, such as R or S",
    }),
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
    date: CalendarDate("Date of the show, in the time zone of the concert"),
    startsAt: Type.Optional(
      Instant(
        "When the show begins. Must be on its date in the time zone of the concert. Default: 19:00 there",
      ),
    ),
  },
  closed,
);

export const NewConcertBody = Type.Object(
  {
    title: Text({ maxLength: textLengthMax.title, description: "Title of the concert" }),
    venue: Type.Optional(
      Text({ maxLength: textLengthMax.venue, description: "Venue of the concert" }),
    ),
    timeZone: Type.Optional(
      Text({ maxLength: 64, description: "IANA time zone of the concert, default Asia/Seoul" }),
    ),
    dates: Type.Array(ShowDateBody, {
      minItems: 1,
      maxItems: datesMax,
      description: "The dates, without repetition; each has the seats 1 to 50",
    }),
    grades: Type.Optional(
      Type.Array(GradeBody, {
        minItems: 1,
        maxItems: seatNumberMax,
        description: "Price grades that together cover each of the seats 1 to 50 exactly once",
      }),
    ),
    price: Type.Optional(price()),
    description: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: textLengthMax.description,
        description: "Text for the concert's page; may have line breaks",
      }),
    ),
    posterUrl: Type.Optional(
      Text({ maxLength: textLengthMax.posterUrl, description: "An https address of a picture" }),
    ),
    ageRating: Type.Optional(
      Text({ maxLength: textLengthMax.ageRating, description: "The age rating, such as 12+" }),
    ),
    publishedAt: Type.Optional(
      Instant(
        "Before this time the concert is a draft, which only operators can read; not after `opensAt`. Default: now",
      ),
    ),
    policy: Type.Optional(PolicyInputBody),
  },
  {
    ...closed,
    description: "A concert with either `grades` or one `price` for all seats",
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
        description: `Time in which the admission rate grows from zero to its setting, in seconds; 0 to ${rampSecondsMax}, default 0`,
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
  title: Type.String({ description: "Title of the concert", examples: ["Winter Night"] }),
  venue: Nullable(Type.String({ description: "Venue of the concert", examples: ["Olympic Hall"] })),
  timeZone: Type.String({ description: "IANA time zone of the concert", examples: ["Asia/Seoul"] }),
  dates: Type.Array(
    Type.Object({
      date: CalendarDate("Date of the show, in the time zone of the concert"),
      startsAt: Instant("When the show begins"),
    }),
    {
      description: "The shows, sorted by date",
      examples: [[{ date: "2026-12-24", startsAt: "2026-12-24T10:00:00.000Z" }]],
    },
  ),
  priceRange: Type.Object(
    { min: Amount("Price of the cheapest seat"), max: Amount("Price of the most expensive seat") },
    {
      description: "Lowest and highest price of a seat",
      examples: [{ min: 99_000, max: 132_000 }],
    },
  ),
  currency: Type.String({ description: "ISO 4217 code", examples: ["KRW"] }),
  grades: Type.Array(
    Type.Object({
      name: Type.String({ description: "Name of the grade" }),
      price: Amount("Price of a seat of the grade"),
    }),
    {
      description: "The price grades, in the order of their seats",
      examples: [[{ name: "R", price: 132_000 }]],
    },
  ),
  maxSeatsPerUser: Type.Integer({
    description: "Maximum number of seats per user over all dates, held and bought",
    examples: [4],
  }),
  description: Nullable(Type.String({ description: "Text for the concert's page" }), {
    examples: [null],
  }),
  posterUrl: Nullable(Type.String({ description: "An https address of a picture" }), {
    examples: [null],
  }),
  ageRating: Nullable(Type.String({ description: "The age rating" }), { examples: ["12+"] }),
  publishedAt: Instant("When the concert became visible to users"),
  queue: Type.Object(
    { mode: mode(), state, opensAt: opensAt(), admitsAt: Nullable(admitsAt()) },
    {
      description: "Schedule and state of the queue",
      examples: [
        { mode: "fifo", state: "OPEN", opensAt: "2026-11-22T10:00:00.000Z", admitsAt: null },
      ],
    },
  ),
};

export const Concert = Type.Object(concertMembers, { $id: "Concert" });

export const ConcertList = Page(Type.Object(concertMembers), { $id: "ConcertList" });

/** A member that is null in most sales; the example of the document is null. */
const notYet = <S extends TSchema>(schema: S) => Nullable(schema, { examples: [null] });

/** *concert* of the contract with its policy, for operators. */
export const ConcertOnSale = Type.Object(
  {
    ...concertMembers,
    policy: Policy,
    pausedAt: notYet(Instant("When the present pause began")),
    resumedAt: notYet(Instant("When the last pause ended")),
    rampSeconds: notYet(Type.Integer({ description: "The ramp after the last pause, in seconds" })),
    closedAt: notYet(Instant("When the queue was closed")),
  },
  { $id: "ConcertOnSale" },
);

export type PolicyInputBody = Static<typeof PolicyInputBody>;
export type NewConcertBody = Static<typeof NewConcertBody>;
