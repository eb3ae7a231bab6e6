import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { toId } from "#kernel/ids.ts";
import type { PassReport } from "../ports/queue-store.ts";
import type { QueueSchedule } from "../ports/sales.ts";
import { recoveringQueues } from "./recovering-queues.ts";

const schedule = (concertId = toId<"concert">(randomUUID())) => ({ concertId }) as QueueSchedule;

test("a queue recovers from the pass that says so until one that does not, or none for a second", async () => {
  let nowMs = 5_000;
  let recovery: PassReport["recovery"] = null;
  const nothing = { atMs: 0, admitted: 0, skipped: 0, lapsed: 0, more: false };
  const known = recoveringQueues(() => nowMs);
  const pass = known.watch(() => Promise.resolve({ ...nothing, recovery }));
  const [one, other] = [schedule(), schedule()];
  const recovering = () => [one, other].map(({ concertId }) => known.isRunning(concertId));
  assert.deepEqual(recovering(), [false, false]);
  await pass(other);
  recovery = "to-rebuild";
  assert.deepEqual(await pass(one), { ...nothing, recovery });
  assert.deepEqual(recovering(), [true, false]);
  nowMs += 1_000;
  assert.deepEqual(recovering(), [true, false]);
  nowMs += 1;
  assert.deepEqual(recovering(), [false, false], "no pass has come through");
  recovery = "rebuilt";
  await pass(one);
  assert.deepEqual(recovering(), [true, false]);
  recovery = null;
  await pass(one);
  assert.deepEqual(recovering(), [false, false]);
});
