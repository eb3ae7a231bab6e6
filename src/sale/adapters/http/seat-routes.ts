import { toRfc3339 } from "#kernel/instant.ts";
import { toId, type ConcertId } from "#kernel/ids.ts";
import { route, type AnswerOf, type Route } from "#platform/http/route.ts";
import type {
  BookableDate,
  ListSeats,
  ListSeatsOutcome,
  ReadLiveMap,
  ReadLiveMapOutcome,
} from "../../use-cases/read-seat-map.ts";
import { SeatMapAnswer, seatMapBody, SeatMapQuery } from "./live-map-shapes.ts";
import { ConcertParams, DatesAnswer, SeatsAnswer, SeatsQuery, ShowParams } from "./shapes.ts";

export interface SeatUseCases {
  listDates(concertId: ConcertId): Promise<readonly BookableDate[]>;
  listSeats(query: ListSeats): Promise<ListSeatsOutcome>;
  readLiveMap(query: ReadLiveMap): Promise<ReadLiveMapOutcome>;
}

const tag = "Dates and seats";

const seatsAnswer = (outcome: ListSeatsOutcome): AnswerOf<{ 200: typeof SeatsAnswer }> => {
  if (outcome.kind === "date-not-found") return { problem: "DATE_NOT_FOUND" };
  const { date, seatsAvailable, seats } = outcome;
  return { status: 200, body: { date, seatsAvailable, items: seats } };
};

const liveMapAnswer = (
  date: string,
  outcome: ReadLiveMapOutcome,
): AnswerOf<{ 200: typeof SeatMapAnswer }> => {
  if (outcome.kind === "date-not-found") return { problem: "DATE_NOT_FOUND" };
  return { status: 200, body: seatMapBody(date, outcome) };
};

const seatMapRoute = ({ readLiveMap }: SeatUseCases): Route =>
  route({
    method: "GET",
    path: "/api/v1/concerts/{concertId}/dates/{date}/seat-map",
    operationId: "readSeatMap",
    tag,
    summary: "Read the statuses of all seats, or what has changed",
    description:
      "One letter a seat: `A` available, `H` held, `S` sold. With `since` only the seats that have changed since that `version`, or the whole map when it is too old. A `version` is valid on every instance; `changes` may repeat a letter that the client has. At most 1 s old.",
    auth: "queue-active",
    params: ShowParams,
    query: SeatMapQuery,
    answers: { 200: SeatMapAnswer },
    problems: ["DATE_NOT_FOUND"],
    handle: async ({ params, query }) => {
      const { date } = params;
      const since = query.since === undefined ? null : Number(query.since);
      const concertId = toId<"concert">(params.concertId);
      return liveMapAnswer(date, await readLiveMap({ concertId, date, since }));
    },
  });

/** Returns the routes of bookable dates and seats, for ACTIVE places. */
export const seatRoutes = (useCases: SeatUseCases): readonly Route[] => [
  seatMapRoute(useCases),
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
    isHot: true,
    tag,
    summary: "List the seats of a show",
    description:
      "All seats sorted by number, or those in one status or section. The answer is at most 1 s old.",
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
          section: query.section ?? null,
        }),
      ),
  }),
];
