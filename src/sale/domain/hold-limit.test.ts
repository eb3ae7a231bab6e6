import assert from "node:assert/strict";
import { test } from "node:test";
import { unpaidHoldsMax, mayHoldFromMs, withUnpaidHold, type UnpaidHold } from "./hold-limit.ts";

const nowMs = 1_800_000_000_000;
const hourMs = 3_600_000;
const off = { holdsPerUser: 0, holdCooldownSeconds: 0 };
const strict = { holdsPerUser: 10, holdCooldownSeconds: 60 };
const lapsed = (agoMs: number): UnpaidHold => ({ atMs: nowMs - agoMs, how: "lapsed" });
const cancelled = (agoMs: number): UnpaidHold => ({ atMs: nowMs - agoMs, how: "cancelled" });
const tenOf = (end: typeof lapsed, newestAgoMs: number): UnpaidHold[] =>
  Array.from({ length: 10 }, (_, n) => end(newestAgoMs + (9 - n) * 1_000));

const table: [string, typeof off, readonly UnpaidHold[], number | null][] = [
  ["no limit", off, tenOf(lapsed, 0), null],
  ["no unpaid hold", strict, [], null],
  ["nine of ten", strict, tenOf(cancelled, 0).slice(1), null],
  ["ten of ten, until the oldest is an hour old", strict, tenOf(cancelled, 0), hourMs - 9_000],
  ["ten, the oldest an hour ago", strict, tenOf(cancelled, hourMs - 9_000), null],
  [
    "more than ten: the tenth from the end decides",
    { ...strict, holdsPerUser: 9 },
    tenOf(cancelled, 0),
    hourMs - 8_000,
  ],
  ["a lapse in the cooldown", strict, [lapsed(59_999)], 1],
  ["a lapse after the cooldown", strict, [lapsed(60_000)], null],
  ["a cancelled hold has no cooldown", strict, [cancelled(0)], null],
  ["a lapse before a cancelled hold", strict, [lapsed(50_000), cancelled(1)], 10_000],
  ["the later of both limits", { holdsPerUser: 1, holdCooldownSeconds: 60 }, [lapsed(0)], hourMs],
];

for (const [title, policy, ends, waitMs] of table) {
  test(`when a user may hold again: ${title}`, () => {
    const fromMs = mayHoldFromMs(policy, ends, nowMs);
    assert.equal(fromMs === null ? null : fromMs - nowMs, waitMs);
  });
}

test("unpaid holds that are an hour older than the newest are forgotten, and at most 100 are kept", () => {
  const ends = [lapsed(hourMs), lapsed(hourMs - 1)];
  assert.deepEqual(withUnpaidHold(ends, cancelled(0)), [lapsed(hourMs - 1), cancelled(0)]);
  const many = Array.from({ length: unpaidHoldsMax }, () => lapsed(1));
  const kept = withUnpaidHold(many, cancelled(0));
  assert.deepEqual([kept.length, kept.at(-1)], [unpaidHoldsMax, cancelled(0)]);
});
