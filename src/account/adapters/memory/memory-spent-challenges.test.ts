import assert from "node:assert/strict";
import { test } from "node:test";
import { Unavailable } from "#kernel/unavailable.ts";
import { memorySpentChallenges } from "./memory-spent-challenges.ts";

test("a challenge is spent once, until it has expired", async () => {
  let nowMs = 0;
  const spent = memorySpentChallenges({ nowMs: () => nowMs });
  assert.equal(await spent.spend("a", 1_000), true);
  assert.equal(await spent.spend("a", 1_000), false);
  assert.equal(await spent.spend("b", 2_000), true);
  nowMs = 1_000;
  assert.equal(await spent.spend("a", 1_000), false);
  nowMs = 1_001;
  assert.equal(await spent.spend("a", 3_000), true, "it would be expired by itself");
});

test("a full memory refuses, and has room again once challenges expire", async () => {
  let nowMs = 0;
  const spent = memorySpentChallenges({ nowMs: () => nowMs }, 2);
  await spent.spend("a", 1_000);
  await spent.spend("b", 1_000);
  await assert.rejects(spent.spend("c", 1_000), Unavailable);
  nowMs = 1_001;
  assert.equal(await spent.spend("c", 3_000), true);
});
