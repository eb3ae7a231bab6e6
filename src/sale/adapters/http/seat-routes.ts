import { toRfc3339 } from "#kernel/instant.ts";
import { toId, type ConcertId } from "#kernel/ids.ts";
import { route, type AnswerOf, type Route } from "#platform/http/route.ts";
import type { BookableDate, ListSeats, ListSeatsOutcome } from "../../use-cases/read-seat-map.ts";
import { ConcertParams, DatesAnswer, SeatsAnswer, SeatsQuery, ShowParams } from "./shapes.ts";

export interface SeatUseCases {
  listDates(concertId: ConcertId): Promise<readonly BookableDate[]>;
  listSeats(query: ListSeats): Promise<ListSeatsOutcome>;
}

const tag = "Dates and seats";

const seatsAnswer = (outcome: ListSeatsOutcome): AnswerOf<{ 200: typeof SeatsAnswer }> => {
  if (outcome.kind === "date-not-found") return { problem: "DATE_NOT_FOUND" };
  const { date, seatsAvailable, seats } = outcome;
  const items = seats.map(({ seatNumber, grade, price, status }) => ({
    seatNumber,
    grade,
    price,
    status,
  }));
  return { status: 200, body: { date, seatsAvailable, items } };
};

/** Returns the routes of bookable dates and seats, for ACTIVE places. */
export const seatRoutes = (useCases: SeatUseCases): readonly Route[] => [
  route({
    method: "GET",
    path: "/api/v1/concerts/{concertId}/dates",
    operationId: "listDates",
    tag,
    summary: "List the dates that can be booked",
    description: "Dates with an AVAILABLE seat that have not begun. The answer is at most 1 s old.",
    auth: "queue-active",
    params: ConcertParams,
    answers: { 200: DatesAnswer },
    problems: [],
    handle: async ({ params }) => {
      const dates = await useCases.listDates(toId(params.concertId));
      const items = dates.map(({ startsAtMs, date, seatsAvailable, seatsTotal }) => ({
        date,
        startsAt: toRfc3339(startsAtMs),
        seatsAvailable,
        seatsTotal,
      }));
      return { status: 200, body: { items } };
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/concerts/{concertId}/dates/{date}/seats",
    operationId: "listSeats",
    tag,
    summary: "List the seats of a show",
    description:
      "Seats 1 to 50 sorted by number, or those in one status. The answer is at most 1 s old.",
    auth: "queue-active",
    params: ShowParams,
    query: SeatsQuery,
    answers: { 200: SeatsAnswer },
    problems: ["DATE_NOT_FOUND"],
    handle: async ({ params, query }) =>
      seatsAnswer(
        await useCases.listSeats({
          concertId: toId(params.concertId),
          date: params.date,
          status: query.status ?? null,
        }),
      ),
  }),
];
