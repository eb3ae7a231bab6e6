import type { MaybePromise } from "#kernel/maybe-promise.ts";
import type { Static } from "typebox";
import { toId, type ConcertId, type ReservationId, type UserId } from "#kernel/ids.ts";
import type { SeatingPlan } from "#kernel/seating-plan.ts";
import { malformedRequest } from "#platform/http/refusal.ts";
import { keyAnswer } from "#platform/http/key-answer.ts";
import {
  route,
  type AnswerOf,
  type Caller,
  type Problem,
  type Route,
} from "#platform/http/route.ts";
import { listLimit, ListQuery } from "#platform/http/schemas.ts";
import type { CancelOutcome, KeyOutcome } from "../../domain/commands.ts";
import type { PlanOf } from "../../ports/seating-plans.ts";
import type { CancelReservation } from "../../use-cases/cancel-reservation.ts";
import type {
  CurrentReservation,
  ReadReservation,
  ReadReservationOutcome,
} from "../../use-cases/read-records.ts";
import type { ReserveSeats, ReserveSeatsOutcome } from "../../use-cases/reserve-seats.ts";
import type { Page, PageQuery } from "#kernel/page.ts";
import { idCursor, readIdCursor, invalidCursor } from "#platform/http/cursors.ts";
import { ReserveBody } from "./reserve-shapes.ts";
import {
  replayNote,
  ReservationAnswer,
  ReservationPage,
  ReservationParams,
  reserveAnswers,
  UserParams,
} from "./shapes.ts";
import { reservationView, reserveSuccess } from "./views.ts";

export interface ReservationUseCases {
  reserveSeats(command: ReserveSeats): Promise<ReserveSeatsOutcome>;
  readReservation(query: ReadReservation): Promise<ReadReservationOutcome>;
  cancelReservation(command: CancelReservation): Promise<CancelOutcome>;
  readonly planOf: PlanOf;
  listReservations(
    userId: UserId,
    query: PageQuery<ReservationId>,
  ): Promise<Page<CurrentReservation, ReservationId>>;
}

const tag = "Reservations";

type ReserveBody = Static<typeof ReserveBody>;

/**
 * Reads the wanted seats of a body. Refuses numbers that the hall does not have, as the schema refuses those
 * that no hall has.
 */
const readSeats = (
  plan: SeatingPlan,
  { seatNumbers, best }: ReserveBody,
): Pick<ReserveSeats, "seatNumbers" | "best"> | Problem => {
  if (seatNumbers === undefined) {
    if (best === undefined)
      return malformedRequest([{ pointer: "/seatNumbers", message: "is required without best" }]);
    const { count, grade = null, section = null, together = false } = best;
    return { seatNumbers: [], best: { count, grade, section, together } };
  }
  if (best !== undefined) {
    const message = "must not be given together with seatNumbers";
    return malformedRequest([{ pointer: "/best", message }]);
  }
  const { seatsTotal } = plan;
  const faults = seatNumbers.flatMap((seatNumber, index) =>
    seatNumber > seatsTotal
      ? [{ pointer: `/seatNumbers/${index}`, message: `must be <= ${seatsTotal}` }]
      : [],
  );
  return faults.length === 0 ? { seatNumbers } : malformedRequest(faults);
};

const limitDetail = ({
  limitOf,
  seatsMax,
  owned,
}: Extract<ReserveSeatsOutcome, { kind: "seat-limit-exceeded" }>): string => {
  switch (limitOf) {
    case "reservation":
      return `A reservation may have at most ${seatsMax} seats.`;
    case "user":
      return `A user may have at most ${seatsMax} seats of a concert; you have ${owned}.`;
  }
};

const unavailableAnswer = ({
  kind: _,
  ...members
}: Extract<ReserveSeatsOutcome, { kind: "seats-unavailable" }>): Problem => {
  const problem = "SEAT_UNAVAILABLE";
  const { available } = members;
  if (available === undefined) return { problem, members };
  const detail = `Too few seats fit; ${available} free seats match the grade and the section.`;
  return { problem, detail, members };
};

type Success = Extract<ReserveSeatsOutcome, { kind: "reserved" }>;

const refusalAnswer = (outcome: Exclude<ReserveSeatsOutcome, KeyOutcome | Success>): Problem => {
  switch (outcome.kind) {
    case "not-active":
      return { problem: "QUEUE_NOT_ACTIVE" };
    case "ended":
      return { problem: "QUEUE_TOKEN_ENDED" };
    case "date-not-found":
      return { problem: "DATE_NOT_FOUND", detail: "There is no such show, or it has begun." };
    case "concert-cancelled":
      return { problem: "CONCERT_CANCELLED" };
    case "already-held": {
      const { reservationId } = outcome;
      return { problem: "RESERVATION_ALREADY_HELD", members: { reservationId } };
    }
    case "seat-limit-exceeded":
      return { problem: "SEAT_LIMIT_EXCEEDED", detail: limitDetail(outcome) };
    case "hold-limit": {
      const retryAfterSeconds = Math.ceil(outcome.retryAfterMs / 1000);
      const detail = `Too many of your holds were not paid. You can hold seats again in ${retryAfterSeconds} s.`;
      return { problem: "HOLD_LIMIT", detail, retryAfterSeconds };
    }
    case "seats-unavailable":
      return unavailableAnswer(outcome);
    case "single-seat-left":
      return { problem: "SINGLE_SEAT_LEFT", members: { seatNumbers: outcome.seatNumbers } };
  }
};

const reserveAnswer = (
  planOf: PlanOf,
  outcome: ReserveSeatsOutcome,
): MaybePromise<AnswerOf<typeof reserveAnswers>> => {
  const successOf = reserveSuccess(planOf);
  if (outcome.kind === "reserved") return successOf(outcome);
  const isOfKey =
    outcome.kind === "replayed" ||
    outcome.kind === "key-reused" ||
    outcome.kind === "key-in-progress";
  return isOfKey ? keyAnswer(outcome, successOf) : refusalAnswer(outcome);
};

const readAnswer = async (
  planOf: PlanOf,
  outcome: ReadReservationOutcome,
): Promise<AnswerOf<{ 200: typeof ReservationAnswer }>> => {
  switch (outcome.kind) {
    case "found": {
      const { reservation, nowMs } = outcome;
      const plan = await planOf(reservation.concertId);
      return { status: 200, body: reservationView(plan, reservation, nowMs) };
    }
    case "not-found":
      return { problem: "RESERVATION_NOT_FOUND" };
    case "token-mismatch":
      return { problem: "QUEUE_TOKEN_MISMATCH" };
  }
};

const cancelAnswer = (outcome: CancelOutcome): AnswerOf<{ 204: null }> => {
  switch (outcome.kind) {
    case "cancelled":
      return { status: 204 };
    case "not-cancellable":
      return { problem: "RESERVATION_NOT_CANCELLABLE", detail: "The reservation is paid." };
    case "not-found":
      return { problem: "RESERVATION_NOT_FOUND" };
    case "token-mismatch":
      return { problem: "QUEUE_TOKEN_MISMATCH" };
  }
};

/** Returns the user, and the concert of a queue token; null for an access token. */
const ownerOf = (
  caller: Extract<Caller, { kind: "user" | "place" }>,
): { readonly userId: UserId; readonly tokenConcertId: ConcertId | null } => {
  const { userId } = caller;
  switch (caller.kind) {
    case "user":
      return { userId, tokenConcertId: null };
    case "place":
      return { userId, tokenConcertId: caller.claims.concertId };
  }
};

const reserveRoute = (useCases: ReservationUseCases): Route =>
  route({
    method: "POST",
    path: "/api/v1/reservations",
    operationId: "reserveSeats",
    isHot: true,
    tag,
    summary: "Reserve seats of a show, all or none",
    description: `The seats are held until \`expiresAt\` and are free again unless the caller pays before. ${replayNote}`,
    auth: "queue",
    idempotency: "optional",
    body: ReserveBody,
    answers: reserveAnswers,
    problems: [
      "QUEUE_TOKEN_ENDED",
      "QUEUE_NOT_ACTIVE",
      "DATE_NOT_FOUND",
      "CONCERT_CANCELLED",
      "RESERVATION_ALREADY_HELD",
      "SEAT_LIMIT_EXCEEDED",
      "HOLD_LIMIT",
      "SEAT_UNAVAILABLE",
      "SINGLE_SEAT_LEFT",
    ],
    handle: async ({ caller: { claims }, body, intent }) => {
      const finding = useCases.planOf(claims.concertId);
      const plan = finding instanceof Promise ? await finding : finding;
      const seats = readSeats(plan, body);
      if ("problem" in seats) return seats;
      const { date } = body;
      const command = { claims, date, plan, ...seats, intent };
      return reserveAnswer(useCases.planOf, await useCases.reserveSeats(command));
    },
  });

/** Returns the routes of reservations. A reservation of another user is answered with 404. */
export const reservationRoutes = (useCases: ReservationUseCases): readonly Route[] => [
  reserveRoute(useCases),
  route({
    method: "GET",
    path: "/api/v1/reservations/{reservationId}",
    operationId: "readReservation",
    tag,
    summary: "Read the caller's reservation",
    auth: "queue-or-access",
    params: ReservationParams,
    answers: { 200: ReservationAnswer },
    problems: ["RESERVATION_NOT_FOUND", "QUEUE_TOKEN_MISMATCH"],
    handle: async ({ caller, params }) =>
      readAnswer(
        useCases.planOf,
        await useCases.readReservation({
          ...ownerOf(caller),
          reservationId: toId(params.reservationId),
        }),
      ),
  }),
  route({
    method: "DELETE",
    path: "/api/v1/reservations/{reservationId}",
    operationId: "cancelReservation",
    tag,
    summary: "Cancel the caller's reservation",
    description:
      "The seats are free at once. Also 204 when the reservation was already cancelled or has expired.",
    auth: "queue-or-access",
    params: ReservationParams,
    answers: { 204: null },
    problems: ["RESERVATION_NOT_FOUND", "QUEUE_TOKEN_MISMATCH", "RESERVATION_NOT_CANCELLABLE"],
    handle: async ({ caller, params }) =>
      cancelAnswer(
        await useCases.cancelReservation({
          ...ownerOf(caller),
          reservationId: toId(params.reservationId),
        }),
      ),
  }),
  route({
    method: "GET",
    path: "/api/v1/users/{userId}/reservations",
    operationId: "listReservations",
    tag,
    summary: "List the caller's reservations of all concerts, newest first",
    auth: "access",
    params: UserParams,
    query: ListQuery,
    answers: { 200: ReservationPage },
    problems: ["NOT_FOUND"],
    handle: async ({ caller: { userId }, params, query }) => {
      if (params.userId !== userId) return { problem: "NOT_FOUND" };
      const after = readIdCursor<"reservation">(query.cursor);
      if (after === undefined) return invalidCursor;
      const page = await useCases.listReservations(userId, { limit: listLimit(query), after });
      const items = await Promise.all(
        page.items.map(async ({ reservation, nowMs }) =>
          reservationView(await useCases.planOf(reservation.concertId), reservation, nowMs),
        ),
      );
      return { status: 200, body: { items, nextCursor: idCursor(page.next) } };
    },
  }),
];
