import assert from "node:assert/strict";
import { test } from "node:test";
import { toId } from "#kernel/ids.ts";
import { buildConcert } from "./new-concert.ts";
import { initialPolicy } from "./policy.ts";
import {
  publishedDates,
  publishedConcert,
  publishedPolicy,
  publishedControlState,
} from "./published.ts";

const nowMs = Date.parse("2026-11-22T10:00:00Z");
const now = "2026-11-22T10:00:00.000Z";

test("a policy is published with RFC 3339 instants", () => {
  const { opensAtMs: _, admitsAtMs: __, mode, ...numbers } = initialPolicy({}, nowMs);
  const expected = { mode, opensAt: now, admitsAt: null, ...numbers };
  assert.deepEqual(publishedPolicy(initialPolicy({}, nowMs)), expected);
});

test("a part of a policy is published without the other members", () => {
  assert.deepEqual(publishedPolicy({ maxActive: 1 }), { maxActive: 1 });
  assert.deepEqual(publishedPolicy({ opensAtMs: nowMs }), { opensAt: now });
  assert.deepEqual(publishedPolicy({ mode: "fifo", admitsAtMs: nowMs }), {
    mode: "fifo",
    admitsAt: now,
  });
});

test("the control state and the dates are published with RFC 3339 instants", () => {
  assert.deepEqual(
    publishedControlState({
      pausedAtMs: null,
      resumedAtMs: nowMs,
      rampSeconds: 5,
      closedAtMs: null,
      cancelledAtMs: null,
    }),
    { pausedAt: null, resumedAt: now, rampSeconds: 5, closedAt: null, cancelledAt: null },
  );
  assert.deepEqual(publishedDates([{ date: "2026-11-22", startsAtMs: nowMs }]), [
    { date: "2026-11-22", startsAt: now },
  ]);
});

test("a new concert is published without the seed of its draw", () => {
  const drawSeed = "cd".repeat(32);
  const outcome = buildConcert(
    { title: "T", dates: [{ date: "2026-12-24" }], price: 5, policy: {} },
    { concertId: toId("0190a1b2-0000-7000-8000-00000000000a"), currency: "KRW", nowMs, drawSeed },
  );
  assert.equal(outcome.kind, "built");
  const { newConcert } = outcome as Extract<typeof outcome, { kind: "built" }>;
  const record = publishedConcert({ ...newConcert, concert: { ...newConcert.concert, drawSeed } });
  assert.deepEqual(record, {
    title: "T",
    venue: null,
    timeZone: "Asia/Seoul",
    currency: "KRW",
    dates: [{ date: "2026-12-24", startsAt: "2026-12-24T10:00:00.000Z" }],
    description: null,
    posterUrl: null,
    ageRating: null,
    publishedAt: "2026-11-22T10:00:00.000Z",
    grades: [{ name: "STANDARD", price: 5, seats: [1, 50] }],
    seatsTotal: 50,
    policy: publishedPolicy(newConcert.concert.policy),
  });
  assert.ok(!JSON.stringify(record).includes(drawSeed));
});
