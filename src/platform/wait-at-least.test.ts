import assert from "node:assert/strict";
import { test } from "node:test";
import { atOnce } from "#test/support/concurrency.ts";
import { waitAtLeast } from "./wait-at-least.ts";

test("a wait goes on until the clock has moved on by its time, whatever its timers do", async () => {
  let nowMs = 0;
  let asked = 0;
  // A clock that a timer of 5 ms moves by 2 ms only.
  const monotonicMs = (): number => {
    asked += 1;
    nowMs += asked === 1 ? 0 : 2;
    return nowMs;
  };
  await waitAtLeast(5, monotonicMs);
  assert.equal(nowMs, 6);
});

test("a wait of no time ends at once", () => atOnce(waitAtLeast(0, () => 0)));
