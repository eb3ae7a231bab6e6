import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { toId } from "#kernel/ids.ts";
import { recoveringQueues } from "./recovering-queues.ts";

test("a queue recovers until a pass reports the end, or no pass reports for a second", () => {
  let nowMs = 5_000;
  const queues = recoveringQueues(() => nowMs);
  const [one, other] = [toId<"concert">(randomUUID()), toId<"concert">(randomUUID())];
  const recovering = () => [one, other].map((concertId) => queues.isRecovering(concertId));
  assert.deepEqual(recovering(), [false, false]);
  queues.onPass(other, { recovery: null });
  queues.onPass(one, { recovery: "to-rebuild" });
  assert.deepEqual(recovering(), [true, false]);
  nowMs += 1_000;
  assert.deepEqual(recovering(), [true, false]);
  nowMs += 1;
  assert.deepEqual(recovering(), [false, false], "the last report is too old");
  queues.onPass(one, { recovery: "rebuilt" });
  assert.deepEqual(recovering(), [true, false]);
  queues.onPass(one, { recovery: null });
  assert.deepEqual(recovering(), [false, false]);
});
