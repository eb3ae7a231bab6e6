import { Type } from "typebox";
import { toId } from "#kernel/ids.ts";
import { malformedRequest } from "#platform/http/refusal.ts";
import { route, type AnswerOf, type Route } from "#platform/http/route.ts";
import { Count, Text, Uuid } from "#platform/http/schemas.ts";
import type { BlockSeats } from "../../domain/block-seats.ts";
import type { ChangeHouseSeats, ChangeHouseSeatsOutcome } from "../../use-cases/block-seats.ts";
import { Seat } from "#platform/http/seat-shapes.ts";
import { ShowDate } from "./shapes.ts";

export interface HouseSeatUseCases {
  changeHouseSeats(command: ChangeHouseSeats): Promise<ChangeHouseSeatsOutcome>;
}

const reasonCharsMax = 200;

const HouseSeatsBody = Type.Object(
  {
    seatNumbers: Type.Optional(
      Type.Array(Seat, {
        minItems: 1,
        maxItems: 2000,
        uniqueItems: true,
        description: "The seats, without repetition",
        examples: [[12, 13]],
      }),
    ),
    section: Type.Optional(Text({ maxLength: 50, description: "All seats of this section" })),
    reason: Text({ maxLength: reasonCharsMax, description: "The reason, for the audit trail" }),
  },
  {
    description: "Exactly one of `seatNumbers` and `section`",
    examples: [{ seatNumbers: [12, 13], reason: "Camera position" }],
  },
);

const HouseSeatsAnswer = Type.Object(
  {
    blocked: Count("Those of the named seats that are BLOCKED now", 2),
    changed: Count("Those of the named seats whose status has changed", 2),
    skipped: Type.Array(
      Type.Object({
        seatNumber: Seat,
        status: Type.Enum(["HELD", "SOLD"], {
          description: "The status, which stays",
          examples: ["SOLD"],
        }),
      }),
      { description: "Those of the named seats that belong to a reservation, by number" },
    ),
  },
  { $id: "HouseSeats" },
);

const answerOf = (outcome: ChangeHouseSeatsOutcome): AnswerOf<{ 200: typeof HouseSeatsAnswer }> => {
  switch (outcome.kind) {
    case "date-not-found":
      return { problem: "DATE_NOT_FOUND" };
    case "section-not-found":
      return malformedRequest([{ pointer: "/section", message: "must be a section of the hall" }]);
    case "seat-not-found": {
      const { index, seatsTotal } = outcome;
      const message = `must be <= ${seatsTotal}`;
      return malformedRequest([{ pointer: `/seatNumbers/${index}`, message }]);
    }
    case "blocked": {
      const { blocked, changed, skipped } = outcome;
      return { status: 200, body: { blocked, changed, skipped: [...skipped] } };
    }
  }
};

const houseSeatRoute = (
  { changeHouseSeats }: HouseSeatUseCases,
  to: BlockSeats["to"],
  named: Pick<Route, "path" | "operationId" | "summary" | "description">,
): Route =>
  route({
    method: "POST",
    ...named,
    tag: "Operator",
    auth: "operator",
    permission: "manage",
    answerWithinMs: 25_000,
    params: Type.Object({ concertId: Uuid("The concert"), date: ShowDate() }),
    body: HouseSeatsBody,
    answers: { 200: HouseSeatsAnswer },
    problems: ["DATE_NOT_FOUND"],
    handle: async ({ params, body, caller: { actor } }) => {
      if ((body.seatNumbers === undefined) === (body.section === undefined)) {
        const message = "is required: exactly one of seatNumbers and section";
        return malformedRequest([{ pointer: "/seatNumbers", message }]);
      }
      const concertId = toId<"concert">(params.concertId);
      return answerOf(await changeHouseSeats({ ...body, actor, concertId, date: params.date, to }));
    },
  });

/** Returns the routes with which operators take seats out of the sale and put them back. */
export const houseSeatRoutes = (useCases: HouseSeatUseCases): readonly Route[] => [
  houseSeatRoute(useCases, "BLOCKED", {
    path: "/admin/v1/concerts/{concertId}/dates/{date}/seats/block",
    operationId: "blockSeats",
    summary: "Take seats of a show out of the sale",
    description:
      "House seats: operators read them as `BLOCKED`, fans as sold. Held and sold seats are left. The audit trail records the reason.",
  }),
  houseSeatRoute(useCases, "AVAILABLE", {
    path: "/admin/v1/concerts/{concertId}/dates/{date}/seats/unblock",
    operationId: "unblockSeats",
    summary: "Put blocked seats of a show back into the sale",
    description: "The seats are free at once. The audit trail records the reason.",
  }),
];
