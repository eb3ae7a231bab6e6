import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultPatience, pause, retryAfterMs, waitMs } from "./wait.ts";

// tries | chance | wait in ms: up to twice the one before, never less than a quarter of that
const waits: [tries: number, chance: number, ms: number][] = [
  [1, 0, 100],
  [1, 1, 400],
  [2, 1, 800],
  [3, 1, 1_600],
  [6, 1, 10_000],
  [6, 0, 2_500],
  [500, 1, 10_000],
];
for (const [tries, chance, ms] of waits) {
  test(`after try ${tries} with chance ${chance} the wait is ${ms} ms`, () => {
    assert.equal(waitMs(defaultPatience, tries, null, chance), ms);
  });
}

test("a Retry-After is never undercut, and spread by a quarter, at most 2 s", () => {
  assert.equal(waitMs(defaultPatience, 1, 3_000, 0), 3_000);
  assert.equal(waitMs(defaultPatience, 1, 3_000, 1), 4_000);
  assert.equal(waitMs(defaultPatience, 1, 60_000, 1), 62_000);
  assert.equal(waitMs(defaultPatience, 1, 0, 1), 250);
});

test("Retry-After is read as seconds or as a date", () => {
  const now = Date.parse("2026-11-22T10:00:00Z");
  assert.equal(retryAfterMs("2", now), 2_000);
  assert.equal(retryAfterMs("Sun, 22 Nov 2026 10:00:05 GMT", now), 5_000);
  assert.equal(retryAfterMs("Sun, 22 Nov 2026 09:00:00 GMT", now), 0);
  for (const none of [null, "", " ", "soon"]) assert.equal(retryAfterMs(none, now), null);
});

test("a pause ends with its signal, at once when that is aborted already", async () => {
  const ending = new AbortController();
  const paused = pause(60_000, ending.signal);
  ending.abort();
  await paused;
  await pause(60_000, ending.signal);
});
