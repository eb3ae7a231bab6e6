import assert from "node:assert/strict";
import { test } from "node:test";
import { toId } from "#kernel/ids.ts";
import type { Answer } from "#platform/http/route.ts";
import { type Concert, initialSettings } from "../../domain/concert.ts";
import { initialPolicy } from "../../domain/policy.ts";
import type { PolicyForecast } from "#kernel/queue-forecasts.ts";
import type { PreviewPolicy, PreviewPolicyOutcome } from "../../use-cases/preview-policy.ts";
import { previewRoute } from "./preview-route.ts";

const concertId = toId<"concert">("0190a1b2-0000-7000-8000-00000000000a");

const concert: Concert = {
  concertId,
  title: "Winter Night",
  venue: null,
  timeZone: "UTC",
  currency: "KRW",
  dates: [],
  priceRange: { min: 1, max: 1 },
  grades: [{ name: "STANDARD", price: 1 }],
  description: null,
  posterUrl: null,
  ageRating: null,
  publishedAtMs: 0,
  isDraft: false,
  ...initialSettings(initialPolicy({}, 0), null),
};

const now: PolicyForecast = {
  ends: "LINE_EMPTY",
  endsAfterSeconds: 1_200,
  lastWaitSeconds: 1_200,
  lastWaitP90Seconds: 1_500,
  turns: 6_000,
  admissionsPerMinute: 300,
  limitedBy: "CAP",
};
const changed = { ...now, endsAfterSeconds: 600, lastWaitSeconds: 600, limitedBy: "RATE" } as const;
const queue = {
  waiting: 6_000,
  active: 200,
  seatsAvailable: 40,
  turnSeconds: 20.123,
  seatsPerTurn: null,
};

const ask = async (outcome: PreviewPolicyOutcome, body: object = {}) => {
  const asked: PreviewPolicy[] = [];
  const route = previewRoute({
    previewPolicy: async (query) => {
      asked.push(query);
      return outcome;
    },
    monitor: { getState: async () => "OPEN" },
    clock: { nowMs: () => 0 },
  });
  const answer: Answer = await route.handle({ params: { concertId }, body } as never);
  return { answer, asked };
};

test("a preview has its measurements and both forecasts", async () => {
  const outcome = { kind: "previewed", preview: { concert, queue, now, changed } } as const;
  const { answer, asked } = await ask(outcome, { maxActive: 5, opensAt: "1970-01-01T00:00:01Z" });
  assert.deepEqual(asked, [{ concertId, input: { maxActive: 5, opensAtMs: 1_000 } }]);
  assert.deepEqual(answer, {
    status: 200,
    body: {
      concertId,
      state: "OPEN",
      waiting: 6_000,
      active: 200,
      seatsAvailable: 40,
      measured: { turnSeconds: 20.12, seatsPerTurn: null },
      now,
      changed,
      serverTime: "1970-01-01T00:00:00.000Z",
    },
  });
});

const refusals: readonly [PreviewPolicyOutcome, string][] = [
  [{ kind: "concert-not-found" }, "CONCERT_NOT_FOUND"],
  [{ kind: "closed" }, "QUEUE_NOT_OPEN"],
  [
    { kind: "invalid", violations: [{ pointer: "/mode", rule: "fixed-once-open" }] },
    "INVALID_REQUEST",
  ],
];

for (const [outcome, problem] of refusals)
  test(`${outcome.kind} is answered with ${problem}`, async () => {
    const { answer } = await ask(outcome);
    assert.equal("problem" in answer && answer.problem, problem);
  });

test("a malformed time is refused before any use case runs", async () => {
  const { answer, asked } = await ask({ kind: "closed" }, { opensAt: "2026-02-30T00:00:00Z" });
  assert.equal("problem" in answer && answer.problem, "INVALID_REQUEST");
  assert.deepEqual(asked, []);
});
