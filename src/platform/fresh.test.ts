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
    patienceMs: 250,
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

/** Whether a promise has come to something once everything that can run now has run. */
const isSettled = async (promise: Promise<unknown>): Promise<boolean> => {
  let settled = false;
  const settle = (): void => void (settled = true);
  promise.then(settle, settle);
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
};

/** A source whose key `a` was loaded as `one` and is too old by now. */
const agedSource = async () => {
  const source = slowSource();
  const first = source.values.get("a");
  source.loads[0]?.resolve("one");
  await first;
  source.clock.ms = 5000;
  return source;
};

test("soon: a fresh value is given at once, and nothing is loaded", async () => {
  const { clock, loads, values } = await agedSource();
  clock.ms = 1000;
  assert.equal(await values.soon("a"), "one");
  assert.equal(loads.length, 1);
});

test("soon: a load that is quick enough is waited for, one for all", async () => {
  const { loads, values } = await agedSource();
  const asked = [values.soon("a"), values.soon("a"), values.get("a")];
  assert.equal(loads.length, 2);
  loads[1]?.resolve("two");
  assert.deepEqual(await Promise.all(asked), ["two", "two", "two"]);
});

test("soon: when patience is over the last value is given, whoever asks, and the load goes on", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { loads, values } = await agedSource();
  const asked = values.soon("a");
  t.mock.timers.tick(249);
  assert.equal(await isSettled(asked), false);
  t.mock.timers.tick(1);
  assert.equal(await asked, "one");
  assert.equal(await values.soon("a"), "one");
  assert.equal(loads.length, 2);
  loads[1]?.resolve("two");
  assert.equal(await isSettled(values.get("a")), true);
  assert.equal(values.peek("a"), "two");
});

test("soon: after a load that failed nobody waits until one succeeds", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { clock, loads, values } = await agedSource();
  const asked = values.soon("a");
  loads[1]?.reject(new Error("away"));
  assert.equal(await asked, "one");
  const again = values.soon("a");
  assert.equal(loads.length, 3);
  assert.equal(await isSettled(again), true);
  assert.equal(await again, "one");
  loads[2]?.resolve("two");
  await isSettled(again);
  assert.equal(await values.soon("a"), "two");
  clock.ms += 5000;
  assert.equal(await isSettled(values.soon("a")), false);
});

test("soon: what is not known yet is waited for, and its failure is told", async () => {
  const { loads, values } = slowSource();
  const asked = values.soon("a");
  assert.equal(await isSettled(asked), false);
  loads[0]?.reject(new Error("away"));
  await assert.rejects(asked, /away/);
});
