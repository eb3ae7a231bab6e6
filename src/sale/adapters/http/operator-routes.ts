import { Type } from "typebox";
import { toId, type ConcertId } from "#kernel/ids.ts";
import { toRfc3339 } from "#kernel/instant.ts";
import { route, type AnswerOf, type Route } from "#platform/http/route.ts";
import { CalendarDate, Instant, Nullable, Text, Uuid } from "#platform/http/schemas.ts";
import type { GradeSales, SeatWithHolder } from "../../ports/seat-holders.ts";
import type { ListSeatHolders, ListSeatHoldersOutcome } from "../../use-cases/list-seat-holders.ts";
import type { ListSalesOutcome } from "../../use-cases/list-sales.ts";
import type {
  ReleaseReservation,
  ReleaseReservationOutcome,
} from "../../use-cases/release-reservation.ts";
import { ReservationAnswer } from "./shapes.ts";
import { reservationView } from "./views.ts";

export interface OperatorUseCases {
  listSeatHolders(query: ListSeatHolders): Promise<ListSeatHoldersOutcome>;
  listSales(concertId: ConcertId): Promise<ListSalesOutcome>;
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
          description: "The price, in the minor unit of the currency",
          examples: [120_000],
        }),
        status: Type.Enum(["AVAILABLE", "HELD", "SOLD"], {
          description: "The status; the seat of an expired hold is AVAILABLE",
          examples: ["HELD"],
        }),
        userId: Nullable(Uuid("The user who has the seat; null while it is AVAILABLE")),
        reservationId: Nullable(Uuid("The reservation of the seat; null while it is AVAILABLE")),
        expiresAt: Nullable(Instant("When the hold of a HELD seat expires")),
      }),
      { description: "Sorted by seat number" },
    ),
    serverTime: Instant("When this was read"),
  },
  { $id: "SeatHolders" },
);

const seatCount = (description: string, example: number) =>
  Type.Integer({ minimum: 0, description, examples: [example] });

const SalesAnswer = Type.Object(
  {
    concertId: Uuid("The concert"),
    items: Type.Array(
      Type.Object({
        date: CalendarDate("Date of the show, in the concert's own time zone"),
        grade: Type.String({ description: "The price category", examples: ["R"] }),
        price: seatCount("The price of one seat, in the minor unit of the currency", 132_000),
        seatsAvailable: seatCount("Free seats, with those of expired holds", 9),
        seatsHeld: seatCount("Held seats", 3),
        seatsSold: seatCount("Sold seats", 8),
        revenue: seatCount(
          "The revenue of the sold seats, in the minor unit of the currency",
          1_056_000,
        ),
      }),
      { description: "Sorted by date, then by seat number" },
    ),
    serverTime: Instant("When this was read"),
  },
  { $id: "Sales" },
);

const salesView = ({ date, grade, price, available, held, sold }: GradeSales) => ({
  date,
  grade,
  price,
  seatsAvailable: available,
  seatsHeld: held,
  seatsSold: sold,
  revenue: sold * price,
});

const ReleaseBody = Type.Object(
  {
    reason: Text({ maxLength: reasonCharsMax, description: "The reason, for the audit trail" }),
  },
  { additionalProperties: false, examples: [{ reason: "The buyer asked for it by phone" }] },
);

const seatView = (seat: SeatWithHolder) => ({
  seatNumber: seat.seatNumber,
  grade: seat.grade,
  price: seat.price,
  status: seat.status,
  userId: seat.holder?.userId ?? null,
  reservationId: seat.holder?.reservationId ?? null,
  expiresAt: seat.expiresAtMs === null ? null : toRfc3339(seat.expiresAtMs),
});

const releaseAnswer = (
  outcome: ReleaseReservationOutcome,
): AnswerOf<{ 200: typeof ReservationAnswer }> => {
  switch (outcome.kind) {
    case "not-found":
      return { problem: "RESERVATION_NOT_FOUND" };
    case "not-cancellable":
      return { problem: "RESERVATION_NOT_CANCELLABLE", detail: "The reservation is paid." };
    case "released":
      return { status: 200, body: reservationView(outcome.reservation, outcome.nowMs) };
  }
};

const salesRoute = ({ listSales }: OperatorUseCases): Route =>
  route({
    method: "GET",
    path: "/admin/v1/concerts/{concertId}/sales",
    operationId: "readSales",
    tag,
    summary: "Read the sales of a concert by date and grade",
    description: "Read from the database, also for dates that have begun.",
    auth: "operator",
    params: Type.Object({ concertId: Uuid("The concert") }),
    answers: { 200: SalesAnswer },
    problems: ["CONCERT_NOT_FOUND"],
    handle: async ({ params }) => {
      const concertId = toId<"concert">(params.concertId);
      const outcome = await listSales(concertId);
      if (outcome.kind === "concert-not-found") return { problem: "CONCERT_NOT_FOUND" };
      const items = outcome.sales.map(salesView);
      return { status: 200, body: { concertId, items, serverTime: toRfc3339(outcome.nowMs) } };
    },
  });

/** Returns the routes with which operators read seats and sales and release a hold. */
export const operatorRoutes = (useCases: OperatorUseCases): readonly Route[] => [
  salesRoute(useCases),
  route({
    method: "GET",
    path: "/admin/v1/concerts/{concertId}/dates/{date}/seats",
    operationId: "listSeatHolders",
    tag,
    summary: "List the seats of a show with their users",
    description: "Read from the database, not from the cached seat map.",
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
      const outcome = await useCases.listSeatHolders({ concertId, date });
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
    summary: "Cancel the reservation of a user",
    description:
      "The seats are free at once. The audit trail records the reason. A reservation that is already cancelled or has expired stays unchanged, and nothing is recorded.",
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
