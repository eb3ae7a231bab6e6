import { Type } from "typebox";
import { planSeatsMax } from "#kernel/seating-plan.ts";
import { Nullable } from "./schemas.ts";

// The parts of answers that name a seat, for the features that show seats.

/** The server compares numbers in a request with the plan of the concert too. */
export const Seat = Type.Integer({
  minimum: 1,
  maximum: planSeatsMax,
  description: "Number of a seat, from 1 on in the order of the seating plan",
  examples: [12],
});

/** How a seat is called. */
export const seatName = {
  section: Nullable(
    Type.String({ description: "Section of the seat; null in a hall without sections" }),
    { examples: [null] },
  ),
  row: Nullable(Type.String({ description: "Row of the seat; null for a standing place" }), {
    examples: [null],
  }),
  name: Nullable(Type.String({ description: "Name of the seat; null for a standing place" }), {
    examples: [null],
  }),
};

export const Grade = Type.String({ description: "The price category", examples: ["R"] });
