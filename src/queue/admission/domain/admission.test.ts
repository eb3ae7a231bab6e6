import assert from "node:assert/strict";
import { test } from "node:test";
import { effectiveRate, passTerms, type AdmissionCircumstances } from "./admission.ts";

const queue: AdmissionCircumstances = {
  policy: {
    mode: "fifo",
    opensAtMs: 1_000,
    admitsAtMs: null,
    maxActive: 200,
    admissionsPerMinute: 600,
    shoppersPerSeat: 2,
    sessionSeconds: 600,
    idleSeconds: 0,
    holdSeconds: 300,
    maxSeatsPerUser: 4,
    claimSeconds: 60,
  },
  pausedAtMs: null,
  resumedAtMs: null,
  rampSeconds: null,
  closedAtMs: null,
  stock: { available: 10, mayReturn: 3, hasEnded: false },
  recovering: false,
};

test("the terms of a pass are the operator's settings", () => {
  assert.deepEqual(passTerms(queue, 5_000), {
    sessionMs: 600_000,
    idleMs: 0,
    claimMs: 60_000,
    admissionsPerMinute: 600,
    maxActive: 200,
    shoppersMax: 20,
    admitsFromMs: 1_000,
    final: null,
    peopleMax: 500,
    presence: {
      pollPerPlaceMs: 34,
      pollNearMs: 1_000,
      pollSlowestMs: 20_000,
      graceMs: 5_000,
      trackedMax: 750,
      passGapMs: 3_000,
    },
    retentionMs: 7 * 86_400_000,
  });
});

test("presence is tracked for the users who can be admitted in 75 s, within bounds", () => {
  const rates: readonly [number, number][] = [
    [1, 100],
    [80, 100],
    [6_000, 7_500],
    [1_000_000, 20_000],
  ];
  for (const [admissionsPerMinute, trackedMax] of rates) {
    const policy = { ...queue.policy, admissionsPerMinute };
    assert.equal(passTerms({ ...queue, policy }, 5_000).presence.trackedMax, trackedMax);
  }
});

test("before the draw every user in the lobby has the slowest interval", () => {
  const policy = { ...queue.policy, mode: "lottery" as const, admitsAtMs: 9_000 };
  const { presence } = passTerms({ ...queue, policy }, 5_000);
  assert.equal(presence.pollPerPlaceMs, presence.pollSlowestMs);
});

const stops: readonly [string, Partial<AdmissionCircumstances>, object][] = [
  ["paused", { pausedAtMs: 4_000 }, { admitsFromMs: null, final: null }],
  ["recovering", { recovering: true }, { admitsFromMs: null, final: null }],
  ["closed", { closedAtMs: 4_000 }, { admitsFromMs: null, final: "CLOSED" }],
  [
    "sold out",
    { stock: { available: 0, mayReturn: 0, hasEnded: false } },
    { admitsFromMs: null, final: "SOLD_OUT" },
  ],
  [
    "all held",
    { stock: { available: 0, mayReturn: 1, hasEnded: false } },
    { shoppersMax: 0, final: null },
  ],
  ["of unknown stock", { stock: null }, { shoppersMax: 0, final: null }],
];

for (const [name, changes, expected] of stops) {
  test(`a queue that is ${name} admits no user`, () => {
    const terms = passTerms({ ...queue, ...changes }, 5_000);
    assert.deepEqual({ ...terms, ...expected }, terms);
  });
}

test("the terms leave the opening to the clock of the store", () => {
  const terms = passTerms(queue, 0);
  assert.equal(terms.admitsFromMs, 1_000);
  assert.equal(terms.final, null);
});

test("a lottery admits once the database has its draw, and not before, however late it is", () => {
  const policy = { ...queue.policy, mode: "lottery" as const, admitsAtMs: 9_000 };
  const draw = { drawnAtMs: 9_001, entrants: 3, entrantsDigest: "ab".repeat(32) };
  assert.equal(passTerms({ ...queue, policy }, 5_000).admitsFromMs, null);
  assert.equal(passTerms({ ...queue, policy, draw: null }, 99_000).admitsFromMs, null);
  assert.equal(passTerms({ ...queue, policy, draw }, 9_001).admitsFromMs, 9_000);
});

test("the limit of the stock is rounded down to whole users", () => {
  const policy = { ...queue.policy, shoppersPerSeat: 1.5 };
  const stock = { available: 3, mayReturn: 0, hasEnded: false };
  assert.equal(passTerms({ ...queue, policy, stock }, 5_000).shoppersMax, 4);
});

const listed = { ...queue.policy, waitingList: true };
const soldOut = { available: 0, mayReturn: 0, hasEnded: false };
const lists: readonly [string, Partial<AdmissionCircumstances>, object][] = [
  ["sold out", { stock: soldOut }, { seatsFree: 0, isSoldOut: true }],
  [
    "with all seats held",
    { stock: { ...soldOut, mayReturn: 1 } },
    { seatsFree: 0, isSoldOut: false },
  ],
  ["with free seats", {}, { seatsFree: 10, isSoldOut: false }],
  ["of unknown stock", { stock: null }, { seatsFree: 0, isSoldOut: false }],
];

for (const [name, changes, waitingList] of lists) {
  test(`a queue with a waiting list, ${name}, does not end`, () => {
    const terms = passTerms({ ...queue, policy: listed, ...changes }, 5_000);
    assert.deepEqual(
      [terms.waitingList, terms.final, terms.admitsFromMs],
      [waitingList, null, 1_000],
    );
  });
}

test("a queue with a waiting list ends when it is closed or every date has begun", () => {
  const policy = listed;
  const ended = { ...soldOut, hasEnded: true };
  assert.equal(passTerms({ ...queue, policy, closedAtMs: 4_000 }, 5_000).final, "CLOSED");
  assert.equal(passTerms({ ...queue, policy, stock: ended }, 5_000).final, "ENDED");
});

test("a lobby is no waiting list before its draw, and does not end when it is sold out", () => {
  const policy = { ...listed, mode: "lottery" as const, admitsAtMs: 9_000 };
  const { waitingList, final, admitsFromMs } = passTerms(
    { ...queue, policy, stock: soldOut },
    5_000,
  );
  assert.deepEqual([waitingList, final, admitsFromMs], [undefined, null, null]);
});

const ramp: readonly [string, Partial<AdmissionCircumstances>, number, number][] = [
  ["never paused", {}, 5_000, 600],
  ["no ramp", { resumedAtMs: 5_000 }, 5_000, 600],
  ["a ramp of 0 s", { resumedAtMs: 5_000, rampSeconds: 0 }, 5_000, 600],
  ["at the resume", { resumedAtMs: 5_000, rampSeconds: 10 }, 5_000, 0],
  ["half way", { resumedAtMs: 5_000, rampSeconds: 10 }, 10_000, 300],
  ["at the end", { resumedAtMs: 5_000, rampSeconds: 10 }, 15_000, 600],
  ["long after", { resumedAtMs: 5_000, rampSeconds: 10 }, 99_000, 600],
  [
    "before the resume, by a clock that is behind",
    { resumedAtMs: 5_000, rampSeconds: 10 },
    4_000,
    0,
  ],
  ["whole admissions only", { resumedAtMs: 5_000, rampSeconds: 10 }, 5_001, 0],
];

test("passes 200 ms apart admit as many users as the ramp allows, and no more", () => {
  const growing = { ...queue, resumedAtMs: 5_000, rampSeconds: 6 };
  const due = (seconds: number) =>
    (growing.policy.admissionsPerMinute * seconds ** 2) / (2 * 6 * 60);
  let admitted = 0;
  for (let ms = 200; ms <= 6_000; ms += 200) {
    admitted += (passTerms(growing, 5_000 + ms).admissionsPerMinute * 200) / 60_000;
    assert.ok(admitted <= due(ms / 1_000) && admitted > due(ms / 1_000) - 1, `at ${ms} ms`);
  }
});

for (const [name, changes, nowMs, expected] of ramp) {
  test(`the rate after a pause: ${name} → ${expected}`, () => {
    assert.equal(effectiveRate({ ...queue, ...changes }, nowMs), expected);
  });
}
