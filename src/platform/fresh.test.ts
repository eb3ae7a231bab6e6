import assert from "node:assert/strict";
import { test } from "node:test";
import { fresh } from "./fresh.ts";

/** A source whose loads are counted and end when the test says so. */
const slowSource = (entriesMax = 10) => {
  const clock = { ms: 0 };
  const loads: { key: string; resolve(value: string): void; reject(error: Error): void }[] = [];
  const values = fresh<string, string>({
    load: (key) =>
      new Promise((resolve, reject) => {
        loads.push({ key, resolve, reject });
      }),
    maxAgeMs: 1000,
    nowMs: () => clock.ms,
    entriesMax,
  });
  return { clock, loads, values };
};

test("however many ask at once, a key is loaded once", async () => {
  const { loads, values } = slowSource();
  const asked = Array.from({ length: 50 }, () => values.get("a"));
  assert.equal(loads.length, 1);
  loads[0]?.resolve("one");
  assert.deepEqual(new Set(await Promise.all(asked)), new Set(["one"]));
});

test("a value serves until it is older than the limit, then it is loaded again", async () => {
  const { clock, loads, values } = slowSource();
  const first = values.get("a");
  loads[0]?.resolve("one");
  await first;
  clock.ms = 1000;
  assert.equal(await values.get("a"), "one");
  assert.equal(loads.length, 1);
  clock.ms = 1001;
  const second = values.get("a");
  assert.equal(loads.length, 2);
  loads[1]?.resolve("two");
  assert.equal(await second, "two");
});

test("age counts from the start of the load", async () => {
  const { clock, loads, values } = slowSource();
  const first = values.get("a");
  clock.ms = 900;
  loads[0]?.resolve("one");
  await first;
  clock.ms = 1001;
  void values.get("a");
  assert.equal(loads.length, 2);
});

test("a failed load fails who asked, keeps the last value for peek, and the next one loads", async () => {
  const { clock, loads, values } = slowSource();
  const first = values.get("a");
  loads[0]?.resolve("one");
  await first;
  clock.ms = 2000;
  const second = values.get("a");
  loads[1]?.reject(new Error("away"));
  await assert.rejects(second, /away/);
  assert.equal(values.peek("a"), "one");
  void values.get("a");
  assert.equal(loads.length, 3);
});

test("a dropped key is loaded again, and a load from before the drop does not serve later ones", async () => {
  const { loads, values } = slowSource();
  const before = values.get("a");
  values.drop("a");
  assert.equal(values.peek("a"), undefined);
  const after = values.get("a");
  assert.equal(loads.length, 2);
  loads[1]?.resolve("new");
  loads[0]?.resolve("old");
  assert.equal(await before, "old");
  assert.equal(await after, "new");
  assert.equal(await values.get("a"), "new");
});

test("a load that throws before it waits is a rejection, and the next one loads", async () => {
  let loads = 0;
  const values = fresh<string, string>({
    load: () => {
      loads += 1;
      throw new Error("at once");
    },
    maxAgeMs: 1000,
    nowMs: () => 0,
    entriesMax: 1,
  });
  await assert.rejects(values.get("a"), /at once/);
  await assert.rejects(values.get("a"), /at once/);
  assert.equal(loads, 2);
});

test("beyond the limit of entries the one that was asked for longest ago is forgotten", async () => {
  const { loads, values } = slowSource(2);
  for (const key of ["a", "b"]) {
    const load = values.get(key);
    loads.at(-1)?.resolve(key);
    await load;
  }
  await values.get("a");
  void values.get("c");
  assert.equal(values.peek("a"), "a");
  assert.equal(values.peek("b"), undefined);
});

test("undefined is a value like any other", async () => {
  let loads = 0;
  const values = fresh<string, undefined>({
    load: () => {
      loads += 1;
      return Promise.resolve(undefined);
    },
    maxAgeMs: 1000,
    nowMs: () => 0,
    entriesMax: 1,
  });
  await values.get("a");
  await values.get("a");
  assert.equal(loads, 1);
});
