import assert from "node:assert/strict";
import { test } from "node:test";
import { toId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import { type Concert, initialSettings, type SaleSettings } from "../domain/concert.ts";
import { initialPolicy, type PolicyInput } from "../domain/policy.ts";
import type { QueueThroughput } from "../ports/sale-monitor.ts";
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

const measured: QueueThroughput = {
  waiting: 6_000,
  active: 0,
  seatsAvailable: 1_000_000,
  turnSeconds: 60,
  seatsPerTurn: null,
};

const preview = (
  input: PolicyInput,
  concert: Concert | null = concertOnSale(),
  throughput = measured,
) =>
  previewPolicy({
    records: { nowMs: async () => nowMs },
    cache: { find: async () => concert },
    monitor: { getThroughput: async () => throughput },
  })({ concertId, input });

const previewed = async (...args: Parameters<typeof preview>) => {
  const outcome = await preview(...args);
  return outcome.kind === "previewed" ? outcome.preview : assert.fail(outcome.kind);
};

test("a preview has the last wait now and under the change", async () => {
  const { now, changed } = await previewed({ admissionsPerMinute: 1_200 });
  assert.equal(now.lastWaitSeconds, 600);
  assert.equal(changed.lastWaitSeconds, 300);
});

test("an input that changes nothing gives two equal forecasts", async () => {
  const { now, changed } = await previewed({});
  assert.deepEqual(changed, now);
});

test("without a measured turn the forecast assumes the whole session", async () => {
  const throughput = { ...measured, turnSeconds: null };
  const { now, changed } = await previewed({ sessionSeconds: 30 }, concertOnSale(), throughput);
  assert.deepEqual([now.turnSeconds, changed.turnSeconds], [600, 30]);
});

test("a turn is never assumed to be longer than session and hold together", async () => {
  const throughput = { ...measured, turnSeconds: 500 };
  const { now, changed } = await previewed(
    { sessionSeconds: 30, holdSeconds: 20 },
    concertOnSale(),
    throughput,
  );
  assert.deepEqual([now.turnSeconds, changed.turnSeconds], [500, 50]);
});

test("a turn is never assumed to be shorter than 0.1 s", async () => {
  const { now } = await previewed({}, concertOnSale(), { ...measured, turnSeconds: 0 });
  assert.equal(now.turnSeconds, 0.1);
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
    monitor: { getThroughput: () => Promise.reject(new Unavailable("Redis is away")) },
  });
  await assert.rejects(ask({ concertId, input: {} }), Unavailable);
});
