import assert from "node:assert/strict";
import { test } from "node:test";
import { figureOf, type Figure } from "../measure/round.ts";
import type { Target } from "../rows/row.ts";
import { memoryText, millionText, verdictText } from "./format.ts";

const megabyte = 2 ** 20;

const figure: Figure = figureOf("Frontrow", [
  {
    ...{ perSecond: 1_000, serverBusy: 0.9, idle: 0.1, latency: null },
    cpuUs: { server: 48, redis: 12.5, postgres: 0.25, generator: 20 },
    memoryBytes: { server: 206 * megabyte, postgres: 61.4 * megabyte },
  },
]);

test("a million answers take as many seconds as one takes microseconds, without the load generator", () => {
  assert.equal(
    millionText(figure),
    "A million answers take 60.8 s of CPU time: server 48.0 s, redis 12.5 s, postgres 0.25 s.",
  );
});

test("memory is shown by process, and not at all where it was not read", () => {
  assert.equal(memoryText(figure), "server 206, postgres 61 MB");
  assert.equal(memoryText({ ...figure, memoryBytes: {} }), "");
  assert.equal(memoryText(null), "");
});

test("a target whose figure does not count is neither reached nor missed", () => {
  const target: Target = { what: "ratio", value: 0.6, unit: "×", bound: 0.5, atLeast: true };
  assert.equal(verdictText(target), "reached");
  assert.equal(verdictText({ ...target, value: 0.4 }), "not reached");
  assert.equal(verdictText({ ...target, counts: false }), "does not count");
  assert.equal(verdictText({ ...target, counts: true }), "reached");
});
