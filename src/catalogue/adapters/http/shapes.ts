import { Type, type Static, type TSchema } from "typebox";
import { Amount, CalendarDate, Instant, Nullable, Page, Uuid } from "#platform/http/schemas.ts";
import { type PolicyNumber, policyRanges, transferRanges } from "../../domain/policy.ts";
import { refundRanges } from "../../domain/refund-policy.ts";
import { rampSecondsMax } from "../../domain/queue-control.ts";

const SeatLimit = (description: string) => Type.Integer({ description, examples: [4] });

/** The member with which the later of two operators is told. */
export const SeenVersion = () =>
  Type.Optional(
    Type.Integer({
      minimum: 1,
      description: "The `version` that the operator has seen; another one is VERSION_CONFLICT",
    }),
  );

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

const waitingList = () =>
  Type.Boolean({
    description:
      "Whether the queue goes on as a waiting list at SOLD_OUT: waiting places become WAITLISTED in their order, users can still join, and at most one user is admitted for each seat that comes back. Each slot lasts `claimSeconds`, or as long as the hold. false ends the waiting list: while the sale is sold out, its places end. Default false",
    examples: [false],
  });

const opensAt = () =>
  Instant(
    "When the queue opens; in a lottery, when the lobby opens. Cannot change once open. Default: now",
  );
const admitsAt = () =>
  Instant(
    "Lottery: when the lobby closes and the draw takes place, after `opensAt`; null for `fifo`. While the lobby is open it can change, if the old and the new time are at least 1 s away",
  );

const singleSeats = () =>
  Type.Enum(["allowed", "refused"], {
    description:
      "Whether a choice of seats may leave a free seat without a free neighbour in its row. `refused`: it is `SINGLE_SEAT_LEFT`, unless every choice of as many seats of the row would leave one. Default `allowed`",
    examples: ["allowed"],
  });

const ruleNumber = (name: keyof typeof transferRanges, meaning: string, example: number) => {
  const { min, max } = transferRanges[name];
  return Type.Integer({
    minimum: min,
    maximum: max,
    description: `${meaning}. ${min} to ${max}`,
    examples: [example],
  });
};

const transfers = () =>
  Nullable(
    Type.Object(
      {
        until: ruleNumber(
          "until",
          "Hours before the show until which a ticket can be passed on",
          24,
        ),
        perTicket: ruleNumber("perTicket", "How often one ticket may be passed on", 1),
      },
      { additionalProperties: false },
    ),
    {
      description: "How tickets may be passed on to other users; null: not at all. Default null",
      examples: [null],
    },
  );

const inRange = (name: keyof typeof refundRanges, description: string, example: number) => {
  const { min: minimum, max: maximum } = refundRanges[name];
  return Type.Integer({ minimum, maximum, description, examples: [example] });
};

/** The rules for refunds that buyers ask for. */
const refunds = () =>
  Nullable(
    Type.Object({
      until: inRange(
        "until",
        "From this many hours before the show on, a buyer gets no refund",
        24,
      ),
      fees: Type.Array(
        Type.Object({
          daysBefore: inRange(
            "daysBefore",
            "The entry with the smallest value that is at least the days left until the show counts; days are those of the concert's time zone",
            9,
          ),
          percent: inRange("percent", "Part of the price that is kept, in percent", 10),
        }),
        {
          maxItems: refundRanges.fees.max,
          description: "The fees. Without an entry for the days left there is none",
        },
      ),
    }),
    {
      description:
        "Rules for refunds that buyers ask for; null, the default: buyers cannot refund their tickets",
      examples: [{ until: 24, fees: [{ daysBefore: 9, percent: 10 }] }],
    },
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
    waitingList: waitingList(),
    opensAt: opensAt(),
    admitsAt: Nullable(admitsAt(), { examples: [null] }),
    singleSeats: singleSeats(),
    transfers: transfers(),
    refunds: refunds(),
    ...settings,
  },
  { description: "The settings of the sale" },
);

/** A policy in a request, with any part of the settings. */
export const PolicyInputBody = Type.Partial(
  Type.Object({
    mode: mode(),
    waitingList: waitingList(),
    opensAt: opensAt(),
    admitsAt: Nullable(admitsAt()),
    singleSeats: singleSeats(),
    transfers: transfers(),
    refunds: refunds(),
    ...settings,
  }),
  {
    description:
      "Settings of the sale. A setting left out has its default in a new concert and stays unchanged otherwise",
    examples: [{ admissionsPerMinute: 300, maxActive: 100 }],
  },
);

export const ResumeBody = Type.Object({
  rampSeconds: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: rampSecondsMax,
      description: `Time in which the admission rate grows from zero to its setting, in seconds; 0 to ${rampSecondsMax}, default 0`,
      examples: [60],
    }),
  ),
});

export const NoMembers = Type.Object({});

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
  maxSeatsPerUser: SeatLimit("Maximum number of seats per user over all dates, held and bought"),
  maxSeatsPerReservation: SeatLimit("Maximum number of seats of one reservation"),
  refunds: refunds(),
  description: Nullable(Type.String({ description: "Text for the concert's page" }), {
    examples: [null],
  }),
  posterUrl: Nullable(Type.String({ description: "An https address of a picture" }), {
    examples: [null],
  }),
  ageRating: Nullable(Type.String({ description: "The age rating" }), { examples: ["12+"] }),
  publishedAt: Instant("When the concert became visible to users"),
  cancelledAt: Nullable(
    Instant("When the concert was cancelled: it does not take place, and its tickets are refunded"),
    { examples: [null] },
  ),
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
    version: Type.Integer({
      description: "Rises with each change of the concert by an operator",
      examples: [1],
    }),
    pausedAt: notYet(Instant("When the present pause began")),
    resumedAt: notYet(Instant("When the last pause ended")),
    rampSeconds: notYet(Type.Integer({ description: "The ramp after the last pause, in seconds" })),
    closedAt: notYet(Instant("When the queue was closed")),
  },
  { $id: "ConcertOnSale" },
);

export type PolicyInputBody = Static<typeof PolicyInputBody>;
