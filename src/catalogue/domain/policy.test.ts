import assert from "node:assert/strict";
import { test } from "node:test";
import {
  changedPolicy,
  fixedViolations,
  initialPolicy,
  instantMsMax,
  isInstant,
  type Policy,
  policyDifference,
  policyViolations,
  policyNumbers,
  policyRanges,
  type PolicyInput,
  type TransferRule,
  transferRanges,
} from "./policy.ts";

const nowMs = 1_800_000_000_000;
const usual = initialPolicy({}, nowMs);
const lottery: Policy = { ...usual, mode: "lottery", admitsAtMs: nowMs + 60_000 };

test("an empty input makes a fifo policy that opens now", () => {
  assert.deepEqual(usual, {
    mode: "fifo",
    waitingList: false,
    opensAtMs: nowMs,
    admitsAtMs: null,
    singleSeats: "allowed",
    transfers: null,
    refunds: null,
    maxActive: 200,
    admissionsPerMinute: 600,
    shoppersPerSeat: 2,
    sessionSeconds: 600,
    claimSeconds: 60,
    holdSeconds: 300,
    maxSeatsPerUser: 4,
    maxSeatsPerReservation: 4,
    holdsPerUser: 0,
    holdCooldownSeconds: 0,
    idleSeconds: 0,
  });
  assert.deepEqual(policyViolations(usual), []);
});

test("a new policy takes every setting of the input", () => {
  const input: Policy = {
    mode: "lottery",
    waitingList: true,
    opensAtMs: 5,
    admitsAtMs: 9,
    singleSeats: "refused",
    transfers: { until: 12, perTicket: 2 },
    refunds: { until: 1, fees: [{ daysBefore: 2, percent: 3 }] },
    maxActive: 1,
    admissionsPerMinute: 2,
    shoppersPerSeat: 3,
    sessionSeconds: 4,
    claimSeconds: 5,
    holdSeconds: 6,
    maxSeatsPerUser: 7,
    maxSeatsPerReservation: 8,
    holdsPerUser: 9,
    holdCooldownSeconds: 10,
    idleSeconds: 11,
  };
  assert.deepEqual(initialPolicy(input, nowMs), input);
});

for (const key of policyNumbers) {
  const { min, max } = policyRanges[key];
  const rules = (value: number) =>
    policyViolations({ ...usual, [key]: value }).map(({ pointer, rule }) => `${pointer} ${rule}`);
  test(`${key} accepts whole numbers from ${min} to ${max} only`, () => {
    assert.deepEqual([min, max].flatMap(rules), []);
    for (const value of [min - 1, max + 1])
      assert.deepEqual(rules(value), [`/${key} out-of-range`]);
    for (const value of [min + 0.5, Number.NaN, Number.POSITIVE_INFINITY])
      assert.deepEqual(rules(value), [`/${key} not-a-whole-number`]);
  });
}

for (const key of ["until", "perTicket"] as const) {
  const { min, max } = transferRanges[key];
  const rules = (value: number) => {
    const transfers: TransferRule = { until: 24, perTicket: 1, [key]: value };
    return policyViolations({ ...usual, transfers }).map(({ pointer, rule }) => [pointer, rule]);
  };
  test(`transfers/${key} accepts whole numbers from ${min} to ${max} only`, () => {
    assert.deepEqual([min, max].flatMap(rules), []);
    for (const value of [min - 1, max + 1])
      assert.deepEqual(rules(value), [[`/transfers/${key}`, "out-of-range"]]);
    assert.deepEqual(rules(min + 0.5), [[`/transfers/${key}`, "not-a-whole-number"]]);
  });
}

test("a rule for transfers differs by its values, not by the order of its members", () => {
  const before: Policy = { ...usual, transfers: { until: 24, perTicket: 1 } };
  assert.equal(
    policyDifference(before, { ...usual, transfers: { perTicket: 1, until: 24 } }),
    null,
  );
  const after: Policy = { ...usual, transfers: { until: 24, perTicket: 2 } };
  assert.deepEqual(policyDifference(before, after), {
    before: { transfers: before.transfers },
    after: { transfers: after.transfers },
  });
  assert.deepEqual(policyDifference(before, usual)?.after, { transfers: null });
});

test("the limits of the API are in range", () => {
  assert.equal(policyRanges.holdSeconds.min, 1);
  assert.equal(policyRanges.claimSeconds.min, 1);
  assert.equal(policyRanges.maxActive.max, 1_000_000);
  assert.equal(policyRanges.admissionsPerMinute.max, 1_000_000);
});

const schedules: readonly [string, Policy, readonly string[]][] = [
  ["a fifo queue without a draw", usual, []],
  ["an opening in the past", { ...usual, opensAtMs: 0 }, []],
  ["an opening before 1970", { ...usual, opensAtMs: -1 }, ["/opensAt not-an-instant"]],
  ["an opening that is NaN", { ...usual, opensAtMs: NaN }, ["/opensAt not-an-instant"]],
  [
    "an admission belongs to a lottery",
    { ...usual, admitsAtMs: 1 },
    ["/admitsAt only-for-lottery"],
  ],
  ["a lottery that opens before its draw", lottery, []],
  [
    "a lottery needs its draw's moment",
    { ...lottery, admitsAtMs: null },
    ["/admitsAt needed-for-lottery"],
  ],
  [
    "a draw comes after the opening",
    { ...lottery, admitsAtMs: lottery.opensAtMs },
    ["/admitsAt not-after-opening"],
  ],
  [
    "a draw at a fraction of a millisecond",
    { ...lottery, admitsAtMs: 1.5 },
    ["/admitsAt not-an-instant"],
  ],
];

for (const [title, policy, expected] of schedules)
  test(`the schedule of a policy is checked: ${title}`, () =>
    assert.deepEqual(
      policyViolations(policy).map(({ pointer, rule }) => `${pointer} ${rule}`),
      expected,
    ));

test("an instant is a whole millisecond from 1970 to 9999", () => {
  assert.deepEqual([0, instantMsMax].map(isInstant), [true, true]);
  assert.deepEqual([-1, instantMsMax + 1, 0.5, NaN].map(isInstant), [false, false, false, false]);
  assert.equal(new Date(instantMsMax).toISOString(), "9999-12-31T23:59:59.999Z");
});

test("a change replaces only the settings of the input", () => {
  assert.deepEqual(changedPolicy(usual, {}), usual);
  assert.deepEqual(changedPolicy(usual, { maxActive: 1 }), { ...usual, maxActive: 1 });
  assert.equal(changedPolicy(lottery, { admitsAtMs: null }).admitsAtMs, null);
});

const early = nowMs - 1;
const drawnAt = nowMs + 60_000;
const fixings: readonly [string, Policy, PolicyInput, number, readonly string[]][] = [
  // title, policy, change, now, pointers of the violations
  ["the opening changes before it has come", usual, { opensAtMs: nowMs + 5 }, early, []],
  ["the mode changes before the opening", usual, { mode: "lottery" }, early, []],
  ["the opening is fixed once it has come", usual, { opensAtMs: nowMs + 5 }, nowMs, ["/opensAt"]],
  ["the mode is fixed once the queue is open", usual, { mode: "lottery" }, nowMs, ["/mode"]],
  ["equal values are no change", usual, { mode: "fifo", opensAtMs: nowMs }, nowMs, []],
  [
    "other settings change while the queue is open",
    usual,
    { maxActive: 1, holdSeconds: 1 },
    nowMs,
    [],
  ],
  [
    "the time of the draw changes while the lobby is open",
    lottery,
    { admitsAtMs: drawnAt + 1 },
    nowMs,
    [],
  ],
];

for (const [title, current, input, atMs, expected] of fixings)
  test(`a change of the policy is checked: ${title}`, () => {
    const violations = fixedViolations(current, changedPolicy(current, input), atMs);
    assert.deepEqual(
      violations,
      expected.map((pointer) => ({ pointer, rule: "fixed-once-open" })),
    );
  });

const movings: readonly [string, number, number, string | null][] = [
  // title, old draw, new draw, expected; all from now on
  ["from an instant that is 1,000 ms ahead", 1_000, 90_000, null],
  [
    "not from one 999 ms ahead, because an instance may draw already",
    999,
    90_000,
    "fixed-near-draw",
  ],
  ["not from an instant that has come", 0, 90_000, "fixed-near-draw"],
  ["to an instant that is 1,000 ms ahead", 90_000, 1_000, null],
  [
    "not to one 999 ms ahead, because an instance may still accept users into the lobby",
    90_000,
    999,
    "draw-too-soon",
  ],
  [
    "not between two near instants, and the violation names the old one",
    999,
    998,
    "fixed-near-draw",
  ],
  ["to its own value at any time", 0, 0, null],
];

for (const [title, fromMs, toMs, rule] of movings)
  test(`the time of the draw changes ${title}`, () => {
    const at = (ms: number): Policy => ({ ...lottery, opensAtMs: 0, admitsAtMs: nowMs + ms });
    assert.deepEqual(
      fixedViolations(at(fromMs), at(toMs), nowMs),
      rule === null ? [] : [{ pointer: "/admitsAt", rule }],
    );
  });

test("before the opening a lottery becomes a fifo queue without a draw, and a fifo queue a lottery", () => {
  const soon = { ...lottery, opensAtMs: nowMs + 1 };
  assert.deepEqual(fixedViolations(soon, { ...soon, mode: "fifo", admitsAtMs: null }, nowMs), []);
  assert.deepEqual(fixedViolations({ ...soon, mode: "fifo", admitsAtMs: null }, soon, nowMs), []);
});

test("the difference has the old and the new value of each setting that differs", () => {
  const next = changedPolicy(usual, { maxActive: 1, holdSeconds: usual.holdSeconds, opensAtMs: 3 });
  assert.deepEqual(policyDifference(usual, next), {
    before: { maxActive: 200, opensAtMs: nowMs },
    after: { maxActive: 1, opensAtMs: 3 },
  });
  assert.equal(policyDifference(usual, { ...usual }), null);
});

test("rules for refunds that are equal in other members' order are no change, and others are one", () => {
  const refunds = { until: 24, fees: [{ daysBefore: 9, percent: 10 }] };
  const before = { ...usual, refunds };
  const same = { fees: [{ percent: 10, daysBefore: 9 }], until: 24 };
  assert.equal(policyDifference(before, { ...before, refunds: same }), null);
  for (const other of [null, { ...refunds, until: 1 }, { until: 24, fees: [] }])
    assert.deepEqual(policyDifference(before, { ...before, refunds: other }), {
      before: { refunds },
      after: { refunds: other },
    });
});

test("a violation of the rules for refunds is one of the policy", () => {
  const refunds = { until: -1, fees: [] };
  const found = policyViolations({ ...usual, refunds });
  assert.deepEqual(found, [{ pointer: "/refunds/until", rule: "out-of-range" }]);
});
