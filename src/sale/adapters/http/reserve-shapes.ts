import { Type } from "typebox";
import { Text } from "#platform/http/schemas.ts";
import { Seat } from "#platform/http/seat-shapes.ts";
import { ShowDate } from "./shapes.ts";

const SeatNumbers = Type.Array(Seat, {
  minItems: 1,
  maxItems: 50,
  uniqueItems: true,
  description: "The seats, without repetition",
  examples: [[12, 13]],
});

const Best = Type.Object(
  {
    count: Type.Integer({
      minimum: 1,
      maximum: 50,
      description: "Number of seats",
      examples: [2],
    }),
    grade: Type.Optional(Text({ maxLength: 50, description: "Only seats of this grade" })),
    section: Type.Optional(Text({ maxLength: 50, description: "Only seats of this section" })),
    together: Type.Optional(
      Type.Boolean({
        description: "No seats rather than seats that are not side by side. Default false",
      }),
    ),
  },
  {
    description:
      "Let the server choose: seats side by side in one row, nearest to the focus, leaving no single free seat; then side by side with a single seat left over; then in neighbouring rows; then any. Places of a standing section are chosen this way",
  },
);

export const ReserveBody = Type.Object(
  {
    date: ShowDate(),
    seatNumbers: Type.Optional(SeatNumbers),
    best: Type.Optional(Best),
  },
  {
    description: "Exactly one of `seatNumbers` and `best`",
    examples: [
      { date: "2026-12-24", seatNumbers: [12, 13] },
      { date: "2026-12-24", best: { count: 2 } },
    ],
  },
);
