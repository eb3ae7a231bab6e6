import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { collectRepeats, type Line } from "./repeats.ts";

const line = (message: string): Line => ({ level: "warn", fields: { at: message }, message });

const collecting = (t: TestContext) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const written: [string, unknown][] = [];
  const repeats = collectRepeats(({ message, fields }) => {
    written.push([message, (fields as { repeated?: number }).repeated]);
  });
  return { repeats, written, pass: (ms: number) => t.mock.timers.tick(ms) };
};

test("the first line with a cause is written at once, and the others of 10 s as one with their number", (t) => {
  const { repeats, written, pass } = collecting(t);
  for (let n = 1; n <= 500; n += 1) repeats.add("away", line(`request ${n}`));
  assert.deepEqual(written, [["request 1", undefined]]);
  pass(9_999);
  assert.equal(written.length, 1);
  pass(1);
  assert.deepEqual(written.at(-1), ["request 500", 499]);
});

test("while a cause lasts it has one line every 10 s, and after 10 s without it the next is at once", (t) => {
  const { repeats, written, pass } = collecting(t);
  for (let second = 0; second < 60; second += 1) {
    repeats.add("away", line(`request ${second}`));
    pass(1_000);
  }
  assert.equal(written.length, 7);
  assert.deepEqual(written.at(-1), ["request 59", 10]);
  pass(10_000);
  assert.equal(written.length, 7, "nothing is left to tell");
  repeats.add("away", line("later"));
  assert.deepEqual(written.at(-1), ["later", undefined]);
});

test("each cause has its own line", (t) => {
  const { repeats, written } = collecting(t);
  for (const cause of ["a", "b", "a", "b"]) repeats.add(cause, line(cause));
  assert.deepEqual(written, [
    ["a", undefined],
    ["b", undefined],
  ]);
});

test("causes without number fill neither the log nor the memory", (t) => {
  const { repeats, written, pass } = collecting(t);
  for (let n = 0; n < 10_000; n += 1) repeats.add(`cause ${n}`, line(`${n}`));
  assert.equal(written.length, 201);
  pass(10_000);
  assert.deepEqual(written.at(-1), ["9999", 9_799]);
});

test("a flush writes what is counted", (t) => {
  const { repeats, written } = collecting(t);
  for (let n = 0; n < 3; n += 1) repeats.add("away", line(`${n}`));
  repeats.flush();
  assert.deepEqual(written, [
    ["0", undefined],
    ["2", 2],
  ]);
  repeats.flush();
  assert.equal(written.length, 2);
});
