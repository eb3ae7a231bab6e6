import assert from "node:assert/strict";
import { test } from "node:test";
import { applyControl, type QueueControl, type ControlState } from "./queue-control.ts";

const running: ControlState = {
  pausedAtMs: null,
  resumedAtMs: null,
  rampSeconds: null,
  closedAtMs: null,
};
const paused: ControlState = { ...running, pausedAtMs: 10 };
const resumed: ControlState = { ...running, resumedAtMs: 20, rampSeconds: 30 };
const closed: ControlState = { ...running, closedAtMs: 40 };
const closedPaused: ControlState = { ...paused, closedAtMs: 40 };

const pause: QueueControl = { kind: "pause" };
const resume: QueueControl = { kind: "resume", rampSeconds: null };
const ramp: QueueControl = { kind: "resume", rampSeconds: 60 };
const close: QueueControl = { kind: "close" };

const nowMs = 99;
const cases: readonly [
  string,
  ControlState,
  QueueControl,
  ControlState | "unchanged" | "closed",
][] = [
  // title, given, control, then
  ["a running queue pauses", running, pause, { ...running, pausedAtMs: nowMs }],
  ["a pause ends the ramp before it", resumed, pause, { ...running, pausedAtMs: nowMs }],
  ["the first pause counts", paused, pause, "unchanged"],
  ["a paused queue resumes at once", paused, resume, { ...running, resumedAtMs: nowMs }],
  [
    "a paused queue resumes with a ramp",
    paused,
    ramp,
    { ...running, resumedAtMs: nowMs, rampSeconds: 60 },
  ],
  ["a running queue has nothing to resume", running, resume, "unchanged"],
  ["a queue that was resumed keeps its ramp", resumed, ramp, "unchanged"],
  ["a running queue closes", running, close, { ...running, closedAtMs: nowMs }],
  ["a paused queue closes", paused, close, { ...paused, closedAtMs: nowMs }],
  ["the first closing counts", closed, close, "unchanged"],
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
