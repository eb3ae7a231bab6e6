import assert from "node:assert/strict";
import { test } from "node:test";
import { layoutOf } from "./layout.ts";
import { samplePlan } from "./sample-plan.ts";
import { free, held, sold, statusesAfter } from "./seat-statuses.ts";

const layout = layoutOf(samplePlan);
const whole = { version: "1", statuses: `HS${"A".repeat(111)}` };

test("a whole map counts what is left of each section and grade", () => {
  const seen = statusesAfter(layout, null, whole);
  assert.deepEqual([...(seen?.codes.slice(0, 3) ?? [])], [held, sold, free]);
  assert.deepEqual([...(seen?.freeBySection ?? [])], [7, 4, 100]);
  // Row A and a place of row C have grade R.
  assert.deepEqual([...(seen?.freeByGrade ?? [])], [2, 109]);
  assert.equal(seen?.freeTotal, 111);
});

test("changes replace the seats that they name, and a repeated one changes nothing", () => {
  const before = statusesAfter(layout, null, whole);
  const after = statusesAfter(layout, before, {
    version: "2",
    changes: [
      [1, "A"],
      [10, "S"],
    ],
  });
  assert.deepEqual([after?.codes[0], after?.codes[9], after?.freeTotal], [free, sold, 111]);
  assert.deepEqual([...(after?.freeBySection ?? [])], [8, 3, 100]);
  assert.equal(before?.codes[0], held);
  assert.equal(statusesAfter(layout, after, { version: "2", changes: [[1, "A"]] }), after);
  const same = statusesAfter(layout, after, { version: "3", changes: [] });
  assert.deepEqual([same?.version, same?.codes === after?.codes], ["3", true]);
});

test("changes without a map before them ask for the whole map", () => {
  assert.equal(statusesAfter(layout, null, { version: "2", changes: [[1, "A"]] }), null);
});

test("an unknown letter and a missing one are not free", () => {
  const seen = statusesAfter(layout, null, { version: "1", statuses: "?" });
  assert.notEqual(seen?.codes[0], free);
  assert.equal(seen?.codes[112], sold);
});
