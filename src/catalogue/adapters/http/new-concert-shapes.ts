import { Type, type Static } from "typebox";
import { CalendarDate, Instant, Text } from "#platform/http/schemas.ts";
import { seatNumberMax } from "../../domain/hall.ts";
import { textLengthMax } from "../../domain/new-concert.ts";
import { datesMax } from "../../domain/show-dates.ts";
import { priceMax } from "../../domain/price.ts";
import { SeatingPlanBody } from "./plan-shapes.ts";
import { PolicyInputBody } from "./shapes.ts";

const seatNumber = Type.Integer({ minimum: 1, maximum: seatNumberMax });
const price = () =>
  Type.Integer({
    minimum: 1,
    maximum: priceMax,
    description: "The price, in the minor unit of the installation's currency",
    examples: [99_000],
  });

const GradeBody = Type.Object({
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
});

export const ShowDateBody = Type.Object({
  date: CalendarDate("Date of the show, in the time zone of the concert"),
  startsAt: Type.Optional(
    Instant(
      "When the show begins. Must be on its date in the time zone of the concert. Default: 19:00 there",
    ),
  ),
});

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
      description: "The dates, without repetition; each has all seats of the hall",
    }),
    grades: Type.Optional(
      Type.Array(GradeBody, {
        minItems: 1,
        maxItems: seatNumberMax,
        description: "Price grades that together cover each of the seats 1 to 50 exactly once",
      }),
    ),
    price: Type.Optional(price()),
    seatingPlan: Type.Optional(SeatingPlanBody),
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
    description:
      "A concert with exactly one of `price`, one for the seats 1 to 50, `grades` of these seats, and `seatingPlan`",
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

export type NewConcertBody = Static<typeof NewConcertBody>;
