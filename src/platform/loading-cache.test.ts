import assert from "node:assert/strict";
import { test } from "node:test";
import type { MaybePromise } from "#kernel/maybe-promise.ts";
import { loadingCache } from "./loading-cache.ts";

/** A source whose loads are counted and end when the test says so. */
const slowSource = (entriesMax = 10) => {
  const clock = { ms: 0 };
  const loads: { key: string; resolve(value: string): void; reject(error: Error): void }[] = [];
  const values = loadingCache<string, string>({
    load: (key) =>
      new Promise((resolve, reject) => {
        loads.push({ key, resolve, reject });
      }),
    maxAgeMs: 1000,
    nowMs: () => clock.ms,
    entriesMax,
    staleAfterMs: 250,
  });
  return { clock, loads, values };
};

test("a value that is young enough is returned at once, not as a promise", async () => {
  const { clock, loads, values } = slowSource();
  const first = values.get("a");
  assert.ok(first instanceof Promise);
  loads[0]?.resolve("one");
  await first;
  assert.deepEqual([values.get("a"), values.getOrStale("a")], ["one", "one"]);
  clock.ms = 1001;
  assert.ok(values.get("a") instanceof Promise);
});

test("callers that ask for a key at the same time share one load", async () => {
  const { loads, values } = slowSource();
  const asked = Array.from({ length: 50 }, async () => values.get("a"));
  assert.equal(loads.length, 1);
  loads[0]?.resolve("one");
  assert.deepEqual(new Set(await Promise.all(asked)), new Set(["one"]));
});

test("a value is returned until it is older than the limit, then it is loaded again", async () => {
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

test("a failed load fails its callers, keeps the last value for peek, and the next call loads", async () => {
  const { clock, loads, values } = slowSource();
  const first = values.get("a");
  loads[0]?.resolve("one");
  await first;
  clock.ms = 2000;
  const second = values.get("a");
  loads[1]?.reject(new Error("away"));
  await assert.rejects(async () => second, /away/);
  assert.equal(values.peek("a"), "one");
  void values.get("a");
  assert.equal(loads.length, 3);
});

test("an invalidated key is loaded again, and a load from before does not serve later callers", async () => {
  const { loads, values } = slowSource();
  const before = values.get("a");
  values.invalidate("a");
  assert.equal(values.peek("a"), undefined);
  const after = values.get("a");
  assert.equal(loads.length, 2);
  loads[1]?.resolve("new");
  loads[0]?.resolve("old");
  assert.equal(await before, "old");
  assert.equal(await after, "new");
  assert.equal(await values.get("a"), "new");
});

test("a load that throws synchronously rejects, and the next call loads", async () => {
  let loads = 0;
  const values = loadingCache<string, string>({
    load: () => {
      loads += 1;
      throw new Error("at once");
    },
    maxAgeMs: 1000,
    nowMs: () => 0,
    entriesMax: 1,
  });
  await assert.rejects(async () => values.get("a"), /at once/);
  await assert.rejects(async () => values.get("a"), /at once/);
  assert.equal(loads, 2);
});

test("beyond the limit of entries the least recently used one is evicted", async () => {
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
  const values = loadingCache<string, undefined>({
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
const isSettled = async (promise: MaybePromise<unknown>): Promise<boolean> => {
  let settled = false;
  const settle = (): void => void (settled = true);
  Promise.resolve(promise).then(settle, settle);
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

test("getOrStale: a value that is not too old is returned at once, without a load", async () => {
  const { clock, loads, values } = await agedSource();
  clock.ms = 1000;
  assert.equal(await values.getOrStale("a"), "one");
  assert.equal(loads.length, 1);
});

test("getOrStale: callers wait for a quick load, and share it", async () => {
  const { loads, values } = await agedSource();
  const asked = (["getOrStale", "getOrStale", "get"] as const).map(async (name) =>
    values[name]("a"),
  );
  assert.equal(loads.length, 2);
  loads[1]?.resolve("two");
  assert.deepEqual(await Promise.all(asked), ["two", "two", "two"]);
});

test("getOrStale: after the wait every caller gets the cached value, and the load goes on", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { loads, values } = await agedSource();
  const asked = values.getOrStale("a");
  t.mock.timers.tick(249);
  assert.equal(await isSettled(asked), false);
  t.mock.timers.tick(1);
  assert.equal(await asked, "one");
  assert.equal(await values.getOrStale("a"), "one");
  assert.equal(loads.length, 2);
  loads[1]?.resolve("two");
  assert.equal(await isSettled(values.get("a")), true);
  assert.equal(values.peek("a"), "two");
});

test("getOrStale: after a failed load no caller waits until a load succeeds", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { clock, loads, values } = await agedSource();
  const asked = values.getOrStale("a");
  loads[1]?.reject(new Error("away"));
  assert.equal(await asked, "one");
  const again = values.getOrStale("a");
  assert.equal(loads.length, 3);
  assert.equal(await isSettled(again), true);
  assert.equal(await again, "one");
  loads[2]?.resolve("two");
  await isSettled(again);
  assert.equal(await values.getOrStale("a"), "two");
  clock.ms += 5000;
  assert.equal(await isSettled(values.getOrStale("a")), false);
});

test("getOrStale: a key without a value waits for its load and rejects as the load does", async () => {
  const { loads, values } = slowSource();
  const asked = values.getOrStale("a");
  assert.equal(await isSettled(asked), false);
  loads[0]?.reject(new Error("away"));
  await assert.rejects(async () => asked, /away/);
});
