import { Type } from "typebox";
import { toId } from "#kernel/ids.ts";
import { toRfc3339, type Clock } from "#kernel/instant.ts";
import { route, type Route } from "#platform/http/route.ts";
import { Instant, Nullable, Uuid } from "#platform/http/schemas.ts";
import type { Outlook } from "../../domain/outlook.ts";
import type { LiveQueues } from "../../ports/live.ts";
import type { PreviewPolicy, PreviewPolicyOutcome } from "../../use-cases/preview-policy.ts";
import { readPolicyWish } from "./commands.ts";
import { invalid } from "./faults.ts";
import { ConcertParams, PolicyWishBody, state } from "./shapes.ts";

export interface PreviewRouteDeps {
  readonly previewPolicy: (query: PreviewPolicy) => Promise<PreviewPolicyOutcome>;
  readonly live: LiveQueues;
  readonly clock: Clock;
}

const count = (description: string, example: number) =>
  Type.Integer({ minimum: 0, description, examples: [example] });

const outlookBody = (description: string) =>
  Type.Object(
    {
      ends: Type.Enum(["LINE_EMPTY", "SOLD_OUT", "NEVER"], {
        description:
          "`LINE_EMPTY`: everybody gets a turn; `SOLD_OUT`: the seats are gone before; `NEVER`: no seat is free, so nobody is admitted",
        examples: ["LINE_EMPTY"],
      }),
      endsAfterSeconds: Nullable(count("Until then", 1_224)),
      lastWaitSeconds: Nullable(
        count("The wait of the last person in the queue; null: he gets no turn", 1_224),
      ),
      turns: count("How many of those who wait get their turn", 9_800),
      admissionsPerMinute: count("On average until then", 480),
      limitedBy: Nullable(
        Type.Enum(["RATE", "CAP", "STOCK"], {
          description:
            "What held it back for most of that time: `admissionsPerMinute`, `maxActive`, or `shoppersPerSeat` and the seats",
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
    waiting: count("People in the queue", 9_800),
    active: count("People who may buy now", 200),
    seatsAvailable: count("Over all dates that can be booked", 37),
    measured: Type.Object(
      {
        turnSeconds: Nullable(
          Type.Number({
            description:
              "How long people kept their slot lately, on average; null: nobody's turn has ended, and the whole session is assumed",
            examples: [24.5],
          }),
        ),
        seatsPerTurn: Nullable(
          Type.Number({
            description:
              "Seats held or sold a turn so far; null: none has ended, and no seat is counted off",
            examples: [0.8],
          }),
        ),
      },
      { description: "What the preview rests on" },
    ),
    now: outlookBody("How the queue goes on as things stand"),
    changed: outlookBody("How it would go on under the change"),
    serverTime: Instant("When this was read"),
  },
  { $id: "PolicyPreview" },
);

const outlookView = ({ ends, endsAfterSeconds, lastWaitSeconds, ...rest }: Outlook) => ({
  ends,
  endsAfterSeconds,
  lastWaitSeconds,
  turns: rest.turns,
  admissionsPerMinute: rest.admissionsPerMinute,
  limitedBy: rest.limitedBy,
});

/** Two digits are more than a measurement of a crowd is worth. */
const rounded = (value: number | null): number | null =>
  value === null ? null : Math.round(value * 100) / 100;

/** Shows what a change of the policy does to the wait, without making it. */
export const previewRoute = ({ previewPolicy, live, clock }: PreviewRouteDeps): Route =>
  route({
    method: "POST",
    path: "/admin/v1/concerts/{concertId}/policy/preview",
    operationId: "previewPolicy",
    tag: "Operator",
    summary: "See what a change of the policy does to the wait, without making it",
    description:
      "Takes what `PATCH …/policy` takes, refuses what it refuses, changes nothing and leaves no trace in the audit trail. It reckons that people go on as they did so far, and that nobody joins or gives up. While the queue is not OPEN, seconds count from the moment when people are admitted.",
    auth: "operator",
    params: ConcertParams,
    body: PolicyWishBody,
    answers: { 200: PreviewBody },
    problems: ["CONCERT_NOT_FOUND", "QUEUE_NOT_OPEN"],
    handle: async ({ params, body }) => {
      const { wish, faults } = readPolicyWish(body);
      if (faults.length > 0) return invalid(faults);
      const outcome = await previewPolicy({ concertId: toId(params.concertId), wish });
      switch (outcome.kind) {
        case "no-such-concert":
          return { problem: "CONCERT_NOT_FOUND" };
        case "faulty":
          return invalid(outcome.faults);
        case "closed":
          return { problem: "QUEUE_NOT_OPEN", detail: "The queue is closed for good." };
        case "previewed": {
          const { concert, pace, now, changed } = outcome.preview;
          const { concertId } = concert;
          const { waiting, active, seatsAvailable, turnSeconds, seatsPerTurn } = pace;
          return {
            status: 200,
            body: {
              concertId,
              state: await live.state(concertId),
              waiting,
              active,
              seatsAvailable,
              measured: { turnSeconds: rounded(turnSeconds), seatsPerTurn: rounded(seatsPerTurn) },
              now: outlookView(now),
              changed: outlookView(changed),
              serverTime: toRfc3339(clock.nowMs()),
            },
          };
        }
      }
    },
  });
