import { Type } from "typebox";
import { toId } from "#kernel/ids.ts";
import { route, type Route } from "#platform/http/route.ts";
import { Text } from "#platform/http/schemas.ts";
import type { Concert } from "../../domain/concert.ts";
import type { QueueControl } from "../../domain/queue-control.ts";
import type { AuditTrail } from "../../ports/audit-trail.ts";
import type { SaleMonitor } from "../../ports/sale-monitor.ts";
import type { ChangePolicy, ChangePolicyOutcome } from "../../use-cases/change-policy.ts";
import type { CreateConcert, CreateConcertOutcome } from "../../use-cases/create-concert.ts";
import type { ConcertCache } from "../../ports/concert-cache.ts";
import type { ControlQueue, ControlQueueOutcome } from "../../use-cases/control-queue.ts";
import { auditRoute } from "./audit-route.ts";
import { parseConcertInput, parsePolicyInput } from "./parse-input.ts";
import { closedForGood, invalid } from "./violations.ts";
import { NewConcertBody } from "./new-concert-shapes.ts";
import { previewRoute, type PreviewRouteDeps } from "./preview-route.ts";
import { Stats } from "./report-shapes.ts";
import { ConcertOnSale, ConcertParams, NoMembers, PolicyInputBody, ResumeBody } from "./shapes.ts";
import { concertOnSaleView, statsView, type createdView } from "./views.ts";

export interface OperatorRoutesDeps extends PreviewRouteDeps {
  readonly monitor: SaleMonitor;
  readonly createConcert: (command: CreateConcert) => Promise<CreateConcertOutcome>;
  readonly changePolicy: (command: ChangePolicy) => Promise<ChangePolicyOutcome>;
  readonly controlQueue: (command: ControlQueue) => Promise<ControlQueueOutcome>;
  readonly find: ConcertCache["find"];
  readonly audit: AuditTrail;
}

const tag = "Operator";

/** Returns the routes with which operators create and control sales. */
export const operatorRoutes = (deps: OperatorRoutesDeps): readonly Route[] => [
  createRoute(deps),
  policyRoute(deps),
  previewRoute(deps),
  ...controlRoutes(deps),
  statsRoute(deps),
  auditRoute(deps.audit),
];

type CreatedBody = ReturnType<typeof createdView>;

const onSale = async (monitor: SaleMonitor, concert: Concert) => ({
  status: 200 as const,
  body: concertOnSaleView(concert, await monitor.getState(concert.concertId)),
});

const createRoute = ({ createConcert }: OperatorRoutesDeps): Route =>
  route({
    method: "POST",
    path: "/admin/v1/concerts",
    operationId: "createConcert",
    tag,
    summary: "Create a concert and put it on sale",
    description:
      "Each date has the seats of the `seatingPlan`, or else the seats 1 to 50. A show without `startsAt` begins at 19:00 in the time zone of the concert. A date whose show has begun is refused.",
    auth: "operator",
    permission: "manage",
    idempotency: "optional",
    body: NewConcertBody,
    bodyBytesMax: 4 * 1024 * 1024,
    answerWithinMs: 65_000,
    answers: { 201: ConcertOnSale },
    problems: [],
    handle: async ({ body, caller, intent }) => {
      const { input, violations } = parseConcertInput(body);
      if (violations.length > 0) return invalid(violations);
      const outcome = await createConcert({ actor: caller.actor, input, intent });
      switch (outcome.kind) {
        case "invalid":
          return invalid(outcome.violations);
        case "key-reused":
          return { problem: "IDEMPOTENCY_KEY_REUSED" };
        case "created":
          return { status: 201, body: outcome.answer as CreatedBody };
        case "replayed": {
          const headers = { "Idempotent-Replayed": "true" };
          return { status: 201, headers, body: outcome.answer as CreatedBody };
        }
      }
    },
  });

const policyRoute = ({ changePolicy, monitor }: OperatorRoutesDeps): Route =>
  route({
    method: "PATCH",
    path: "/admin/v1/concerts/{concertId}/policy",
    operationId: "changePolicy",
    tag,
    summary: "Change the policy of a running sale",
    description:
      "Members left out keep their values; `{}` changes nothing. The change is in force on all instances within 1 s. Running leases and holds keep their times. While `maxActive` users or more are ACTIVE, the queue admits no user. `mode` and `opensAt` cannot change once the queue is open (INVALID_REQUEST). A closed queue cannot change at all (QUEUE_NOT_OPEN).",
    auth: "operator",
    permission: "manage",
    params: ConcertParams,
    body: PolicyInputBody,
    answers: { 200: ConcertOnSale },
    problems: ["CONCERT_NOT_FOUND", "QUEUE_NOT_OPEN"],
    handle: async ({ params, body, caller }) => {
      const { input, violations } = parsePolicyInput(body);
      if (violations.length > 0) return invalid(violations);
      const concertId = toId<"concert">(params.concertId);
      const outcome = await changePolicy({ actor: caller.actor, concertId, input });
      switch (outcome.kind) {
        case "concert-not-found":
          return { problem: "CONCERT_NOT_FOUND" };
        case "invalid":
          return invalid(outcome.violations);
        case "closed":
          return closedForGood;
        case "applied":
          return onSale(monitor, outcome.concert);
      }
    },
  });

/** The longest reason of an operator. */
const reasonCharsMax = 200;

const CancelBody = Type.Object(
  { reason: Text({ maxLength: reasonCharsMax, description: "The reason, for the audit trail" }) },
  { examples: [{ reason: "The singer is ill" }] },
);

const controlRoutes = ({ controlQueue, monitor }: OperatorRoutesDeps): readonly Route[] => {
  const submit = async (actor: string, concertId: string, control: QueueControl) => {
    const outcome = await controlQueue({ actor, concertId: toId(concertId), control });
    if (outcome.kind === "concert-not-found") return { problem: "CONCERT_NOT_FOUND" } as const;
    return outcome.kind === "closed" ? closedForGood : onSale(monitor, outcome.concert);
  };
  const common = {
    method: "POST",
    tag,
    auth: "operator",
    permission: "manage",
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
      handle: ({ caller, params }) => submit(caller.actor, params.concertId, { kind: "pause" }),
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
        submit(caller.actor, params.concertId, {
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
      handle: ({ caller, params }) => submit(caller.actor, params.concertId, { kind: "close" }),
    }),
    route({
      ...common,
      path: "/admin/v1/concerts/{concertId}/cancel",
      operationId: "cancelConcert",
      summary: "Cancel a concert for good",
      description:
        "From then on no ticket of the concert is reserved, paid, passed on, refunded by its buyer or admitted (CONCERT_CANCELLED). The queue closes. In the background, holds are cancelled and all tickets are VOID and refunded in full to their buyers, used ones too; `cancellation` of the stats tells how far that is. Cancelling a cancelled concert changes nothing.",
      permission: "administer",
      body: CancelBody,
      problems: ["CONCERT_NOT_FOUND"],
      handle: ({ caller, params, body }) =>
        submit(caller.actor, params.concertId, { kind: "cancel", reason: body.reason }),
    }),
  ];
};

const statsRoute = ({ find, monitor, clock }: OperatorRoutesDeps): Route =>
  route({
    method: "GET",
    path: "/admin/v1/concerts/{concertId}/stats",
    operationId: "readStats",
    tag,
    summary: "Read the live figures of a sale",
    auth: "operator",
    permission: "read",
    params: ConcertParams,
    answers: { 200: Stats },
    problems: ["CONCERT_NOT_FOUND"],
    handle: async ({ params }) => {
      const concert = await find(toId(params.concertId));
      if (concert === null) return { problem: "CONCERT_NOT_FOUND" };
      const { concertId } = concert;
      const [state, stats] = await Promise.all([
        monitor.getState(concertId),
        monitor.getStats(concertId),
      ]);
      return { status: 200, body: statsView(concert, state, stats, clock.nowMs()) };
    },
  });
