import assert from "node:assert/strict";
import { test } from "node:test";
import type { QueueState } from "#kernel/queue-forecasts.ts";
import type { QueuePolicy } from "./policy.ts";
import {
  finalState,
  isWaitingList,
  joinRefusal,
  queueState,
  type Circumstances,
} from "./queue-state.ts";

const policy: QueuePolicy = {
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
};

const lottery: QueuePolicy = { ...policy, mode: "lottery", admitsAtMs: 2_000 };
const draw = { drawnAtMs: 2_000, entrants: 0, entrantsDigest: "ab".repeat(32) };
const free = { available: 1, mayReturn: 0, hasEnded: false };
const held = { available: 0, mayReturn: 1, hasEnded: false };
const gone = { available: 0, mayReturn: 0, hasEnded: false };
const begun = { ...gone, hasEnded: true };

const open: Circumstances = {
  policy,
  pausedAtMs: null,
  closedAtMs: null,
  stock: free,
  recovering: false,
};

const rows: readonly [name: string, changes: Partial<Circumstances>, nowMs: number, QueueState][] =
  [
    ["before the opening", {}, 999, "SCHEDULED"],
    ["at the opening", {}, 1_000, "OPEN"],
    ["sold out by a stock before the opening", { stock: gone }, 999, "SCHEDULED"],
    ["no seat free and none held", { stock: gone }, 1_000, "SOLD_OUT"],
    ["no seat free, one held", { stock: held }, 1_000, "ALL_HELD"],
    ["every date begun, nothing sold", { stock: begun }, 1_000, "ENDED"],
    ["every date begun before the opening", { stock: begun }, 999, "ENDED"],
    ["every date begun, paused", { pausedAtMs: 500, stock: begun }, 1_000, "ENDED"],
    ["every date begun, recovering", { recovering: true, stock: begun }, 1_000, "ENDED"],
    ["every date begun, closed", { closedAtMs: 900, stock: begun }, 1_000, "CLOSED"],
    ["every date begun before the draw", { policy: lottery, stock: begun }, 1_999, "ENDED"],
    ["an unknown stock is not an empty one", { stock: null }, 1_000, "OPEN"],
    ["paused", { pausedAtMs: 500 }, 1_000, "PAUSED"],
    ["paused before the opening", { pausedAtMs: 500 }, 999, "SCHEDULED"],
    ["paused, all held", { pausedAtMs: 500, stock: held }, 1_000, "PAUSED"],
    ["paused, sold out", { pausedAtMs: 500, stock: gone }, 1_000, "SOLD_OUT"],
    ["recovering", { recovering: true }, 1_000, "RECOVERING"],
    ["recovering and paused", { recovering: true, pausedAtMs: 1 }, 1_000, "RECOVERING"],
    ["recovering, sold out", { recovering: true, stock: gone }, 1_000, "SOLD_OUT"],
    ["closed", { closedAtMs: 900 }, 1_000, "CLOSED"],
    ["closed before the opening", { closedAtMs: 900 }, 950, "CLOSED"],
    ["closed, sold out", { closedAtMs: 900, stock: gone }, 1_000, "CLOSED"],
    ["to be closed later", { closedAtMs: 1_001 }, 1_000, "OPEN"],
    ["before the draw", { policy: lottery }, 1_999, "LOBBY"],
    ["before the lobby", { policy: lottery }, 999, "SCHEDULED"],
    ["after the lobby, before the draw is stored", { policy: lottery }, 2_000, "LOBBY"],
    ["drawn", { policy: lottery, draw }, 2_000, "OPEN"],
    ["drawn, recovering", { policy: lottery, draw, recovering: true }, 2_000, "RECOVERING"],
    ["closed in the lobby", { policy: lottery, closedAtMs: 1_500 }, 1_500, "CLOSED"],
    ["paused in the lobby", { policy: lottery, pausedAtMs: 1 }, 1_999, "LOBBY"],
  ];

for (const [name, changes, nowMs, expected] of rows) {
  test(`state: ${name} → ${expected}`, () => {
    assert.equal(queueState({ ...open, ...changes }, nowMs), expected);
  });
}

const joins: readonly [QueueState, ReturnType<typeof joinRefusal>, boolean][] = [
  ["SCHEDULED", "QUEUE_NOT_OPEN", false],
  ["LOBBY", null, false],
  ["OPEN", null, false],
  ["PAUSED", null, false],
  ["RECOVERING", null, false],
  ["ALL_HELD", null, false],
  ["SOLD_OUT", "SOLD_OUT", true],
  ["ENDED", "SALE_ENDED", true],
  ["CLOSED", "QUEUE_NOT_OPEN", true],
];

for (const [state, refusal, isFinal] of joins) {
  test(`joining while ${state}: ${refusal ?? "possible"}`, () => {
    assert.equal(joinRefusal(state), refusal);
    assert.equal(finalState(state), isFinal ? state : null);
  });
}

for (const [state, , isFinal] of joins) {
  const isFinalWithList = isFinal && state !== "SOLD_OUT";
  test(`with a waiting list ${state} is ${isFinalWithList ? "" : "not "}final`, () => {
    assert.equal(finalState(state, { waitingList: true }), isFinalWithList ? state : null);
    assert.equal(finalState(state, { waitingList: false }), isFinal ? state : null);
  });
}

const lists: readonly [waitingList: boolean | undefined, QueueState, begun: boolean, boolean][] = [
  [true, "OPEN", false, false],
  [true, "ALL_HELD", false, false],
  [true, "SOLD_OUT", false, true],
  [true, "OPEN", true, true],
  [false, "SOLD_OUT", true, false],
  [undefined, "SOLD_OUT", true, false],
];

for (const [waitingList, state, hasBegun, expected] of lists) {
  test(`a waiting list: ${waitingList}, ${state}, ${hasBegun ? "" : "not "}begun → ${expected}`, () => {
    assert.equal(isWaitingList({ waitingList }, state, hasBegun), expected);
  });
}
