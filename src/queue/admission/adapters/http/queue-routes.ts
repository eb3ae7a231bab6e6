import { toId, type ConcertId } from "#kernel/ids.ts";
import { toRfc3339, type InstantMs } from "#kernel/instant.ts";
import type { QueueClaims } from "#kernel/place.ts";
import { route, type AnswerOf, type Problem, type Route } from "#platform/http/route.ts";
import type { PublishedDraw } from "../../domain/draw.ts";
import { isWaitingList } from "../../domain/queue-state.ts";
import type { PlaceStatusOutcome } from "../../use-cases/get-place-status.ts";
import type { JoinQueue, JoinQueueOutcome } from "../../use-cases/join-queue.ts";
import type { QueueStatus } from "../../presenters/queue-status.ts";
import type { QueueReading } from "../../use-cases/read-queue.ts";
import { joinedExamples, queueExamples, statusExamples } from "./examples.ts";
import { ConcertParams, QueueBody, QueueStatusBody } from "./shapes.ts";

/** The use cases behind the routes of the queue. */
export interface QueueUseCases {
  readonly join: (command: JoinQueue) => Promise<JoinQueueOutcome>;
  readonly check: (claims: QueueClaims) => Promise<PlaceStatusOutcome>;
  readonly leave: (claims: QueueClaims) => Promise<void>;
  /** Counts a poll of the place; false when it exceeds its rate limit. */
  readonly mayPoll: (claims: QueueClaims) => boolean;
  /** Reads the queue; the reading is at most 0.5 s old. Null for an unknown concert. */
  readonly read: (concertId: ConcertId) => Promise<QueueReading | null>;
}

const instant = (atMs: InstantMs | null): string | null => (atMs === null ? null : toRfc3339(atMs));

/** *queueStatus* of the contract. */
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
    seatsLikely: status.seatsLikely,
    pollAfterMs: status.pollAfterMs,
    expiresAt: expiresAtMs === null ? null : toRfc3339(expiresAtMs),
    endedReason: status.endedReason,
    cancelledAt: instant(status.cancelledAtMs),
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

const queueBody = ({ schedule, state, counters, stock, draw }: QueueReading): QueueBody => {
  const { policy, cancelledAtMs } = schedule;
  const inOrderOfArrival = policy.mode === "fifo";
  return {
    concertId: schedule.concertId,
    state,
    mode: policy.mode,
    opensAt: toRfc3339(policy.opensAtMs),
    admitsAt: policy.admitsAtMs === null ? null : toRfc3339(policy.admitsAtMs),
    waiting: counters.waiting,
    active: counters.active,
    nowServing: inOrderOfArrival ? counters.nowServing : null,
    lastIssued: inOrderOfArrival ? counters.lastIssued : null,
    seatsAvailable: stock?.available ?? null,
    seatsHeld: stock?.held ?? null,
    seatsTotal: stock?.total ?? null,
    admissionsPerMinute: policy.admissionsPerMinute,
    waitingList: policy.waitingList === true,
    waitlisted: isWaitingList(policy, state, counters.waitingList) ? counters.waiting : null,
    draw: draw === null ? null : drawBody(draw),
    cancelledAt: instant(cancelledAtMs),
  };
};

const unknownConcert: Problem = { problem: "CONCERT_NOT_FOUND" };

/** The answer is the same for all callers, so a cache in front may serve it. */
const storedOneSecond = { "Cache-Control": "public, max-age=1" } as const;

const joinAnswers = { 200: QueueStatusBody, 201: QueueStatusBody };

const joinAnswer = (outcome: JoinQueueOutcome): AnswerOf<typeof joinAnswers> => {
  switch (outcome.kind) {
    case "unknown-concert":
      return unknownConcert;
    case "CHALLENGE_REQUIRED":
    case "QUEUE_NOT_OPEN":
    case "SALE_ENDED":
    case "SOLD_OUT":
      return { problem: outcome.kind };
    case "in-queue":
      return {
        status: outcome.isNew ? 201 : 200,
        body: statusBody(outcome.status),
      };
  }
};

const queuePath = "/api/v1/concerts/{concertId}/queue";
const tag = "Queue";

const tooManyPolls: Problem = {
  problem: "RATE_LIMITED",
  detail: "This place is polled far more often than `pollAfterMs` asks for.",
};

const leaveRoute = (queue: Pick<QueueUseCases, "leave">): Route =>
  route({
    method: "DELETE",
    path: `${queuePath}/tokens/me`,
    operationId: "leaveQueue",
    tag,
    summary: "Leave the queue and release the held reservation",
    description:
      "Ends the caller's place or slot, and cancels the reservation that is held under it.",
    auth: "queue",
    params: ConcertParams,
    answers: { 204: null },
    problems: [],
    handle: async ({ caller }) => {
      await queue.leave(caller.claims);
      return { status: 204 };
    },
  });

/** Returns the routes of the queue. */
export const queueRoutes = (queue: QueueUseCases): readonly Route[] => [
  route({
    method: "GET",
    path: queuePath,
    operationId: "readQueue",
    tag,
    summary: "Read the queue of a concert",
    description:
      "The same answer for all callers; caches may keep it for 1 s. Another spelling of its address (a query, an id in upper case) is 400: it would pass the caches by.",
    auth: "none",
    isCacheable: true,
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
    isHot: true,
    tag,
    summary: "Join the queue of a concert and get a queue token",
    description:
      "201 with a new place; at SOLD_OUT only where the policy has a waiting list, and then it is WAITLISTED. 200 when the user already has a live place: the same place on every device. Where the operator sets a challenge, only a new place needs its answer.",
    auth: "access",
    challenge: true,
    params: ConcertParams,
    answers: joinAnswers,
    meanings: { 200: "The live place that the user already has", 201: "A new place" },
    examples: { 200: statusExamples, 201: joinedExamples },
    problems: ["CONCERT_NOT_FOUND", "QUEUE_NOT_OPEN", "SALE_ENDED", "SOLD_OUT"],
    handle: async ({ params, caller: { userId }, challengeResponse }) => {
      const concertId = toId<"concert">(params.concertId);
      return joinAnswer(await queue.join({ concertId, userId, challengeResponse }));
    },
  }),
  route({
    method: "GET",
    path: `${queuePath}/tokens/me`,
    operationId: "readQueueStatus",
    isHot: true,
    tag,
    summary: "Poll the status of the caller's place",
    description:
      "Also answers for a place that has ended. Poll again after `pollAfterMs`, with the newest token. More than 100 polls a second may be answered with RATE_LIMITED; on a busy server, more than 20.",
    auth: "queue",
    params: ConcertParams,
    answers: { 200: QueueStatusBody },
    examples: { 200: statusExamples },
    problems: ["CONCERT_NOT_FOUND", "RATE_LIMITED"],
    handle: async ({ caller }) => {
      if (!queue.mayPoll(caller.claims)) return tooManyPolls;
      const outcome = await queue.check(caller.claims);
      if (outcome.kind === "unknown-concert") return unknownConcert;
      return { status: 200, body: statusBody(outcome.status) };
    },
  }),
  leaveRoute(queue),
];
