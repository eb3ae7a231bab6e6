import assert from "node:assert/strict";
import { test } from "node:test";
import {
  changedPolicy,
  fixedFaults,
  initialPolicy,
  instantMsMax,
  isInstant,
  type Policy,
  policyDifference,
  policyFaults,
  policyNumbers,
  policyRanges,
  type PolicyWish,
} from "./policy.ts";

const nowMs = 1_800_000_000_000;
const usual = initialPolicy({}, nowMs);
const lottery: Policy = { ...usual, mode: "lottery", admitsAtMs: nowMs + 60_000 };

test("a new policy that names nothing is the contract's: fifo, open now", () => {
  assert.deepEqual(usual, {
    mode: "fifo",
    opensAtMs: nowMs,
    admitsAtMs: null,
    maxActive: 200,
    admissionsPerMinute: 600,
    shoppersPerSeat: 2,
    sessionSeconds: 600,
    claimSeconds: 60,
    holdSeconds: 300,
    maxSeatsPerUser: 4,
    maxSeatsPerReservation: 4,
  });
  assert.deepEqual(policyFaults(usual), []);
});

test("a new policy takes over every setting that it names", () => {
  const wish: Policy = {
    mode: "lottery",
    opensAtMs: 5,
    admitsAtMs: 9,
    maxActive: 1,
    admissionsPerMinute: 2,
    shoppersPerSeat: 3,
    sessionSeconds: 4,
    claimSeconds: 5,
    holdSeconds: 6,
    maxSeatsPerUser: 7,
    maxSeatsPerReservation: 8,
  };
  assert.deepEqual(initialPolicy(wish, nowMs), wish);
});

for (const key of policyNumbers) {
  const { min, max } = policyRanges[key];
  const rules = (value: number) =>
    policyFaults({ ...usual, [key]: value }).map(({ pointer, rule }) => `${pointer} ${rule}`);
  test(`${key} may be ${min} and ${max} and nothing beyond, and is whole`, () => {
    assert.deepEqual([min, max].flatMap(rules), []);
    for (const value of [min - 1, max + 1])
      assert.deepEqual(rules(value), [`/${key} out-of-range`]);
    for (const value of [min + 0.5, Number.NaN, Number.POSITIVE_INFINITY])
      assert.deepEqual(rules(value), [`/${key} not-a-whole-number`]);
  });
}

test("the ends that the contract names are in range", () => {
  assert.equal(policyRanges.holdSeconds.min, 1);
  assert.equal(policyRanges.claimSeconds.min, 1);
  assert.equal(policyRanges.maxActive.max, 1_000_000);
  assert.equal(policyRanges.admissionsPerMinute.max, 1_000_000);
});

const schedules: readonly [string, Policy, readonly string[]][] = [
  ["fifo without a draw", usual, []],
  ["an opening in the past is allowed", { ...usual, opensAtMs: 0 }, []],
  ["an opening before 1970 is none", { ...usual, opensAtMs: -1 }, ["/opensAt not-an-instant"]],
  ["an opening that is no number", { ...usual, opensAtMs: NaN }, ["/opensAt not-an-instant"]],
  [
    "an admission belongs to a lottery",
    { ...usual, admitsAtMs: 1 },
    ["/admitsAt only-for-lottery"],
  ],
  ["a lottery is not offered yet", lottery, ["/mode not-offered"]],
  [
    "a lottery needs its draw's moment",
    { ...lottery, admitsAtMs: null },
    ["/mode not-offered", "/admitsAt needed-for-lottery"],
  ],
  [
    "a draw comes after the opening",
    { ...lottery, admitsAtMs: lottery.opensAtMs },
    ["/mode not-offered", "/admitsAt not-after-opening"],
  ],
  [
    "a draw's moment is a moment",
    { ...lottery, admitsAtMs: 1.5 },
    ["/mode not-offered", "/admitsAt not-an-instant"],
  ],
];

for (const [title, policy, expected] of schedules)
  test(`schedule: ${title}`, () =>
    assert.deepEqual(
      policyFaults(policy).map(({ pointer, rule }) => `${pointer} ${rule}`),
      expected,
    ));

test("instants are whole milliseconds from 1970 to 9999", () => {
  assert.deepEqual([0, instantMsMax].map(isInstant), [true, true]);
  assert.deepEqual([-1, instantMsMax + 1, 0.5, NaN].map(isInstant), [false, false, false, false]);
  assert.equal(new Date(instantMsMax).toISOString(), "9999-12-31T23:59:59.999Z");
});

test("a change touches exactly the settings that it names", () => {
  assert.deepEqual(changedPolicy(usual, {}), usual);
  assert.deepEqual(changedPolicy(usual, { maxActive: 1 }), { ...usual, maxActive: 1 });
  assert.equal(changedPolicy(lottery, { admitsAtMs: null }).admitsAtMs, null);
});

const early = nowMs - 1;
const drawnAt = nowMs + 60_000;
const fixings: readonly [string, Policy, PolicyWish, number, readonly string[]][] = [
  // title, standing policy, change, now, what may not change
  ["the opening moves before it", usual, { opensAtMs: nowMs + 5 }, early, []],
  ["the mode changes before it", usual, { mode: "lottery" }, early, []],
  ["the opening is fixed from its moment on", usual, { opensAtMs: nowMs + 5 }, nowMs, ["/opensAt"]],
  ["the mode is fixed from the opening on", usual, { mode: "lottery" }, nowMs, ["/mode"]],
  ["the same again is no change", usual, { mode: "fifo", opensAtMs: nowMs }, nowMs, []],
  ["other settings change when open", usual, { maxActive: 1, holdSeconds: 1 }, nowMs, []],
  ["the draw moves before it", lottery, { admitsAtMs: drawnAt + 1 }, drawnAt - 1, []],
  ["the draw is fixed from its moment on", lottery, { admitsAtMs: 7 }, drawnAt, ["/admitsAt"]],
];

for (const [title, current, wish, atMs, expected] of fixings)
  test(`fixed: ${title}`, () => {
    const faults = fixedFaults(current, changedPolicy(current, wish), atMs);
    assert.deepEqual(
      faults,
      expected.map((pointer) => ({ pointer, rule: "fixed-once-open" })),
    );
  });

test("the difference names old and new value of what differs, and nothing else", () => {
  const next = changedPolicy(usual, { maxActive: 1, holdSeconds: usual.holdSeconds, opensAtMs: 3 });
  assert.deepEqual(policyDifference(usual, next), {
    before: { maxActive: 200, opensAtMs: nowMs },
    after: { maxActive: 1, opensAtMs: 3 },
  });
  assert.equal(policyDifference(usual, { ...usual }), null);
});
