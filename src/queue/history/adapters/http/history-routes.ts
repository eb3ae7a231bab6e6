import { Type } from "typebox";
import { toId, type ConcertId, type UserId } from "#kernel/ids.ts";
import { toRfc3339, type InstantMs } from "#kernel/instant.ts";
import { route, type Route } from "#platform/http/route.ts";
import { Instant, Nullable, Uuid } from "#platform/http/schemas.ts";
import type { PlaceEvent, PlaceHistory } from "../../domain/place-history.ts";
import type { ChartPoint } from "../../domain/queue-sample.ts";
import type { QueueChart, PlacesOfUser, ReadChart } from "../../use-cases/read-history.ts";
import { eventWords, statusWords } from "./history-words.ts";
import { ConcertParams } from "../../../admission/adapters/http/shapes.ts";

export interface HistoryUseCases {
  readonly places: (concertId: ConcertId, userId: UserId) => Promise<PlacesOfUser | null>;
  readonly chart: (query: ReadChart) => Promise<QueueChart | null>;
}

const count = (description: string) => Type.Integer({ minimum: 0, description });
const endedReasons = ["PAID", "LEFT", "LAPSED", "SOLD_OUT", "ENDED", "CLOSED"] as const;

const EventBody = Type.Object({
  event: Type.Enum(["JOINED", "DRAWN", "ADMITTED", "STEPPED_OVER", "RETURNED", ...endedReasons], {
    description: "The event. `STEPPED_OVER`: skipped, because the user was absent at the turn",
  }),
  at: Nullable(
    Instant("When it happened; for JOINED to the second. Null when it was not recorded"),
  ),
  activeUntil: Nullable(Instant("ADMITTED: when the slot was to expire")),
  before: Nullable(
    count(
      "JOINED: users who had joined before; null in the lobby of a lottery, where the order has no effect",
    ),
  ),
  drawValue: Nullable(count("DRAWN: the draw value")),
  rank: Nullable(count("DRAWN: the rank, from 1")),
  entrants: Nullable(count("DRAWN: the number of entrants")),
  explanation: Type.String({ description: "The same in English words" }),
});

export const PlaceBody = Type.Object({
  epoch: count("The epoch of the queue in which the place was issued"),
  seq: count("The number of the place within its epoch; the queue token contains it too"),
  status: Type.Enum(["LOBBY", "WAITING", "AWAY", "ACTIVE", "ENDED", "UNKNOWN"], {
    description:
      "State of the place. `AWAY`: skipped until the user returns; `UNKNOWN`: not in the store",
  }),
  position: Nullable(Type.Integer({ minimum: 1, description: "Position while WAITING, from 1" })),
  expiresAt: Nullable(Instant("When an ACTIVE slot expires")),
  endedReason: Nullable(Type.Enum([...endedReasons], { description: "Why the place has ended" })),
  explanation: Type.String({ description: "The present state in English words" }),
  events: Type.Array(EventBody, { description: "The events of the place, in order" }),
});

const PlacesBody = Type.Object(
  {
    concertId: Uuid("The concert"),
    userId: Uuid("The user of the places"),
    places: Type.Array(PlaceBody, {
      description:
        "Oldest first. Empty for a user who never joined, and for one who waited without a turn in a queue that has sold out or closed",
    }),
    serverTime: Instant("When this was read"),
  },
  { $id: "PlaceHistory" },
);

const eventBody = (event: PlaceEvent) => {
  const { drawValue, rank, entrants } =
    event.kind === "DRAWN" ? event : { drawValue: null, rank: null, entrants: null };
  const activeUntilMs = "activeUntilMs" in event ? event.activeUntilMs : null;
  return {
    event: event.kind,
    at: instant(event.atMs),
    activeUntil: instant(activeUntilMs),
    before: event.kind === "JOINED" ? event.before : null,
    drawValue,
    rank,
    entrants,
    explanation: eventWords(event),
  };
};

const instant = (atMs: InstantMs | null): string | null => (atMs === null ? null : toRfc3339(atMs));

export const placeBody = (history: PlaceHistory) => {
  return {
    ...history.place,
    status: history.status,
    position: history.position,
    expiresAt: instant(history.expiresAtMs),
    endedReason: history.endedReason,
    explanation: statusWords(history),
    events: history.events.map(eventBody),
  };
};

const tag = "Operator";

const placesRoute = ({ places }: HistoryUseCases): Route =>
  route({
    method: "GET",
    path: "/admin/v1/concerts/{concertId}/places/{userId}",
    operationId: "readPlaceHistory",
    tag,
    summary: "Explain the history of a user's places",
    description:
      "Answers questions such as “why am I at 300,000?” with the events of each place: joined, drawn, admitted, skipped, returned, paid, left, expired. This call does not count as a poll of the user. Joins are recorded per second, not per user, so the time of JOINED is exact to one second.",
    auth: "operator",
    permission: "read",
    params: Type.Object({ ...ConcertParams.properties, userId: Uuid("The user") }),
    answers: { 200: PlacesBody },
    problems: ["CONCERT_NOT_FOUND"],
    handle: async ({ params }) => {
      const found = await places(toId<"concert">(params.concertId), toId<"user">(params.userId));
      if (found === null) return { problem: "CONCERT_NOT_FOUND" };
      const { concertId, userId, atMs } = found;
      const body = { concertId, userId, places: found.places.map(placeBody) };
      return { status: 200, body: { ...body, serverTime: toRfc3339(atMs) } };
    },
  });

const minutesMax = 1_440;
const minutesUsual = 60;
const pointsMax = 360;
const stepUnitMs = 10_000;

/** Returns the shortest multiple of 10 s with which the span has at most `pointsMax` points. */
const stepMsFor = (spanMs: number): number =>
  Math.ceil(spanMs / pointsMax / stepUnitMs) * stepUnitMs;

const HistoryQuery = Type.Object({
  minutes: Type.Optional(
    Type.String({
      pattern: "^([1-9][0-9]{0,2}|1[0-3][0-9]{2}|14[0-3][0-9]|1440)$",
      description: `1 to ${minutesMax}, default ${minutesUsual}`,
      examples: ["60"],
    }),
  ),
});

const PointBody = Type.Object({
  at: Instant("The end of the step"),
  waiting: count("Waiting users at the end"),
  active: count("ACTIVE users at the end"),
  joined: count("Users who joined in the step"),
  admitted: count("Users admitted in the step"),
  left: count("Places that users left in the step"),
  lapsed: count("Places that expired in the step: unclaimed, or at the end of their session"),
  seatsAvailable: Nullable(count("Free seats at the end; null when unknown")),
  seatsHeld: Nullable(count("Held seats at the end; null when unknown")),
  seatsSold: Nullable(count("Sold seats at the end; null when unknown")),
});

const HistoryBody = Type.Object(
  {
    concertId: Uuid("The concert"),
    stepSeconds: Type.Integer({ minimum: 10, description: "Seconds from one point to the next" }),
    items: Type.Array(PointBody, {
      description: "Oldest first, one a step; none before the first movement of the queue",
    }),
    serverTime: Instant("When this was read; the last step has not ended yet"),
  },
  { $id: "StatsHistory" },
);

const pointBody = ({ atMs, stock, ...counts }: ChartPoint) => ({
  at: toRfc3339(atMs),
  ...counts,
  seatsAvailable: stock?.available ?? null,
  seatsHeld: stock?.held ?? null,
  seatsSold: stock?.sold ?? null,
});

const chartRoute = ({ chart }: HistoryUseCases): Route =>
  route({
    method: "GET",
    path: "/admin/v1/concerts/{concertId}/stats/history",
    operationId: "readStatsHistory",
    tag,
    summary: "Read the history of a queue and its sale, for charts",
    description: `At most ${pointsMax} points: one every 10 s for an hour, one every 4 minutes for a day.`,
    auth: "operator",
    permission: "read",
    params: ConcertParams,
    query: HistoryQuery,
    answers: { 200: HistoryBody },
    problems: ["CONCERT_NOT_FOUND"],
    handle: async ({ params, query }) => {
      const concertId = toId<"concert">(params.concertId);
      const spanMs = Number(query.minutes ?? minutesUsual) * 60_000;
      const found = await chart({ concertId, spanMs, stepMs: stepMsFor(spanMs) });
      if (found === null) return { problem: "CONCERT_NOT_FOUND" };
      const body = {
        concertId,
        stepSeconds: found.stepMs / 1_000,
        items: found.points.map(pointBody),
        serverTime: toRfc3339(found.atMs),
      };
      return { status: 200, body };
    },
  });

/** Returns the routes with which operators read the past of a queue. */
export const historyRoutes = (history: HistoryUseCases): readonly Route[] => [
  placesRoute(history),
  chartRoute(history),
];
