import assert from "node:assert/strict";
import { test } from "node:test";
import { admittedAMinute } from "../../tools/simulate/page.ts";
import { plot } from "../../tools/simulate/plot.ts";

const moment = (second: number, admitted: number) => ({
  ...{ waiting: 0, shopping: 0, bought: 0, seats: 0 },
  second,
  admitted,
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
