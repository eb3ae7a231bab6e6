import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { toId } from "#kernel/ids.ts";
import { wideTerms } from "../../contracts/queue-store.contract.ts";
import { emptyQueues, type PassResult } from "./empty-queues.ts";

const emptyReport: PassResult = { isEmpty: true, recovery: null, more: false };

const scene = () => {
  const clock = { atMs: 5_000 };
  const queues = emptyQueues(() => clock.atMs);
  const concertId = toId<"concert">(randomUUID());
  const isDue = (terms = wideTerms) => queues.isPassDue(concertId, terms);
  const pass = (report: Partial<PassResult> = {}) =>
    queues.beginPass(concertId, wideTerms)({ ...emptyReport, ...report });
  return { clock, queues, concertId, isDue, pass };
};

test("the pass after one that found no user is due 0.7 s after its end", () => {
  const { clock, queues, concertId, isDue } = scene();
  assert.equal(isDue(), true, "no pass yet");
  const end = queues.beginPass(concertId, wideTerms);
  assert.equal(isDue(), true, "the pass goes on, or has failed");
  clock.atMs += 300;
  end(emptyReport);
  assert.equal(isDue(), false);
  clock.atMs += 699;
  assert.equal(isDue(), false);
  clock.atMs += 1;
  assert.equal(isDue(), true);
});

test("a pass is due at once while the queue has users, recovers, or has more to do", () => {
  for (const report of [
    { isEmpty: false },
    { recovery: "rebuilt" },
    { recovery: "to-rebuild" },
    { more: true },
  ] satisfies Partial<PassResult>[]) {
    const { isDue, pass } = scene();
    pass();
    pass(report);
    assert.equal(isDue(), true, JSON.stringify(report));
  }
});

test("a pass with other terms is due at once, one with equal terms is not", () => {
  const { isDue, pass } = scene();
  pass();
  assert.equal(isDue({ ...wideTerms, maxActive: wideTerms.maxActive + 1 }), true);
  assert.equal(isDue({ ...wideTerms }), false);
});

test("a pass is due at once after a step, also after one during the pass, in that queue only", () => {
  const { queues, concertId, isDue, pass } = scene();
  const other = toId<"concert">(randomUUID());
  queues.beginPass(other, wideTerms)(emptyReport);
  pass();
  queues.onStep(concertId);
  assert.equal(isDue(), true);
  const end = queues.beginPass(concertId, wideTerms);
  queues.onStep(concertId);
  end(emptyReport);
  assert.equal(isDue(), true);
  assert.equal(queues.isPassDue(other, wideTerms), false);
});
