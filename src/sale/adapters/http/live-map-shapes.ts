import { Type } from "typebox";
import { Nullable } from "#platform/http/schemas.ts";
import type { LiveChanges, WholeLiveMap } from "../../domain/live-map.ts";
import { Seat } from "#platform/http/seat-shapes.ts";
import { ShowDate } from "./shapes.ts";

const Version = (description: string) =>
  Type.String({ pattern: "^[0-9]{1,15}$", description, examples: ["48213"] });

export const SeatMapQuery = Type.Object({
  since: Type.Optional(Version("The `version` of the map that the client has")),
});

const SectionCount = Type.Object({
  name: Nullable(Type.String({ description: "The section; null in a hall without sections" }), {
    examples: [null],
  }),
  available: Type.Integer({ description: "Seats that can be reserved now", examples: [37] }),
});

const mapOf = <const Letters extends readonly string[]>(letters: readonly [...Letters]) => ({
  date: ShowDate(),
  version: Version("Send this as `since` to get what has changed"),
  seatsAvailable: Type.Integer({
    minimum: 0,
    description: "Seats that can be reserved now",
    examples: [37],
  }),
  sections: Type.Array(SectionCount, {
    description: "The sections; in an answer with `changes` those in which a seat has changed",
  }),
  statuses: Type.Optional(
    Type.String({
      description: "The whole map: one letter a seat, from seat 1 on",
      examples: ["AAHS"],
    }),
  ),
  changes: Type.Optional(
    Type.Array(
      Type.Array(Type.Union([Seat, Type.Enum(letters)]), {
        minItems: 2,
        maxItems: 2,
        description: "Seat number and letter",
        examples: [[12, "H"]],
      }),
      { description: "The seats that have changed, by number", examples: [[[12, "H"]]] },
    ),
  ),
});

/** *seat map* of the contract: with `statuses`, or with `changes`. */
export const SeatMapAnswer = Type.Object(mapOf(["A", "H", "S"]), { $id: "SeatMap" });

/** The same for operators: `B` is a blocked seat. */
export const OperatorSeatMapAnswer = Type.Object(mapOf(["A", "H", "S", "B"]), {
  $id: "OperatorSeatMap",
});

/** The body of an answer with a live map. */
export const seatMapBody = <Letter>(
  date: string,
  { kind: _, version, ...map }: WholeLiveMap | LiveChanges<Letter>,
) => ({ date, version: String(version), ...map });
