import { toId } from "#kernel/ids.ts";
import { route, type Problem, type Route } from "#platform/http/route.ts";
import type { Concert } from "../../domain/concert.ts";
import type { QueueControl } from "../../domain/queue-control.ts";
import type { AuditTrail } from "../../ports/audit-trail.ts";
import type { LiveQueues, ReadFigures } from "../../ports/live.ts";
import type { ChangePolicy, ChangePolicyOutcome } from "../../use-cases/change-policy.ts";
import type { CreateConcert, CreateConcertOutcome } from "../../use-cases/create-concert.ts";
import type { KnownConcerts } from "../../use-cases/known-concerts.ts";
import type { SteerQueue, SteerQueueOutcome } from "../../use-cases/steer-queue.ts";
import { auditRoute } from "./audit-route.ts";
import { readConcertWish, readPolicyWish } from "./commands.ts";
import { invalid } from "./faults.ts";
import { previewRoute, type PreviewRouteDeps } from "./preview-route.ts";
import { Stats } from "./report-shapes.ts";
import {
  ConcertOnSale,
  ConcertParams,
  NewConcertBody,
  NoMembers,
  PolicyWishBody,
  ResumeBody,
} from "./shapes.ts";
import { concertOnSaleView, statsView } from "./views.ts";

export interface OperatorRoutesDeps extends PreviewRouteDeps {
  readonly createConcert: (command: CreateConcert) => Promise<CreateConcertOutcome>;
  readonly changePolicy: (command: ChangePolicy) => Promise<ChangePolicyOutcome>;
  readonly steerQueue: (command: SteerQueue) => Promise<SteerQueueOutcome>;
  readonly find: KnownConcerts["find"];
  readonly audit: AuditTrail;
  readonly figures: ReadFigures;
}

const tag = "Operator";

/** Returns the routes with which operators create and control sales. */
export const operatorRoutes = (deps: OperatorRoutesDeps): readonly Route[] => [
  createRoute(deps),
  policyRoute(deps),
  previewRoute(deps),
  ...steeringRoutes(deps),
  statsRoute(deps),
  auditRoute(deps.audit),
];

const onSale = async <S extends 200 | 201>(live: LiveQueues, status: S, concert: Concert) => ({
  status,
  body: concertOnSaleView(concert, await live.state(concert.concertId)),
});

const createRoute = ({ createConcert, live }: OperatorRoutesDeps): Route =>
  route({
    method: "POST",
    path: "/admin/v1/concerts",
    operationId: "createConcert",
    tag,
    summary: "Create a concert and put it on sale",
    description:
      "Each date has the seats 1 to 50. A show without `startsAt` begins at 19:00 in the time zone of the concert. A date that has begun can be created but not booked.",
    auth: "operator",
    body: NewConcertBody,
    answers: { 201: ConcertOnSale },
    problems: [],
    handle: async ({ body, caller }) => {
      const { wish, faults } = readConcertWish(body);
      if (faults.length > 0) return invalid(faults);
      const outcome = await createConcert({ actor: caller.actor, wish });
      return outcome.kind === "faulty"
        ? invalid(outcome.faults)
        : onSale(live, 201, outcome.concert);
    },
  });

const policyRoute = ({ changePolicy, live }: OperatorRoutesDeps): Route =>
  route({
    method: "PATCH",
    path: "/admin/v1/concerts/{concertId}/policy",
    operationId: "changePolicy",
    tag,
    summary: "Change the policy of a running sale",
    description:
      "Members left out keep their values; `{}` changes nothing. The change is in force on all instances within 1 s. Running leases and holds keep their times. While `maxActive` users or more are ACTIVE, the queue admits no user. `mode` and `opensAt` cannot change once the queue is open (INVALID_REQUEST). A closed queue cannot change at all (QUEUE_NOT_OPEN).",
    auth: "operator",
    params: ConcertParams,
    body: PolicyWishBody,
    answers: { 200: ConcertOnSale },
    problems: ["CONCERT_NOT_FOUND", "QUEUE_NOT_OPEN"],
    handle: async ({ params, body, caller }) => {
      const { wish, faults } = readPolicyWish(body);
      if (faults.length > 0) return invalid(faults);
      const concertId = toId<"concert">(params.concertId);
      const outcome = await changePolicy({ actor: caller.actor, concertId, wish });
      switch (outcome.kind) {
        case "no-such-concert":
          return { problem: "CONCERT_NOT_FOUND" };
        case "faulty":
          return invalid(outcome.faults);
        case "closed":
          return closed;
        case "stands":
          return onSale(live, 200, outcome.concert);
      }
    },
  });

const closed: Problem = { problem: "QUEUE_NOT_OPEN", detail: "The queue is closed for good." };

const steeringRoutes = ({ steerQueue, live }: OperatorRoutesDeps): readonly Route[] => {
  const steer = async (actor: string, concertId: string, control: QueueControl) => {
    const outcome = await steerQueue({ actor, concertId: toId(concertId), control });
    if (outcome.kind === "no-such-concert") return { problem: "CONCERT_NOT_FOUND" } as const;
    return outcome.kind === "closed" ? closed : onSale(live, 200, outcome.concert);
  };
  const common = {
    method: "POST",
    tag,
    auth: "operator",
    params: ConcertParams,
    answers: { 200: ConcertOnSale },
  } as const;
  return [
    route({
      ...common,
      path: "/admin/v1/concerts/{concertId}/queue/pause",
      operationId: "pauseQueue",
      summary: "Pause the admission",
      description:
        "ACTIVE users continue, and users can still join. Pausing a paused queue changes nothing; a closed queue answers QUEUE_NOT_OPEN.",
      body: NoMembers,
      problems: ["CONCERT_NOT_FOUND", "QUEUE_NOT_OPEN"],
      handle: ({ caller, params }) => steer(caller.actor, params.concertId, { kind: "pause" }),
    }),
    route({
      ...common,
      path: "/admin/v1/concerts/{concertId}/queue/resume",
      operationId: "resumeQueue",
      summary: "Resume the admission",
      description:
        "With `rampSeconds` the rate grows from zero to its setting over that time. Resuming a queue that is not paused changes nothing; a closed queue answers QUEUE_NOT_OPEN.",
      body: ResumeBody,
      problems: ["CONCERT_NOT_FOUND", "QUEUE_NOT_OPEN"],
      handle: ({ caller, params, body }) =>
        steer(caller.actor, params.concertId, {
          kind: "resume",
          rampSeconds: body.rampSeconds ?? null,
        }),
    }),
    route({
      ...common,
      path: "/admin/v1/concerts/{concertId}/queue/close",
      operationId: "closeQueue",
      summary: "Close the queue for good",
      description:
        "Waiting places end. ACTIVE slots and holds keep their times. Closing a closed queue changes nothing.",
      body: NoMembers,
      problems: ["CONCERT_NOT_FOUND"],
      handle: ({ caller, params }) => steer(caller.actor, params.concertId, { kind: "close" }),
    }),
  ];
};

const statsRoute = ({ find, live, figures, clock }: OperatorRoutesDeps): Route =>
  route({
    method: "GET",
    path: "/admin/v1/concerts/{concertId}/stats",
    operationId: "readStats",
    tag,
    summary: "Read the live figures of a sale",
    auth: "operator",
    params: ConcertParams,
    answers: { 200: Stats },
    problems: ["CONCERT_NOT_FOUND"],
    handle: async ({ params }) => {
      const concert = await find(toId(params.concertId));
      if (concert === null) return { problem: "CONCERT_NOT_FOUND" };
      const { concertId } = concert;
      const [state, read] = await Promise.all([live.state(concertId), figures(concertId)]);
      return { status: 200, body: statsView(concert, state, read, clock.nowMs()) };
    },
  });
