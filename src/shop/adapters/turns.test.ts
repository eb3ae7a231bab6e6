import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { Unavailable } from "#kernel/unavailable.ts";
import { openTurns } from "./turns.ts";

const stalled = () => Promise.withResolvers<string>();

test("at most four transactions run at a time, in order of arrival, and a failed one gives its turn on", async () => {
  const turns = openTurns({ monotonicMs: () => 0 });
  const works = Array.from({ length: 6 }, stalled);
  const begun: number[] = [];
  const answers = works.map((work, index) =>
    turns.run(() => {
      begun.push(index);
      return work.promise;
    }),
  );
  await turn();
  assert.deepEqual(begun, [0, 1, 2, 3]);
  works[1]?.reject(new Error("broken"));
  await assert.rejects(answers[1] ?? assert.fail(), /broken/);
  works[0]?.resolve("first");
  assert.equal(await answers[0], "first");
  await turn();
  assert.deepEqual(begun, [0, 1, 2, 3, 4, 5]);
  for (const work of works) work.resolve("later");
  await turns.close();
  assert.equal(await answers[5], "later");
});

test("work that finds no turn in time is Unavailable and never begins", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let nowMs = 0;
  const turns = openTurns({ monotonicMs: () => nowMs });
  const works = Array.from({ length: 4 }, stalled);
  const held = works.map(({ promise }) => turns.run(() => promise));
  const late = turns.run(() => assert.fail("it began"));
  const refused = assert.rejects(late, Unavailable);
  const all = Promise.allSettled(held);
  nowMs = 2_500;
  t.mock.timers.tick(2_500);
  await refused;
  for (const work of works) work.resolve("late");
  await all;
  await turns.close();
  await assert.rejects(
    turns.run(async () => "new"),
    Unavailable,
  );
});
