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

test("it tells the wait of the last person now and under the change", async () => {
  const { now, changed } = await previewed({ admissionsPerMinute: 1_200 });
  assert.equal(now.lastWaitSeconds, 600);
  assert.equal(changed.lastWaitSeconds, 300);
});

test("an input that changes nothing shows the same twice", async () => {
  const { now, changed } = await previewed({});
  assert.deepEqual(changed, now);
});

test("where nobody's turn was measured, everybody is taken to use the whole session", async () => {
  const throughput = { ...measured, turnSeconds: null };
  const { now, changed } = await previewed({ sessionSeconds: 30 }, concertOnSale(), throughput);
  assert.deepEqual([now.turnSeconds, changed.turnSeconds], [600, 30]);
});

test("nobody stays longer than session and hold together", async () => {
  const throughput = { ...measured, turnSeconds: 500 };
  const { now, changed } = await previewed(
    { sessionSeconds: 30, holdSeconds: 20 },
    concertOnSale(),
    throughput,
  );
  assert.deepEqual([now.turnSeconds, changed.turnSeconds], [500, 50]);
});

test("a turn is never taken to last no time at all", async () => {
  const { now } = await previewed({}, concertOnSale(), { ...measured, turnSeconds: 0 });
  assert.equal(now.turnSeconds, 0.1);
});

test("what the change would be refused for, the preview is refused for", async () => {
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

test("while the queue cannot be read nothing is guessed", async () => {
  const ask = previewPolicy({
    records: { nowMs: async () => nowMs },
    cache: { find: async () => concertOnSale() },
    monitor: { getThroughput: () => Promise.reject(new Unavailable("Redis is away")) },
  });
  await assert.rejects(ask({ concertId, input: {} }), Unavailable);
});
