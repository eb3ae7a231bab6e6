import assert from "node:assert/strict";
import { mock, test } from "node:test";

mock.timers.enable({ apis: ["Date", "setInterval"], now: 1_000_000 });
const { secondsLeft, serverNowMs, syncClock } = await import("./clock.ts");

const deviceMs = (): number => Date.now();
/** The server is ahead of this device by so many ms. */
const aheadMs = 7_300;

/** Applies the time of an answer that the server read `delayMs` ago. */
const answerAfter = (delayMs: number, isCoarse = false): void => {
  const readMs = deviceMs() + aheadMs - delayMs;
  syncClock(isCoarse ? Math.floor(readMs / 1_000) * 1_000 : readMs, isCoarse);
};

test("a hold of 600 s begins at 600 s left, however late the answers before it came", () => {
  answerAfter(900);
  answerAfter(400);
  answerAfter(700);
  // The answer to the hold, which the server made 100 ms ago.
  const expiresAtMs = deviceMs() + aheadMs - 100 + 600_000;
  answerAfter(100);
  assert.equal(secondsLeft(expiresAtMs), 600);
  // A later answer that took longer does not give time back.
  answerAfter(800);
  assert.equal(secondsLeft(expiresAtMs), 600);
});

test("a coarse time does not replace a fine one", () => {
  const before = serverNowMs();
  answerAfter(0, true);
  assert.equal(serverNowMs(), before);
});

test("the clock follows a change of the device's clock, in both directions", () => {
  for (const changeMs of [60_000, -120_000]) {
    mock.timers.setTime(deviceMs() + 300_000 + changeMs);
    syncClock(deviceMs() + 1_234);
    assert.equal(serverNowMs() - deviceMs(), 1_234);
  }
});

test("no time is left after the end", () => {
  assert.equal(secondsLeft(serverNowMs() - 5_000), 0);
});
