import { Type } from "typebox";
import { toId, type ConcertId } from "#kernel/ids.ts";
import { toRfc3339 } from "#kernel/instant.ts";
import { seatLabel, type SeatingPlan } from "#kernel/seating-plan.ts";
import { malformedRequest } from "#platform/http/refusal.ts";
import { route, type AnswerOf, type Route } from "#platform/http/route.ts";
import { Count, Instant, Money, Nullable, Text, Uuid } from "#platform/http/schemas.ts";
import type { GradeSales } from "../../domain/grade-sales.ts";
import type { SeatWithHolder } from "../../ports/seat-holders.ts";
import type { PlanOf } from "../../ports/seating-plans.ts";
import type { ListSeatHolders, ListSeatHoldersOutcome } from "../../use-cases/list-seat-holders.ts";
import type { ReadLiveMap, ReadOperatorMapOutcome } from "../../use-cases/read-seat-map.ts";
import type { ListSalesOutcome } from "../../use-cases/list-sales.ts";
import type {
  ReleaseReservation,
  ReleaseReservationOutcome,
} from "../../use-cases/release-reservation.ts";
import { OperatorSeatMapAnswer, seatMapBody, SeatMapQuery } from "./live-map-shapes.ts";
import { Grade, Seat, seatName } from "#platform/http/seat-shapes.ts";
import { ReservationAnswer, ShowDate } from "./shapes.ts";
import { reservationView } from "./views.ts";

export interface OperatorUseCases {
  listSeatHolders(query: ListSeatHolders): Promise<ListSeatHoldersOutcome>;
  readOperatorMap(query: ReadLiveMap): Promise<ReadOperatorMapOutcome>;
  listSales(concertId: ConcertId): Promise<ListSalesOutcome>;
  releaseReservation(command: ReleaseReservation): Promise<ReleaseReservationOutcome>;
  readonly planOf: PlanOf;
}

const tag = "Operator";
const reasonCharsMax = 200;

const SeatHoldersAnswer = Type.Object(
  {
    concertId: Uuid("The concert"),
    date: ShowDate(),
    items: Type.Array(
      Type.Object({
        seatNumber: Seat,
        ...seatName,
        grade: Grade,
        price: Money("The price", 120_000),
        status: Type.Enum(["AVAILABLE", "HELD", "SOLD", "BLOCKED"], {
          description: "The status; the seat of an expired hold is AVAILABLE",
          examples: ["HELD"],
        }),
        userId: Nullable(Uuid("The user who has the seat; null while it is AVAILABLE or BLOCKED")),
        reservationId: Nullable(
          Uuid("The reservation of the seat; null while it is AVAILABLE or BLOCKED"),
        ),
        ticketId: Nullable(Uuid("The ticket of a SOLD seat; it may have changed hands since")),
        expiresAt: Nullable(Instant("When the hold of a HELD seat expires")),
      }),
      { description: "Sorted by seat number" },
    ),
    serverTime: Instant("When this was read"),
  },
  { $id: "SeatHolders" },
);

const SalesAnswer = Type.Object(
  {
    concertId: Uuid("The concert"),
    items: Type.Array(
      Type.Object({
        date: ShowDate(),
        grade: Grade,
        price: Count("The price of one seat, in the minor unit of the currency", 132_000),
        seatsAvailable: Count("Free seats, with those of expired holds", 9),
        seatsHeld: Count("Held seats", 3),
        seatsSold: Count("Sold seats", 8),
        seatsBlocked: Count("Blocked seats", 0),
        revenue: Count(
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

const salesView = ({ available, held, sold, blocked, ...grade }: GradeSales) => ({
  ...grade,
  seatsAvailable: available,
  seatsHeld: held,
  seatsSold: sold,
  seatsBlocked: blocked,
});

const ReleaseBody = Type.Object(
  {
    reason: Text({ maxLength: reasonCharsMax, description: "The reason, for the audit trail" }),
  },
  { examples: [{ reason: "The buyer asked for it by phone" }] },
);

const seatView = (plan: SeatingPlan, seat: SeatWithHolder) => ({
  seatNumber: seat.seatNumber,
  ...seatLabel(plan, seat.seatNumber),
  price: seat.price,
  status: seat.status,
  userId: seat.holder?.userId ?? null,
  reservationId: seat.holder?.reservationId ?? null,
  ticketId: seat.ticketId,
  expiresAt: seat.expiresAtMs === null ? null : toRfc3339(seat.expiresAtMs),
});

const releaseAnswer = async (
  planOf: PlanOf,
  outcome: ReleaseReservationOutcome,
): Promise<AnswerOf<{ 200: typeof ReservationAnswer }>> => {
  switch (outcome.kind) {
    case "not-found":
      return { problem: "RESERVATION_NOT_FOUND" };
    case "not-cancellable":
      return { problem: "RESERVATION_NOT_CANCELLABLE", detail: "The reservation is paid." };
    case "released": {
      const { reservation, nowMs } = outcome;
      const plan = await planOf(reservation.concertId);
      return { status: 200, body: reservationView(plan, reservation, nowMs) };
    }
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
    permission: "read",
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

const ShowOfConcert = Type.Object({ concertId: Uuid("The concert"), date: ShowDate() });

const seatMapRoute = ({ readOperatorMap }: OperatorUseCases): Route =>
  route({
    method: "GET",
    path: "/admin/v1/concerts/{concertId}/dates/{date}/seat-map",
    operationId: "readOperatorSeatMap",
    tag,
    summary: "Read the statuses of all seats, or what has changed, with blocked seats",
    description:
      "As the seat map of fans, with the letter `B` for blocked seats, also for a date that has begun. At most 1 s old.",
    auth: "operator",
    permission: "read",
    params: ShowOfConcert,
    query: SeatMapQuery,
    answers: { 200: OperatorSeatMapAnswer },
    problems: ["DATE_NOT_FOUND"],
    handle: async ({ params, query }) => {
      const { date } = params;
      const since = query.since === undefined ? null : Number(query.since);
      const concertId = toId<"concert">(params.concertId);
      const outcome = await readOperatorMap({ concertId, date, since });
      if (outcome.kind === "date-not-found") return { problem: "DATE_NOT_FOUND" };
      return { status: 200, body: seatMapBody(date, outcome) };
    },
  });

const SeatHoldersQuery = Type.Object({
  seatNumber: Type.Optional(
    Type.String({ pattern: "^[1-9][0-9]{0,4}$", description: "Only this seat", examples: ["12"] }),
  ),
});

const seatHoldersRoute = ({ listSeatHolders, planOf }: OperatorUseCases): Route =>
  route({
    method: "GET",
    path: "/admin/v1/concerts/{concertId}/dates/{date}/seats",
    operationId: "listSeatHolders",
    tag,
    summary: "List the seats of a show with their users",
    description: "All seats, or one. Read from the database, not from the cached seat map.",
    auth: "operator",
    permission: "read",
    params: ShowOfConcert,
    query: SeatHoldersQuery,
    answers: { 200: SeatHoldersAnswer },
    problems: ["DATE_NOT_FOUND"],
    handle: async ({ params, query }) => {
      const { date } = params;
      const concertId = toId<"concert">(params.concertId);
      const seatNumber = query.seatNumber === undefined ? null : Number(query.seatNumber);
      const outcome = await listSeatHolders({ concertId, date, seatNumber });
      switch (outcome.kind) {
        case "date-not-found":
          return { problem: "DATE_NOT_FOUND" };
        case "seat-not-found": {
          const message = `must be <= ${outcome.seatsTotal}`;
          return malformedRequest([{ pointer: "/query/seatNumber", message }]);
        }
        case "seats": {
          const plan = await planOf(concertId);
          const items = outcome.seats.map((seat) => seatView(plan, seat));
          const body = { concertId, date, items, serverTime: toRfc3339(outcome.nowMs) };
          return { status: 200, body };
        }
      }
    },
  });

/** Returns the routes with which operators read seats and sales and release a hold. */
export const operatorRoutes = (useCases: OperatorUseCases): readonly Route[] => [
  salesRoute(useCases),
  seatMapRoute(useCases),
  seatHoldersRoute(useCases),
  route({
    method: "POST",
    path: "/admin/v1/reservations/{reservationId}/release",
    operationId: "releaseReservation",
    tag,
    summary: "Cancel the reservation of a user",
    description:
      "The seats are free at once. The audit trail records the reason. A reservation that is already cancelled or has expired stays unchanged, and nothing is recorded.",
    auth: "operator",
    permission: "manage",
    params: Type.Object({ reservationId: Uuid("The reservation") }),
    body: ReleaseBody,
    answers: { 200: ReservationAnswer },
    problems: ["RESERVATION_NOT_FOUND", "RESERVATION_NOT_CANCELLABLE"],
    handle: async ({ caller, params, body }) =>
      releaseAnswer(
        useCases.planOf,
        await useCases.releaseReservation({
          reservationId: toId(params.reservationId),
          actor: caller.actor,
          reason: body.reason,
        }),
      ),
  }),
];
