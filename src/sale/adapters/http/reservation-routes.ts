import { toId, type ConcertId, type ReservationId, type UserId } from "#kernel/ids.ts";
import { route, type AnswerOf, type Caller, type Route } from "#platform/http/route.ts";
import { listLimit, ListQuery } from "#platform/http/schemas.ts";
import type { CancelOutcome } from "../../domain/commands.ts";
import type { PageQuery } from "../../ports/records.ts";
import type { CancelReservation } from "../../use-cases/cancel-reservation.ts";
import type {
  CurrentReservation,
  Page,
  ReadReservation,
  ReadReservationOutcome,
} from "../../use-cases/read-records.ts";
import type { ReserveSeats, ReserveSeatsOutcome } from "../../use-cases/reserve-seats.ts";
import { idCursor, readIdCursor, invalidCursor } from "./cursors.ts";
import {
  replayNote,
  ReservationAnswer,
  ReservationPage,
  ReservationParams,
  reserveAnswers,
  ReserveBody,
  UserParams,
} from "./shapes.ts";
import { keyAnswer, reservationView, reserveSuccess } from "./views.ts";

export interface ReservationUseCases {
  reserveSeats(command: ReserveSeats): Promise<ReserveSeatsOutcome>;
  readReservation(query: ReadReservation): Promise<ReadReservationOutcome>;
  cancelReservation(command: CancelReservation): Promise<CancelOutcome>;
  listReservations(
    userId: UserId,
    query: PageQuery<ReservationId>,
  ): Promise<Page<CurrentReservation, ReservationId>>;
}

const tag = "Reservations";

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

const reserveAnswer = (outcome: ReserveSeatsOutcome): AnswerOf<typeof reserveAnswers> => {
  switch (outcome.kind) {
    case "reserved":
      return reserveSuccess(outcome);
    case "not-active":
      return { problem: "QUEUE_NOT_ACTIVE" };
    case "ended":
      return { problem: "QUEUE_TOKEN_ENDED" };
    case "date-not-found":
      return { problem: "DATE_NOT_FOUND", detail: "There is no such show, or it has begun." };
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
    case "seats-unavailable": {
      const { seatNumbers } = outcome;
      return { problem: "SEAT_UNAVAILABLE", members: { seatNumbers } };
    }
    case "replayed":
    case "key-reused":
    case "key-in-progress":
      return keyAnswer(outcome, reserveSuccess);
  }
};

const readAnswer = (
  outcome: ReadReservationOutcome,
): AnswerOf<{ 200: typeof ReservationAnswer }> => {
  switch (outcome.kind) {
    case "found":
      return { status: 200, body: reservationView(outcome.reservation, outcome.nowMs) };
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
      "RESERVATION_ALREADY_HELD",
      "SEAT_LIMIT_EXCEEDED",
      "HOLD_LIMIT",
      "SEAT_UNAVAILABLE",
      "IDEMPOTENCY_IN_PROGRESS",
      "IDEMPOTENCY_KEY_REUSED",
    ],
    handle: async ({ caller: { claims }, body, intent }) =>
      reserveAnswer(await useCases.reserveSeats({ claims, ...body, intent })),
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
      const items = page.items.map((one) => reservationView(one.reservation, one.nowMs));
      return { status: 200, body: { items, nextCursor: idCursor(page.next) } };
    },
  }),
];
