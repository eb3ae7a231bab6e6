import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultRetry, pause, retryAfterMs, waitMs } from "./wait.ts";

// tries | random | wait in ms: at most a bound that doubles, at least a quarter of it
const waits: [tries: number, random: number, ms: number][] = [
  [1, 0, 100],
  [1, 1, 400],
  [2, 1, 800],
  [3, 1, 1_600],
  [6, 1, 10_000],
  [6, 0, 2_500],
  [500, 1, 10_000],
];
for (const [tries, random, ms] of waits) {
  test(`after try ${tries} with random ${random} the wait is ${ms} ms`, () => {
    assert.equal(waitMs(defaultRetry, tries, null, random), ms);
  });
}

test("a wait is at least Retry-After and at most a quarter or 2 s longer", () => {
  assert.equal(waitMs(defaultRetry, 1, 3_000, 0), 3_000);
  assert.equal(waitMs(defaultRetry, 1, 3_000, 1), 4_000);
  assert.equal(waitMs(defaultRetry, 1, 60_000, 1), 62_000);
  assert.equal(waitMs(defaultRetry, 1, 0, 1), 250);
});

test("Retry-After is read as seconds or as a date", () => {
  const now = Date.parse("2026-11-22T10:00:00Z");
  assert.equal(retryAfterMs("2", now), 2_000);
  assert.equal(retryAfterMs("Sun, 22 Nov 2026 10:00:05 GMT", now), 5_000);
  assert.equal(retryAfterMs("Sun, 22 Nov 2026 09:00:00 GMT", now), 0);
  for (const none of [null, "", " ", "soon"]) assert.equal(retryAfterMs(none, now), null);
});

test("a pause ends when its signal aborts, and at once after an abort", async () => {
  const ending = new AbortController();
  const paused = pause(60_000, ending.signal);
  ending.abort();
  await paused;
  await pause(60_000, ending.signal);
});
