import { Type } from "typebox";
import { toId } from "#kernel/ids.ts";
import { toRfc3339, type Clock } from "#kernel/instant.ts";
import { route, type Route } from "#platform/http/route.ts";
import { Count, Instant, Nullable, Uuid } from "#platform/http/schemas.ts";
import type { SaleMonitor } from "../../ports/sale-monitor.ts";
import type { PreviewPolicy, PreviewPolicyOutcome } from "../../use-cases/preview-policy.ts";
import { parsePolicyInput } from "./parse-input.ts";
import { invalid } from "./violations.ts";
import { ConcertParams, PolicyInputBody, state } from "./shapes.ts";

export interface PreviewRouteDeps {
  readonly previewPolicy: (query: PreviewPolicy) => Promise<PreviewPolicyOutcome>;
  readonly monitor: Pick<SaleMonitor, "getState">;
  readonly clock: Clock;
}

const forecastBody = (description: string) =>
  Type.Object(
    {
      ends: Type.Enum(["LINE_EMPTY", "SOLD_OUT", "NEVER"], {
        description:
          "`LINE_EMPTY`: every waiting user gets a turn; `SOLD_OUT`: the seats are sold before; `NEVER`: no seat is free, so no user is admitted",
        examples: ["LINE_EMPTY"],
      }),
      endsAfterSeconds: Nullable(Count("Seconds until then", 1_224)),
      lastWaitSeconds: Nullable(
        Count(
          "The wait of the last user in the queue, in seconds: the median that the user is told. Null when that user is likely to get no turn",
          1_224,
        ),
      ),
      lastWaitP90Seconds: Nullable(
        Count("The 90th percentile of the same wait, as the user is told it", 1_610),
      ),
      turns: Count("Waiting users who get a turn", 9_800),
      admissionsPerMinute: Count("Average admissions per minute until then", 480),
      limitedBy: Nullable(
        Type.Enum(["RATE", "CAP", "STOCK"], {
          description:
            "The bound that limits admission for most of that time. `RATE`: `admissionsPerMinute`; `CAP`: `maxActive`; `STOCK`: `shoppersPerSeat` and the free seats",
          examples: ["CAP"],
        }),
      ),
    },
    { description },
  );

const PreviewBody = Type.Object(
  {
    concertId: Uuid("The concert"),
    state,
    waiting: Count("Waiting users", 9_800),
    active: Count("ACTIVE users", 200),
    seatsAvailable: Count("Free seats on all dates that can be booked", 37),
    measured: Type.Object(
      {
        turnSeconds: Nullable(
          Type.Number({
            description:
              "Average time in a slot so far, in seconds, with the time still expected of slots that go on; null when no slot has ended, and then the forecast goes by a cautious guess",
            examples: [24.5],
          }),
        ),
        seatsPerTurn: Nullable(
          Type.Number({
            description:
              "Seats that the user of a slot buys, on average so far; null when no slot has ended, and then the forecast goes by a cautious guess",
            examples: [0.8],
          }),
        ),
      },
      { description: "The measurements behind the forecast" },
    ),
    now: forecastBody("The forecast under the present policy"),
    changed: forecastBody("The forecast under the changed policy"),
    serverTime: Instant("When this was read"),
  },
  { $id: "PolicyPreview" },
);

/** Rounds to two digits: the measurements are no more precise than that. */
const rounded = (value: number | null): number | null =>
  value === null ? null : Math.round(value * 100) / 100;

/** Returns the route that forecasts the effect of a change of the policy. */
export const previewRoute = ({ previewPolicy, monitor, clock }: PreviewRouteDeps): Route =>
  route({
    method: "POST",
    path: "/admin/v1/concerts/{concertId}/policy/preview",
    operationId: "previewPolicy",
    tag: "Operator",
    summary: "Forecast the effect of a change of the policy",
    description:
      "Takes and refuses the same bodies as `PATCH …/policy`, but changes nothing and writes no entry to the audit trail. The forecast assumes that users behave as measured so far, and that no user joins; it is the one that waiting users are told. While the queue is not OPEN, its seconds count from the start of admission.",
    auth: "operator",
    permission: "read",
    params: ConcertParams,
    body: PolicyInputBody,
    answers: { 200: PreviewBody },
    problems: ["CONCERT_NOT_FOUND", "QUEUE_NOT_OPEN"],
    handle: async ({ params, body }) => {
      const { input, violations } = parsePolicyInput(body);
      if (violations.length > 0) return invalid(violations);
      const outcome = await previewPolicy({ concertId: toId(params.concertId), input });
      switch (outcome.kind) {
        case "concert-not-found":
          return { problem: "CONCERT_NOT_FOUND" };
        case "invalid":
          return invalid(outcome.violations);
        case "closed":
          return { problem: "QUEUE_NOT_OPEN", detail: "The queue is closed for good." };
        case "previewed": {
          const { concert, queue, now, changed } = outcome.preview;
          const { concertId } = concert;
          const { waiting, active, seatsAvailable, turnSeconds, seatsPerTurn } = queue;
          return {
            status: 200,
            body: {
              concertId,
              state: await monitor.getState(concertId),
              waiting,
              active,
              seatsAvailable,
              measured: { turnSeconds: rounded(turnSeconds), seatsPerTurn: rounded(seatsPerTurn) },
              now,
              changed,
              serverTime: toRfc3339(clock.nowMs()),
            },
          };
        }
      }
    },
  });
