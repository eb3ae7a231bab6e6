import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { toId } from "#kernel/ids.ts";
import { recoveries } from "./recoveries.ts";

test("a line recovers from the pass that says so until one that does not, or none for a second", () => {
  let nowMs = 5_000;
  const known = recoveries(() => nowMs);
  const [one, other] = [toId<"concert">(randomUUID()), toId<"concert">(randomUUID())];
  assert.equal(known.isRunning(one), false);
  known.note(one, "to-rebuild");
  known.note(other, null);
  assert.deepEqual([known.isRunning(one), known.isRunning(other)], [true, false]);
  nowMs += 1_000;
  assert.equal(known.isRunning(one), true);
  nowMs += 1;
  assert.equal(known.isRunning(one), false, "no pass has come through");
  known.note(one, "rebuilt");
  assert.equal(known.isRunning(one), true);
  known.note(one, null);
  assert.equal(known.isRunning(one), false);
});
