import assert from "node:assert/strict";
import { test } from "node:test";
import { toId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import { type Concert, initialSettings, type SaleSettings } from "../domain/concert.ts";
import { initialPolicy, type Policy, type PolicyInput } from "../domain/policy.ts";
import type { PolicyForecast } from "#kernel/queue-forecasts.ts";
import { previewPolicy } from "./preview-policy.ts";

const concertId = toId<"concert">("0190a1b2-0000-7000-8000-00000000000a");
const nowMs = Date.parse("2026-11-22T10:00:00Z");

const concertOnSale = (changes: Partial<SaleSettings> = {}): Concert => ({
  concertId,
  title: "Winter Night",
  venue: null,
  timeZone: "UTC",
  currency: "KRW",
  dates: [{ date: "2026-12-24", startsAtMs: Date.parse("2026-12-24T19:00:00Z") }],
  priceRange: { min: 1, max: 1 },
  grades: [{ name: "STANDARD", price: 1 }],
  description: null,
  posterUrl: null,
  ageRating: null,
  publishedAtMs: 0,
  isDraft: false,
  ...initialSettings(initialPolicy({ opensAtMs: nowMs, maxActive: 1_000_000 }, 0), null),
  ...changes,
});

const queue = {
  waiting: 6_000,
  active: 0,
  seatsAvailable: 1_000_000,
  turnSeconds: 60,
  seatsPerTurn: null,
};

/** A forecast that tells the policy by its rate. */
const forecastUnder = ({ admissionsPerMinute }: Policy): PolicyForecast => ({
  ends: "LINE_EMPTY",
  endsAfterSeconds: 360_000 / admissionsPerMinute,
  lastWaitSeconds: 360_000 / admissionsPerMinute,
  lastWaitP90Seconds: 400_000 / admissionsPerMinute,
  turns: 6_000,
  admissionsPerMinute,
  limitedBy: "RATE",
});

const preview = (input: PolicyInput, concert: Concert | null = concertOnSale()) =>
  previewPolicy({
    records: { nowMs: async () => nowMs },
    cache: { find: async () => concert },
    monitor: {
      forecast: async (_, policies) => ({ ...queue, forecasts: policies.map(forecastUnder) }),
    },
  })({ concertId, input });

test("a preview has the forecast now and under the change, from one reading of the queue", async () => {
  const outcome = await preview({ admissionsPerMinute: 1_200 });
  assert.ok(outcome.kind === "previewed");
  const { now, changed } = outcome.preview;
  assert.deepEqual([now.lastWaitSeconds, changed.lastWaitSeconds], [600, 300]);
  assert.deepEqual(outcome.preview.queue, queue);
});

test("a preview refuses what the change refuses", async () => {
  assert.deepEqual(await preview({}, null), { kind: "concert-not-found" });
  assert.deepEqual(await preview({ maxActive: 0, opensAtMs: nowMs + 1 }), {
    kind: "invalid",
    violations: [
      { pointer: "/maxActive", rule: "out-of-range" },
      { pointer: "/opensAt", rule: "fixed-once-open" },
    ],
  });
  assert.deepEqual(await preview({ maxActive: 5 }, concertOnSale({ closedAtMs: 5 })), {
    kind: "closed",
  });
});

test("a preview throws Unavailable while the queue cannot be read", async () => {
  const ask = previewPolicy({
    records: { nowMs: async () => nowMs },
    cache: { find: async () => concertOnSale() },
    monitor: { forecast: () => Promise.reject(new Unavailable("Redis is away")) },
  });
  await assert.rejects(ask({ concertId, input: {} }), Unavailable);
});
