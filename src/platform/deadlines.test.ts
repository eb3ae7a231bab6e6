import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "#test/support/concurrency.ts";
import { deadlines } from "./deadlines.ts";

const afterMs = 20;

const setUp = () => {
  const late: string[] = [];
  const waits = deadlines<string>({
    afterMs,
    nowMs: () => performance.now(),
    onLate: (item) => void late.push(item),
  });
  return { late, waits };
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test("an item that is not done in time is late once, in the order of arrival, and never early", async () => {
  const { late, waits } = setUp();
  const startedMs = performance.now();
  const first = waits.add("a");
  waits.add("b");
  await until(() => late.length > 0);
  assert.ok(performance.now() - startedMs >= afterMs);
  await until(() => late.length === 2);
  assert.deepEqual(late, ["a", "b"]);
  assert.equal(waits.done(first), false);
  await pause(2 * afterMs);
  assert.equal(late.length, 2);
});

test("an item that is done is not late, wherever it stands, and later items keep their time", async () => {
  const { late, waits } = setUp();
  const all = ["a", "b", "c", "d"].map((item) => waits.add(item));
  const [first, second, third, fourth] = all;
  for (const wait of [third, first, fourth]) assert.equal(waits.done(wait ?? assert.fail()), true);
  assert.equal(waits.done(first ?? assert.fail()), false);
  assert.equal(waits.count(), 1);
  await until(() => late.length > 0);
  assert.deepEqual([late, waits.count()], [["b"], 0]);
  assert.equal(waits.done(second ?? assert.fail()), false);
  const startedMs = performance.now();
  waits.add("e");
  await until(() => late.length > 1);
  assert.deepEqual(late, ["b", "e"]);
  assert.ok(performance.now() - startedMs >= afterMs);
});

test("a wait that is over refers to no item and to no other wait", () => {
  const { waits } = setUp();
  const all = ["a", "b", "c"].map((item) => waits.add(item));
  const [, middle] = all;
  waits.done(middle ?? assert.fail());
  assert.deepEqual(
    [middle?.item, middle?.before, middle?.after],
    [undefined, undefined, undefined],
  );
});

test("an answer that has arrived during a pause of the process is not late", async () => {
  const { late, waits } = setUp();
  const wait = waits.add("a");
  setImmediate(() => {
    const untilMs = performance.now() + 2 * afterMs;
    while (performance.now() < untilMs);
    // As a socket's data: read in the turn after the timers.
    setImmediate(() => waits.done(wait));
  });
  await pause(4 * afterMs);
  assert.deepEqual(late, []);
});

test("a wait that begins while others become late keeps its full time", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let nowMs = 0;
  const late: string[] = [];
  const waits = deadlines<string>({
    afterMs,
    nowMs: () => nowMs,
    onLate(item) {
      late.push(item);
      if (item === "a") waits.add("c");
    },
  });
  const advance = async (ms: number): Promise<void> => {
    nowMs += ms;
    t.mock.timers.tick(ms);
    for (let turn = 0; turn < 4; turn += 1) await new Promise(setImmediate);
  };
  waits.add("a");
  await advance(afterMs / 2);
  waits.add("b");
  await advance(afterMs / 2);
  assert.deepEqual(late, ["a"]);
  await advance(afterMs / 2);
  assert.deepEqual(late, ["a", "b"]);
  await advance(afterMs / 2);
  assert.deepEqual(late, ["a", "b", "c"]);
});

test("all waits can be ended at once, also by a late item", async () => {
  const { late, waits } = setUp();
  waits.add("a");
  waits.add("b");
  assert.deepEqual(waits.clear(), ["a", "b"]);
  await pause(2 * afterMs);
  assert.deepEqual(late, []);

  const cleared: string[] = [];
  const clearing = deadlines<string>({
    afterMs,
    nowMs: () => performance.now(),
    onLate: (item) => void cleared.push(item, ...clearing.clear()),
  });
  clearing.add("a");
  clearing.add("b");
  await until(() => cleared.length > 0);
  assert.deepEqual(cleared, ["a", "b"]);
});
