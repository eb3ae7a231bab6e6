import { toId, type ConcertId, type UserId } from "#kernel/ids.ts";
import { toRfc3339 } from "#kernel/instant.ts";
import type { QueueClaims } from "#kernel/place.ts";
import { route, type AnswerOf, type Problem, type Route } from "#platform/http/route.ts";
import type { PublishedDraw } from "../../domain/draw.ts";
import type { CheckPlaceOutcome } from "../../use-cases/check-place.ts";
import type { JoinQueueOutcome } from "../../use-cases/join-queue.ts";
import type { QueueStatus } from "../../use-cases/queue-status.ts";
import type { QueueReading } from "../../use-cases/read-queue.ts";
import { joinedExamples, queueExamples, statusExamples } from "./examples.ts";
import { ConcertParams, QueueBody, QueueStatusBody } from "./shapes.ts";

/** What the routes of the queue call. */
export interface QueueUseCases {
  readonly join: (command: { concertId: ConcertId; userId: UserId }) => Promise<JoinQueueOutcome>;
  readonly check: (claims: QueueClaims) => Promise<CheckPlaceOutcome>;
  readonly leave: (claims: QueueClaims) => Promise<void>;
  /** Counts a question of the place; false when it hammers. */
  readonly mayAsk: (claims: QueueClaims) => boolean;
  /** May be up to half a second old. */
  readonly read: (concertId: ConcertId) => Promise<QueueReading | null>;
}

/** A queue status as clients see it. */
export const statusBody = (status: QueueStatus): QueueStatusBody => {
  const { estimate, position, expiresAtMs } = status;
  return {
    token: status.token,
    userId: status.userId,
    concertId: status.concertId,
    status: status.status,
    queueState: status.queueState,
    position,
    ahead: position === null ? null : position - 1,
    estimatedWaitSeconds: estimate?.p50Seconds ?? null,
    estimatedWaitRange:
      estimate === null ? null : { p50: estimate.p50Seconds, p90: estimate.p90Seconds },
    pollAfterMs: status.pollAfterMs,
    expiresAt: expiresAtMs === null ? null : toRfc3339(expiresAtMs),
    endedReason: status.endedReason,
    serverTime: toRfc3339(status.atMs),
  };
};

const drawBody = ({ commitment, done }: PublishedDraw): QueueBody["draw"] => ({
  commitment,
  seed: done?.seed ?? null,
  drawnAt: done === null ? null : toRfc3339(done.drawnAtMs),
  entrants: done?.entrants ?? null,
  entrantsDigest: done?.entrantsDigest ?? null,
});

const queueBody = ({ schedule, state, figures, stock, draw }: QueueReading): QueueBody => {
  const { policy } = schedule;
  const inOrderOfArrival = policy.mode === "fifo";
  return {
    concertId: schedule.concertId,
    state,
    mode: policy.mode,
    opensAt: toRfc3339(policy.opensAtMs),
    admitsAt: policy.admitsAtMs === null ? null : toRfc3339(policy.admitsAtMs),
    waiting: figures.waiting,
    active: figures.active,
    nowServing: inOrderOfArrival ? figures.nowServing : null,
    lastIssued: inOrderOfArrival ? figures.lastIssued : null,
    seatsAvailable: stock?.available ?? null,
    seatsHeld: stock?.held ?? null,
    seatsTotal: stock?.total ?? null,
    admissionsPerMinute: policy.admissionsPerMinute,
    draw: draw === null ? null : drawBody(draw),
  };
};

const unknownConcert: Problem = { problem: "CONCERT_NOT_FOUND" };

/** Private to its owner and old at once. */
const notStored = { "Cache-Control": "no-store" } as const;
/** The same for everybody, so that a cache in front can carry the crowd. */
const storedOneSecond = { "Cache-Control": "public, max-age=1" } as const;

const joinAnswers = { 200: QueueStatusBody, 201: QueueStatusBody };

const joinAnswer = (outcome: JoinQueueOutcome): AnswerOf<typeof joinAnswers> => {
  switch (outcome.kind) {
    case "unknown-concert":
      return unknownConcert;
    case "QUEUE_NOT_OPEN":
    case "SOLD_OUT":
      return { problem: outcome.kind };
    case "in-queue":
      return {
        status: outcome.fresh ? 201 : 200,
        body: statusBody(outcome.status),
        headers: notStored,
      };
  }
};

const queuePath = "/api/v1/concerts/{concertId}/queue";
const tag = "Queue";

const hammers: Problem = {
  problem: "RATE_LIMITED",
  detail: "This place is asked about far more often than `pollAfterMs` says.",
};

const leaveRoute = (queue: Pick<QueueUseCases, "leave">): Route =>
  route({
    method: "DELETE",
    path: `${queuePath}/tokens/me`,
    operationId: "leaveQueue",
    tag,
    summary: "Give up one's place or slot, and the reservation held under it",
    auth: "queue",
    params: ConcertParams,
    answers: { 204: null },
    problems: [],
    handle: async ({ caller }) => {
      await queue.leave(caller.claims);
      return { status: 204 };
    },
  });

/** The routes of the queue. */
export const queueRoutes = (queue: QueueUseCases): readonly Route[] => [
  route({
    method: "GET",
    path: queuePath,
    operationId: "readQueue",
    tag,
    summary: "The queue of a concert, the same for everybody",
    auth: "none",
    params: ConcertParams,
    answers: { 200: QueueBody },
    examples: { 200: queueExamples },
    problems: ["CONCERT_NOT_FOUND"],
    handle: async ({ params }) => {
      const reading = await queue.read(toId<"concert">(params.concertId));
      if (reading === null) return unknownConcert;
      return { status: 200, body: queueBody(reading), headers: storedOneSecond };
    },
  }),
  route({
    method: "POST",
    path: `${queuePath}/tokens`,
    operationId: "joinQueue",
    tag,
    summary: "Get a queue token: one's place in the concert's queue",
    description:
      "201 the first time, 200 when the user already has a live place: the same place, from any device.",
    auth: "access",
    params: ConcertParams,
    answers: joinAnswers,
    meanings: { 200: "The live place that the user has already", 201: "A new place" },
    examples: { 200: statusExamples, 201: joinedExamples },
    problems: ["CONCERT_NOT_FOUND", "QUEUE_NOT_OPEN", "SOLD_OUT"],
    handle: async ({ params, caller }) =>
      joinAnswer(
        await queue.join({ concertId: toId<"concert">(params.concertId), userId: caller.userId }),
      ),
  }),
  route({
    method: "GET",
    path: `${queuePath}/tokens/me`,
    operationId: "readQueueStatus",
    tag,
    summary: "Where one's place stands: the polling API",
    description:
      "Also of a place that has ended. Ask again after `pollAfterMs`; keep the newest token. Who asks more than 100 times a second may be told RATE_LIMITED, in a crowd more than 20 times.",
    auth: "queue",
    params: ConcertParams,
    answers: { 200: QueueStatusBody },
    examples: { 200: statusExamples },
    problems: ["CONCERT_NOT_FOUND", "RATE_LIMITED"],
    handle: async ({ caller }) => {
      if (!queue.mayAsk(caller.claims)) return hammers;
      const outcome = await queue.check(caller.claims);
      if (outcome.kind === "unknown-concert") return unknownConcert;
      return { status: 200, body: statusBody(outcome.status), headers: notStored };
    },
  }),
  leaveRoute(queue),
];
