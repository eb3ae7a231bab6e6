import { Type } from "typebox";
import { toId, type ConcertId, type UserId } from "#kernel/ids.ts";
import { toRfc3339, type InstantMs } from "#kernel/instant.ts";
import { route, type Route } from "#platform/http/route.ts";
import { Instant, Nullable, Uuid } from "#platform/http/schemas.ts";
import type { PlaceEvent, PlaceStory } from "../../domain/place-history.ts";
import type { ChartPoint } from "../../domain/queue-sample.ts";
import type { QueueChart, PlacesOfUser, ReadChart } from "../../use-cases/read-history.ts";
import { eventWords, storyWords } from "./history-words.ts";
import { ConcertParams } from "./shapes.ts";

export interface HistoryUseCases {
  readonly places: (concertId: ConcertId, userId: UserId) => Promise<PlacesOfUser | null>;
  readonly chart: (query: ReadChart) => Promise<QueueChart | null>;
}

const count = (description: string) => Type.Integer({ minimum: 0, description });
const endedReasons = ["PAID", "LEFT", "LAPSED", "SOLD_OUT", "CLOSED"] as const;

const EventBody = Type.Object({
  event: Type.Enum(["JOINED", "DRAWN", "ADMITTED", "STEPPED_OVER", "RETURNED", ...endedReasons], {
    description:
      "What happened; STEPPED_OVER: was not there when the turn came, and was set aside.",
  }),
  at: Nullable(Instant("When; of JOINED within a second. Null when nobody noted it.")),
  activeUntil: Nullable(Instant("Of ADMITTED: until when the slot was given.")),
  before: Nullable(
    count(
      "Of JOINED: how many had joined before; null in a lottery's lobby, where it decides nothing.",
    ),
  ),
  drawValue: Nullable(count("Of DRAWN: the value that decided.")),
  rank: Nullable(count("Of DRAWN: the place, from 1.")),
  entrants: Nullable(count("Of DRAWN: of so many.")),
  explanation: Type.String({ description: "The same in words, in English." }),
});

const PlaceBody = Type.Object({
  epoch: count("The life of the queue's store in which the place was given."),
  seq: count("The number that it was given; it is in the user's token too."),
  status: Type.Enum(["LOBBY", "WAITING", "AWAY", "ACTIVE", "ENDED", "UNKNOWN"], {
    description:
      "Where it is; AWAY: set aside until its person returns; UNKNOWN: not in the store.",
  }),
  position: Nullable(Type.Integer({ minimum: 1, description: "While WAITING, from 1." })),
  expiresAt: Nullable(Instant("When an ACTIVE slot lapses.")),
  endedReason: Nullable(Type.Enum([...endedReasons], { description: "Why it is over." })),
  explanation: Type.String({ description: "Where the place is now, in words, in English." }),
  events: Type.Array(EventBody, { description: "What happened to it, in order." }),
});

const PlacesBody = Type.Object(
  {
    concertId: Uuid("The concert."),
    userId: Uuid("Whose places they are."),
    places: Type.Array(PlaceBody, {
      description:
        "Oldest first. Empty for somebody who never came, and for who waited without a turn in a queue that has sold out or closed.",
    }),
    serverTime: Instant("When this was read."),
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

const placeBody = (story: PlaceStory) => {
  return {
    ...story.place,
    status: story.status,
    position: story.position,
    expiresAt: instant(story.expiresAtMs),
    endedReason: story.endedReason,
    explanation: storyWords(story),
    events: story.events.map(eventBody),
  };
};

const tag = "Operator";
const notStored = { "Cache-Control": "no-store" } as const;

const placesRoute = ({ places }: HistoryUseCases): Route =>
  route({
    method: "GET",
    path: "/admin/v1/concerts/{concertId}/places/{userId}",
    operationId: "readPlaceHistory",
    tag,
    summary: "What became of a user's places, and why",
    description:
      "Answers “why am I at 300,000?”: joined, drawn, admitted, stepped over, returned, paid, left, lapsed. Reading it counts as no asking of the user's. Joining is not noted a person, so its moment is known within a second.",
    auth: "operator",
    params: Type.Object({ ...ConcertParams.properties, userId: Uuid("The user.") }),
    answers: { 200: PlacesBody },
    problems: ["CONCERT_NOT_FOUND"],
    handle: async ({ params }) => {
      const found = await places(toId<"concert">(params.concertId), toId<"user">(params.userId));
      if (found === null) return { problem: "CONCERT_NOT_FOUND" };
      const { concertId, userId, atMs } = found;
      const body = { concertId, userId, places: found.places.map(placeBody) };
      return { status: 200, body: { ...body, serverTime: toRfc3339(atMs) }, headers: notStored };
    },
  });

const minutesMax = 1_440;
const minutesUsual = 60;
const pointsMax = 360;
const stepUnitMs = 10_000;

/** The shortest step of whole 10 s with which the span fits into the points that a chart shows. */
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
  at: Instant("The end of the step."),
  waiting: count("People in the queue at its end."),
  active: count("People who could buy at its end."),
  joined: count("People who joined in the step."),
  admitted: count("People admitted in the step."),
  left: count("Places given up in the step."),
  lapsed: count("Places whose people did not come, or had had their time."),
  seatsAvailable: Nullable(count("At its end; null when it could not be known.")),
  seatsHeld: Nullable(count("At its end.")),
  seatsSold: Nullable(count("At its end.")),
});

const HistoryBody = Type.Object(
  {
    concertId: Uuid("The concert."),
    stepSeconds: Type.Integer({ minimum: 10, description: "From one point to the next." }),
    items: Type.Array(PointBody, {
      description: "Oldest first, every step; none from before the queue first moved.",
    }),
    serverTime: Instant("When this was read. The last step has not ended yet."),
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
    summary: "How the queue and the sale went, for charts",
    description: `At most ${pointsMax} points: of an hour every 10 s, of a day every 4 minutes.`,
    auth: "operator",
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
      return { status: 200, body, headers: notStored };
    },
  });

/** What operators read of a queue's past. */
export const historyRoutes = (history: HistoryUseCases): readonly Route[] => [
  placesRoute(history),
  chartRoute(history),
];
