import assert from "node:assert/strict";
import { test } from "node:test";
import type { QueueSeen } from "../../tools/simulate/crowd.ts";
import type { Moment } from "../../tools/simulate/moments.ts";
import { longestPause, pauseText } from "../../tools/simulate/pauses.ts";
import { admittedAMinute } from "../../tools/simulate/page.ts";
import { plot } from "../../tools/simulate/plot.ts";

const moment = (second: number, admitted: number, more: Partial<Moment> = {}): Moment => ({
  ...{ waiting: 0, shopping: 0, bought: 0, seats: 0, queue: null },
  second,
  admitted,
  ...more,
});

/** A moment at which fans wait. */
const waitingAt = (
  second: number,
  admitted: number,
  state: QueueSeen["state"] | null,
  waiting = 30,
): Moment =>
  moment(second, admitted, {
    waiting,
    queue: state && { state, active: 2, seatsAvailable: state === "OPEN" ? 1 : 0 },
  });

test("admissions a minute are counted by the clock, also with rare and uneven samples", () => {
  const series = [
    moment(0, 0),
    moment(30, 100),
    moment(60, 200),
    moment(95, 320),
    moment(150, 500),
  ];
  assert.deepEqual(admittedAMinute(series), [
    [0, 0],
    [30, 100],
    [60, 200],
    [95, 220],
    [150, 300],
  ]);
});

test("a plot ends at its last value, with a grid of round numbers and no text outside", () => {
  const values = [
    [0, 0],
    [100, 430],
  ] as const;
  const svg = plot({ title: "Waits", across: "%", lines: [{ name: "wait", values }] });
  assert.match(svg, /points="44\.0,174\.0 552\.0,\d/);
  for (const mark of [0, 200, 400, 600])
    assert.ok(svg.includes(`text-anchor="end">${mark}</text>`));
  assert.match(svg, /text-anchor="end">100 %</);
});

test("the longest pause is the time in which fans waited and none was admitted, with the states of the queue in it", () => {
  const series = [
    moment(0, 0),
    waitingAt(1, 0, "OPEN"),
    waitingAt(5, 0, "OPEN"),
    waitingAt(6, 3, "OPEN"),
    waitingAt(10, 3, "ALL_HELD"),
    waitingAt(40, 3, "ALL_HELD"),
    waitingAt(55, 3, "OPEN"),
    waitingAt(57, 3, null),
    waitingAt(60, 4, "OPEN"),
    waitingAt(80, 4, "RECOVERING"),
    // The fans hear of the end only later.
    waitingAt(81, 4, "SOLD_OUT"),
    waitingAt(200, 4, "SOLD_OUT"),
  ];
  const pause = longestPause(series);
  assert.deepEqual(pause, {
    seconds: 54,
    fromSecond: 6,
    states: { ALL_HELD: 34, OPEN: 18, UNKNOWN: 2 },
  });
  assert.match(
    pauseText(pause),
    /^54 s without an admission from second 6 on: 34 s ALL_HELD \(no seat was free .*\), 18 s OPEN \(.*\), 2 s UNKNOWN/,
  );
  assert.match(pauseText(longestPause(series.slice(8))), /^20 s .* second 60 on: 20 s RECOVERING$/);
});

test("no pause is counted while no fan waits", () => {
  const series = [moment(0, 0), moment(50, 1), waitingAt(100, 1, "OPEN", 0), moment(200, 2)];
  assert.equal(pauseText(longestPause(series)), "none while fans waited");
});
