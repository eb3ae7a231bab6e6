import { Type } from "typebox";
import { planSeatsMax, seatSpacing } from "#kernel/seating-plan.ts";
import { Amount, Nullable, Text } from "#platform/http/schemas.ts";
import { planLimits } from "../../domain/plan-input.ts";
import { priceMax } from "../../domain/price.ts";

const name = (description: string) => Text({ maxLength: planLimits.nameChars, description });

const metres = (description: string) =>
  Type.Number({
    minimum: -planLimits.coordinate,
    maximum: planLimits.coordinate,
    description: `${description}, in metres`,
    examples: [0],
  });

const x = () => metres("Coordinate across the hall; rises to the right, seen from the stage");
const y = () => metres("Coordinate away from the stage, which is at 0, 0");
const maybePoint = { x: Type.Optional(x()), y: Type.Optional(y()) };

const grade = (description: string) => Text({ maxLength: planLimits.nameChars, description });

const seatName = Type.Integer({ minimum: 1, maximum: planLimits.seatName });

const PlaceBody = Type.Object({
  name: name("Name of the seat"),
  grade: Type.Optional(grade("Grade of the seat; default: that of the row")),
  ...maybePoint,
});

const RowBody = Type.Object({
  name: name("Name of the row"),
  seats: Type.Optional(
    Type.Array(seatName, {
      minItems: 2,
      maxItems: 2,
      description: "Names of the first and the last seat",
      examples: [[1, 20]],
    }),
  ),
  step: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: planLimits.step,
      description: "From one name to the next; 2 for odd or even numbers. Default 1",
    }),
  ),
  reverse: Type.Optional(
    Type.Boolean({ description: "The names count from the right. Default false" }),
  ),
  curve: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: planLimits.curve,
      description: "By how many metres the ends of the row lie nearer to the stage. Default 0",
    }),
  ),
  grade: Type.Optional(grade("Grade of the row; default: that of the section")),
  places: Type.Optional(
    Type.Array(PlaceBody, {
      minItems: 1,
      maxItems: planLimits.seatsOfRow,
      description: "In place of `seats`: the seats one by one",
    }),
  ),
  ...maybePoint,
});

const kind = Type.Enum(["SEATED", "STANDING"], {
  description: "`SEATED`: rows of seats; `STANDING`: numbered places without names",
});

const angle = () =>
  Type.Number({
    minimum: -planLimits.angle,
    maximum: planLimits.angle,
    description: "Degrees by which the section is turned clockwise around its origin",
    examples: [0],
  });

const SectionBody = Type.Object({
  name: name("Name of the section"),
  kind,
  grade: grade("Grade of the section"),
  rows: Type.Optional(
    Type.Array(RowBody, {
      minItems: 1,
      maxItems: planLimits.rows,
      description: "The rows of a seated section",
    }),
  ),
  capacity: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: planSeatsMax,
      description: "The places of a standing section",
    }),
  ),
  angle: Type.Optional(angle()),
  ...maybePoint,
});

/** *seatingPlan* of a new concert. */
export const SeatingPlanBody = Type.Object(
  {
    grades: Type.Array(
      Type.Object({
        name: name("Name of the grade"),
        price: Type.Integer({
          minimum: 1,
          maximum: priceMax,
          description: "Price of a seat, in the minor unit of the currency",
        }),
      }),
      { minItems: 1, maxItems: planLimits.grades, description: "The price grades" },
    ),
    sections: Type.Array(SectionBody, {
      minItems: 1,
      maxItems: planLimits.sections,
      description: `The sections, in the order of the seat numbers; at most ${planSeatsMax} seats in total`,
    }),
    focus: Type.Optional(
      Type.Object(
        { x: x(), y: y() },
        { description: "The best seats are nearest to this point; default: the stage" },
      ),
    ),
  },
  {
    description: "A hall of any shape. Coordinates that are left out are derived",
    examples: [
      {
        grades: [
          { name: "R", price: 132_000 },
          { name: "S", price: 99_000 },
        ],
        sections: [
          {
            name: "Stalls",
            kind: "SEATED",
            grade: "R",
            rows: [
              { name: "A", seats: [1, 20] },
              { name: "B", seats: [1, 20], reverse: true },
            ],
          },
          { name: "Floor", kind: "STANDING", grade: "S", capacity: 300 },
        ],
      },
    ],
  },
);

const seat = (description: string, example: number) =>
  Type.Integer({ description, examples: [example] });

const GradeOfPlan = Type.Object({
  name: Type.String({ description: "Name of the grade" }),
  price: Amount("Price of a seat of the grade"),
});

const PlaceOfPlan = Type.Object({
  name: Type.String({ description: "Name of the seat" }),
  grade: Type.String({ description: "Grade of the seat" }),
  x: x(),
  y: y(),
});

const RowOfPlan = Type.Object({
  name: Nullable(
    Type.String({ description: "Name of the row; neighbours with one name are one row" }),
  ),
  grade: Type.String({ description: "Grade of the seats without a grade of their own" }),
  firstSeat: seat("Number of the first seat", 1),
  lastSeat: seat("Number of the last seat", 20),
  firstName: Nullable(
    Type.Integer({
      description: "Name of the first seat; null for `places`, and where seats have no names",
    }),
  ),
  step: Type.Integer({ description: "From one name to the next; negative from the right" }),
  curve: Type.Number({
    description: `Metres by which the ends lie nearer to the stage. Seats are ${seatSpacing} m apart`,
  }),
  places: Nullable(Type.Array(PlaceOfPlan, { description: "The seats, where they were given" })),
  x: x(),
  y: y(),
});

const SectionOfPlan = Type.Object({
  name: Nullable(Type.String({ description: "Name of the section" })),
  kind,
  grade: Type.String({ description: "Grade of the rows without a grade of their own" }),
  firstSeat: seat("Number of the first seat", 1),
  lastSeat: seat("Number of the last seat", 340),
  x: x(),
  y: y(),
  angle: angle(),
  rows: Type.Array(RowOfPlan, {
    description:
      "None for a standing section. Coordinates of rows and places are in the frame of the section",
  }),
});

/** *seating plan* of the contract. */
export const SeatingPlanAnswer = Type.Object(
  {
    planId: Type.String({
      description: "Changes with the content of this answer",
      examples: ["mZ3W0QtAzYdu0S8yGm5xLg"],
    }),
    seatsTotal: seat("All seats of a date; they have the numbers from 1 on", 340),
    focus: Type.Object(
      { x: x(), y: y() },
      { description: "The best seats are nearest to this point" },
    ),
    grades: Type.Array(GradeOfPlan, { description: "The price grades" }),
    sections: Type.Array(SectionOfPlan, { description: "The sections, by seat number" }),
  },
  { $id: "SeatingPlan" },
);

export const PlanQuery = Type.Object({
  v: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      description: "A `planId`. While it is the present one, the answer may be cached for ever",
      examples: ["mZ3W0QtAzYdu0S8yGm5xLg"],
    }),
  ),
});
