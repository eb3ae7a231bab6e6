import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  pollBounds,
  activePollMs,
  jitterShare,
  endedPollMs,
  waitingPollMs,
  type WaitingPoll,
} from "./poll-interval.ts";

const policy = { admissionsPerMinute: 600, claimSeconds: 60 };
const estimate = (seconds: number) => ({ p50Seconds: seconds, p90Seconds: seconds * 2 });

const rows: readonly [string, WaitingPoll, number][] = [
  ["far back: 20 s", { position: 100_000, estimate: estimate(9_000), policy }, 20_000],
  ["a third of the estimated wait", { position: 100_000, estimate: estimate(30), policy }, 10_000],
  ["near the front: 1 s", { position: 1, estimate: estimate(1), policy }, 1_000],
  [
    "a third of the shortest wait that the rate allows",
    { position: 150, estimate: null, policy },
    5_000,
  ],
  [
    "the shortest wait by the rate, when the estimate is longer",
    { position: 150, estimate: estimate(99), policy },
    5_000,
  ],
  ["an unknown position", { position: null, estimate: null, policy }, 20_000],
  [
    "a third of claimSeconds",
    { position: 100_000, estimate: null, policy: { ...policy, claimSeconds: 15 } },
    5_000,
  ],
  [
    "a third of claimSeconds also near the front",
    { position: 1, estimate: null, policy: { ...policy, claimSeconds: 1 } },
    333,
  ],
];

for (const [name, poll, expected] of rows) {
  test(`the interval of a waiting user: ${name}`, () => {
    assert.equal(waitingPollMs(poll, 0), expected);
  });
}

test("jitter takes up to a fifth off, and no interval is below 250 ms", () => {
  const far: WaitingPoll = { position: 100_000, estimate: null, policy };
  assert.equal(waitingPollMs(far, 0.5), 18_000);
  assert.ok(waitingPollMs(far, 0.999_999) >= 16_000);
  const near = { ...far, position: 1, policy: { ...policy, claimSeconds: 1 } };
  assert.equal(waitingPollMs(near, 0.999), 266);
  assert.equal(activePollMs(3, 0.9), 250);
});

test("no interval exceeds its bounds, in any queue", () => {
  const polls = fc.record({
    position: fc.option(fc.integer({ min: 1, max: 1_000_000 })),
    estimate: fc.option(fc.integer({ min: 1, max: 100_000 }).map(estimate)),
    policy: fc.record({
      admissionsPerMinute: fc.integer({ min: 1, max: 1_000_000 }),
      claimSeconds: fc.integer({ min: 1, max: 3_600 }),
    }),
  });
  fc.assert(
    fc.property(polls, fc.double({ min: 0, max: 0.999_999, noNaN: true }), (poll, jitter) => {
      const intervalMs = waitingPollMs(poll, jitter);
      assert.ok(Number.isInteger(intervalMs));
      assert.ok(intervalMs >= 250 && intervalMs <= 20_000);
      assert.ok(intervalMs <= Math.max(250, (poll.policy.claimSeconds * 1_000) / 3));
      const { estimate: known } = poll;
      if (known) assert.ok(intervalMs <= Math.max(1_000, (known.p50Seconds * 1_000) / 3));
    }),
  );
});

test("an ACTIVE user polls again within 5 s and within a third of the time left", () => {
  assert.equal(activePollMs(600_000, 0), 5_000);
  assert.equal(activePollMs(6_000, 0), 2_000);
});

test("an ended place has the slowest interval", () => {
  assert.equal(endedPollMs, 20_000);
});

test("after a start an interval is random over its whole length, later over a fifth of it", () => {
  const poll = { position: 100_000, estimate: null, policy };
  const spread = (upMs: number) =>
    [0, 0.5, 0.99].map((jitter) => waitingPollMs(poll, jitter, jitterShare(upMs)));
  assert.deepEqual(spread(0), [20_000, 10_000, 250]);
  assert.deepEqual(spread(19_999), [20_000, 10_000, 250]);
  assert.deepEqual(spread(20_000), [20_000, 18_000, 16_040]);
  assert.deepEqual([activePollMs(60_000, 0.5, 1), activePollMs(60_000, 0.5)], [2_500, 4_500]);
});

test("no user is told an interval beyond the bounds that make the user absent", () => {
  const inputs = fc.record({
    position: fc.integer({ min: 1, max: 1_000_000 }),
    admissionsPerMinute: fc.integer({ min: 1, max: 1_000_000 }),
    claimSeconds: fc.integer({ min: 1, max: 600 }),
    p50Seconds: fc.option(fc.integer({ min: 0, max: 100_000 })),
    jitter: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(inputs, ({ position, p50Seconds, jitter, ...policy }) => {
      const estimate = p50Seconds === null ? null : { p50Seconds, p90Seconds: p50Seconds };
      const { pollPerPlaceMs, pollNearMs, pollSlowestMs } = pollBounds(policy, false);
      const boundMs = Math.min(pollSlowestMs, Math.max(pollNearMs, position * pollPerPlaceMs));
      assert.ok(waitingPollMs({ position, estimate, policy }, jitter) <= boundMs);
      const blind = { position: null, estimate: null, policy };
      assert.ok(waitingPollMs(blind, jitter) <= pollBounds(policy, true).pollPerPlaceMs);
    }),
  );
});
