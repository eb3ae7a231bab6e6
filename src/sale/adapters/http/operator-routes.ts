import { Type } from "typebox";
import { toId } from "#kernel/ids.ts";
import { toRfc3339 } from "#kernel/instant.ts";
import { route, type Answer, type Route } from "#platform/http/route.ts";
import { CalendarDate, Instant, Nullable, Text, Uuid } from "#platform/http/schemas.ts";
import type { OwnedSeat } from "../../ports/holders.ts";
import type { ListHolders, ListHoldersOutcome } from "../../use-cases/list-holders.ts";
import type {
  ReleaseReservation,
  ReleaseReservationOutcome,
} from "../../use-cases/release-reservation.ts";
import { ReservationAnswer } from "./shapes.ts";
import { reservationView } from "./views.ts";

export interface OperatorUseCases {
  listHolders(query: ListHolders): Promise<ListHoldersOutcome>;
  releaseReservation(command: ReleaseReservation): Promise<ReleaseReservationOutcome>;
}

const tag = "Operator";
const reasonCharsMax = 200;

const SeatHoldersAnswer = Type.Object(
  {
    concertId: Uuid("The concert"),
    date: CalendarDate("Date of the show, in the concert's own time zone"),
    items: Type.Array(
      Type.Object({
        seatNumber: Type.Integer({
          minimum: 1,
          maximum: 50,
          description: "1 to 50",
          examples: [12],
        }),
        grade: Type.String({ description: "The price category", examples: ["R"] }),
        price: Type.Integer({
          description: "In the minor unit of the currency",
          examples: [120_000],
        }),
        status: Type.Enum(["AVAILABLE", "HELD", "SOLD"], {
          description: "A lapsed hold is AVAILABLE",
          examples: ["HELD"],
        }),
        userId: Nullable(Uuid("Who has it; null while it is AVAILABLE")),
        reservationId: Nullable(Uuid("Under which reservation")),
        expiresAt: Nullable(Instant("When a HELD seat lapses")),
      }),
      { description: "By seat number" },
    ),
    serverTime: Instant("When this was read"),
  },
  { $id: "SeatHolders" },
);

const ReleaseBody = Type.Object(
  {
    reason: Text({ maxLength: reasonCharsMax, description: "Why: kept in the audit trail" }),
  },
  { additionalProperties: false, examples: [{ reason: "The buyer asked for it by phone" }] },
);

const seatView = (seat: OwnedSeat) => ({
  seatNumber: seat.seatNumber,
  grade: seat.grade,
  price: seat.price,
  status: seat.status,
  userId: seat.holder?.userId ?? null,
  reservationId: seat.holder?.reservationId ?? null,
  expiresAt: seat.expiresAtMs === null ? null : toRfc3339(seat.expiresAtMs),
});

const releaseAnswer = (outcome: ReleaseReservationOutcome): Answer => {
  switch (outcome.kind) {
    case "not-found":
      return { problem: "RESERVATION_NOT_FOUND" };
    case "not-cancellable":
      return { problem: "RESERVATION_NOT_CANCELLABLE", detail: "The reservation is paid." };
    case "over":
      return { status: 200, body: reservationView(outcome.reservation, outcome.nowMs) };
  }
};

/** What operators see of the seats, and what they may do about a hold. */
export const operatorRoutes = (useCases: OperatorUseCases): readonly Route[] => [
  route({
    method: "GET",
    path: "/admin/v1/concerts/{concertId}/dates/{date}/seats",
    operationId: "listSeatHolders",
    tag,
    summary: "Who has which seat of a show",
    description: "Read as it stands, not from a picture that is a second old.",
    auth: "operator",
    params: Type.Object({
      concertId: Uuid("The concert"),
      date: CalendarDate("Date of the show, in the concert's own time zone"),
    }),
    answers: { 200: SeatHoldersAnswer },
    problems: ["DATE_NOT_FOUND"],
    handle: async ({ params }) => {
      const { date } = params;
      const concertId = toId<"concert">(params.concertId);
      const outcome = await useCases.listHolders({ concertId, date });
      if (outcome.kind === "date-not-found") return { problem: "DATE_NOT_FOUND" };
      const items = outcome.seats.map(seatView);
      const body = { concertId, date, items, serverTime: toRfc3339(outcome.nowMs) };
      return { status: 200, body };
    },
  }),
  route({
    method: "POST",
    path: "/admin/v1/reservations/{reservationId}/release",
    operationId: "releaseReservation",
    tag,
    summary: "Cancel somebody's hold: its seats are free at once",
    description:
      "Noted in the audit trail with the reason. One that is cancelled or expired stays as it is, and nothing is noted.",
    auth: "operator",
    params: Type.Object({ reservationId: Uuid("The reservation") }),
    body: ReleaseBody,
    answers: { 200: ReservationAnswer },
    problems: ["RESERVATION_NOT_FOUND", "RESERVATION_NOT_CANCELLABLE"],
    handle: async ({ caller, params, body }) =>
      releaseAnswer(
        await useCases.releaseReservation({
          reservationId: toId(params.reservationId),
          actor: caller.actor,
          reason: body.reason,
        }),
      ),
  }),
];
