import assert from "node:assert/strict";
import { test } from "node:test";
import type { Queue, QueueStatus } from "../../../sdk/generated/index.ts";
import { progressOf, stateOf, viewOf } from "./view.ts";

type State = Queue["state"];

const statusOf = (members: Partial<QueueStatus>): QueueStatus => ({
  token: "t",
  userId: "u",
  concertId: "c",
  status: "WAITING",
  queueState: "OPEN",
  position: 101,
  ahead: 100,
  estimatedWaitSeconds: null,
  estimatedWaitRange: null,
  seatsLikely: null,
  pollAfterMs: 1_000,
  expiresAt: null,
  endedReason: null,
  cancelledAt: null,
  serverTime: "2026-11-22T10:00:00.000Z",
  ...members,
});

const known = { queue: null, status: null, isLoading: false, hasEntered: false };

// state of the queue | view of a fan without a place
const without: [State | null, string][] = [
  [null, "loading"],
  ["SCHEDULED", "not-open"],
  ["LOBBY", "joinable"],
  ["OPEN", "joinable"],
  ["PAUSED", "joinable"],
  ["RECOVERING", "joinable"],
  ["ALL_HELD", "joinable"],
  ["SOLD_OUT", "over"],
  ["ENDED", "over"],
  ["CLOSED", "over"],
];
for (const [state, kind] of without) {
  test(`without a place, a queue in state ${state ?? "unknown"} shows ${kind}`, () => {
    const queue = state === null ? null : { state, cancelledAt: null };
    assert.equal(viewOf({ ...known, queue }).kind, kind);
  });
}

test("without a place, a sold out queue with a waiting list shows joinable", () => {
  const list = { waitingList: true };
  assert.equal(viewOf({ ...known, queue: { state: "SOLD_OUT", ...list } }).kind, "joinable");
  for (const state of ["ENDED", "CLOSED"] as const)
    assert.equal(viewOf({ ...known, queue: { state, ...list } }).kind, "over");
});

for (const [queueState, kind] of [
  ["SOLD_OUT", "listed"],
  ["OPEN", "listed"],
  ["ALL_HELD", "listed"],
  ["PAUSED", "paused"],
] as const) {
  test(`a place on the waiting list, with the queue ${queueState}, shows ${kind}`, () => {
    const status = statusOf({ status: "WAITLISTED", queueState, ahead: 0 });
    assert.equal(viewOf({ ...known, status }).kind, kind);
  });
}

test("a stored place shows loading until its status has been read", () => {
  const queue = { state: "OPEN", cancelledAt: null } as const;
  assert.equal(viewOf({ ...known, queue, isLoading: true }).kind, "loading");
});

// members of the status | view
const statusViews: [Partial<QueueStatus>, string][] = [
  [{}, "waiting"],
  [{ ahead: 5 }, "waiting"],
  [{ ahead: 4 }, "near"],
  [{ ahead: 0 }, "near"],
  [{ estimatedWaitSeconds: 31 }, "waiting"],
  [{ estimatedWaitSeconds: 30 }, "near"],
  [{ queueState: "PAUSED", ahead: 0 }, "paused"],
  [{ queueState: "RECOVERING", ahead: null, position: null }, "recovering"],
  [{ queueState: "ALL_HELD", ahead: 0 }, "held"],
  [{ status: "LOBBY", queueState: "LOBBY", ahead: null, position: null }, "lobby"],
  [{ status: "LOBBY", queueState: "PAUSED", ahead: null, position: null }, "lobby"],
  [{ status: "ACTIVE" }, "turn"],
  [{ status: "ENDED", endedReason: null }, "ended"],
];
for (const [members, kind] of statusViews) {
  test(`a status with ${JSON.stringify(members)} shows ${kind}`, () => {
    const queue = { state: "CLOSED", cancelledAt: null } as const;
    const view = viewOf({ ...known, queue, status: statusOf(members) });
    assert.equal(view.kind, kind);
  });
}

test("a fan who has entered sees the seats while the place is ACTIVE", () => {
  const status = statusOf({ status: "ACTIVE" });
  assert.equal(viewOf({ ...known, status, hasEntered: true }).kind, "inside");
  assert.equal(viewOf({ ...known, status: statusOf({}), hasEntered: true }).kind, "waiting");
});

test("a cancelled concert is shown as such, whatever place the fan has, by the place or by the queue", () => {
  const cancelledAt = "2026-11-22T10:00:00.000Z";
  const queue = { state: "CLOSED", cancelledAt } as const;
  for (const status of ["LOBBY", "WAITING", "ACTIVE", "ENDED"] as const) {
    const hasEntered = status === "ACTIVE";
    const byQueue = viewOf({ ...known, queue, status: statusOf({ status }), hasEntered });
    const byPlace = viewOf({ ...known, status: statusOf({ status, cancelledAt }), hasEntered });
    assert.deepEqual([byQueue.kind, byPlace.kind], ["cancelled", "cancelled"], status);
  }
  assert.equal(viewOf({ ...known, queue }).kind, "cancelled");
});

test("an ended place shows its reason, or GONE without one", () => {
  const ended = (endedReason: QueueStatus["endedReason"]) =>
    viewOf({ ...known, status: statusOf({ status: "ENDED", endedReason }) });
  assert.deepEqual(ended("LAPSED"), { kind: "ended", reason: "LAPSED" });
  assert.deepEqual(ended(null), { kind: "ended", reason: "GONE" });
});

// ahead now | ahead at first | progress
const progressCases: [number | null, number | null, number | null][] = [
  [100, 100, 0],
  [25, 100, 0.75],
  [0, 100, 1],
  [0, null, 1],
  [0, 0, 1],
  [120, 100, 0],
  [null, 100, null],
];
for (const [ahead, first, progress] of progressCases) {
  test(`with ${ahead} ahead of ${first} at first the progress is ${progress}`, () => {
    assert.equal(progressOf(ahead, first), progress);
  });
}

test("the queue's state comes from the place's status, until the place ends by itself", () => {
  const queue = { state: "OPEN" } as const;
  assert.equal(stateOf(null, null), undefined);
  assert.equal(stateOf(null, queue), "OPEN");
  assert.equal(stateOf(statusOf({ queueState: "PAUSED" }), queue), "PAUSED");
  const ended = (endedReason: QueueStatus["endedReason"], queueState: State) =>
    stateOf(statusOf({ status: "ENDED", endedReason, queueState }), queue);
  assert.equal(ended("SOLD_OUT", "SOLD_OUT"), "SOLD_OUT");
  assert.equal(ended("ENDED", "ENDED"), "ENDED");
  assert.equal(ended("CLOSED", "CLOSED"), "CLOSED");
  for (const reason of ["PAID", "LEFT", "LAPSED"] as const)
    assert.equal(ended(reason, "PAUSED"), "OPEN");
});
