import assert from "node:assert/strict";
import { test } from "node:test";
import { applyControl, type QueueControl, type ControlState } from "./queue-control.ts";

const running: ControlState = {
  pausedAtMs: null,
  resumedAtMs: null,
  rampSeconds: null,
  closedAtMs: null,
  cancelledAtMs: null,
};
const paused: ControlState = { ...running, pausedAtMs: 10 };
const resumed: ControlState = { ...running, resumedAtMs: 20, rampSeconds: 30 };
const closed: ControlState = { ...running, closedAtMs: 40 };
const cancelled: ControlState = { ...closed, cancelledAtMs: 40 };
const closedPaused: ControlState = { ...paused, closedAtMs: 40 };

const pause: QueueControl = { kind: "pause" };
const resume: QueueControl = { kind: "resume", rampSeconds: null };
const ramp: QueueControl = { kind: "resume", rampSeconds: 60 };
const close: QueueControl = { kind: "close" };
const cancel: QueueControl = { kind: "cancel", reason: "The singer is ill" };

const nowMs = 99;
const cases: readonly [
  string,
  ControlState,
  QueueControl,
  ControlState | "unchanged" | "closed",
][] = [
  // title, state before, control, state after or outcome
  ["a pause of a running queue sets its time", running, pause, { ...running, pausedAtMs: nowMs }],
  ["a pause ends the ramp", resumed, pause, { ...running, pausedAtMs: nowMs }],
  ["a second pause changes nothing", paused, pause, "unchanged"],
  [
    "a resume without a ramp takes effect at once",
    paused,
    resume,
    { ...running, resumedAtMs: nowMs },
  ],
  [
    "a paused queue resumes with a ramp",
    paused,
    ramp,
    { ...running, resumedAtMs: nowMs, rampSeconds: 60 },
  ],
  ["a resume of a running queue changes nothing", running, resume, "unchanged"],
  ["a second resume keeps the ramp of the first", resumed, ramp, "unchanged"],
  ["a close of a running queue sets its time", running, close, { ...running, closedAtMs: nowMs }],
  ["a close of a paused queue keeps the pause", paused, close, { ...paused, closedAtMs: nowMs }],
  ["a second close changes nothing", closed, close, "unchanged"],
  [
    "cancelling closes a running queue",
    running,
    cancel,
    { ...running, closedAtMs: nowMs, cancelledAtMs: nowMs },
  ],
  [
    "cancelling leaves the time at which the queue was closed",
    closed,
    cancel,
    { ...closed, cancelledAtMs: nowMs },
  ],
  ["a second cancelling changes nothing", { ...closed, cancelledAtMs: 50 }, cancel, "unchanged"],
  ["a close of a cancelled concert changes nothing", cancelled, close, "unchanged"],
  ["a cancelled concert cannot resume", cancelled, resume, "closed"],
  ["a closed queue cannot pause", closed, pause, "closed"],
  ["a closed queue cannot resume", closed, resume, "closed"],
  ["a queue closed while paused cannot resume", closedPaused, ramp, "closed"],
  ["a queue closed while paused cannot pause", closedPaused, pause, "closed"],
];

for (const [title, given, control, then] of cases)
  test(title, () => {
    const outcome = applyControl(given, control, nowMs);
    assert.deepEqual(outcome.kind === "changed" ? outcome.state : outcome.kind, then);
  });
