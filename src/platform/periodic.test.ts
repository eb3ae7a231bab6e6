import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { periodic, periodicJob, type PeriodicOptions } from "./periodic.ts";

const everyMs = 100;
const lateMs = 1_000;

/** Lets everything that is ready go on; the mocked clock stands still meanwhile. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const scene = (t: TestContext, changes: Partial<PeriodicOptions<string>> = {}) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const begun: string[] = [];
  const errors: string[] = [];
  const { work, ...others } = changes;
  const it = periodic<string>({
    everyMs,
    lateMs,
    concurrencyMax: 10,
    items: async () => ["a", "b"],
    keyOf: (item) => item,
    work: async (item) => {
      begun.push(item);
      return work?.(item);
    },
    onError: (item, error) => void errors.push(`${item}: ${(error as Error).message}`),
    ...others,
  });
  /** Moves the clock and lets everything that is due happen. */
  const after = async (ms: number): Promise<void> => {
    t.mock.timers.tick(ms);
    await turn();
  };
  return { it, begun, errors, after };
};

/** Work that goes on until the test ends it. */
const heldWork = () => {
  const ends = new Map<string, () => void>();
  const work = (item: string): Promise<void> =>
    new Promise((resolve) => void ends.set(item, resolve));
  return { work, end: (item: string) => ends.get(item)?.() };
};

test("every item works at once and then once an interval, until it is closed", async (t) => {
  const { it, begun, after } = scene(t);
  it.start();
  await after(0);
  assert.equal(begun.join(""), "ab");
  await after(everyMs - 1);
  assert.equal(begun.join(""), "ab");
  await after(1);
  assert.equal(begun.join(""), "abab");
  await it.close();
  await after(10 * everyMs);
  assert.equal(begun.join(""), "abab");
});

test("work that sleeps lists nothing after a pass without items, until it is woken", async (t) => {
  const items: string[] = ["a"];
  let listings = 0;
  const list = async () => {
    listings += 1;
    return [...items];
  };
  const { it, begun, after } = scene(t, { items: list, sleeps: true });
  it.start();
  await after(0);
  items.pop();
  await after(everyMs);
  assert.deepEqual([begun.join(""), listings], ["a", 2]);
  await after(10 * everyMs);
  assert.equal(listings, 2, "it sleeps");
  items.push("b");
  it.wake();
  it.wake();
  await after(everyMs - 1);
  assert.equal(listings, 2, "it waits for the interval");
  await after(1);
  assert.deepEqual([begun.join(""), listings], ["ab", 3]);
  items.length = 0;
  await after(everyMs);
  assert.equal(listings, 4, "it goes on, and sleeps again");
  it.wake(1);
  await after(1);
  assert.equal(listings, 5, "it can be woken sooner");
});

test("an item that comes during a listing wakes work that would sleep", async (t) => {
  const items: string[] = [];
  const listings: (() => void)[] = [];
  const list = () =>
    new Promise<readonly string[]>((resolve) => {
      const listed = [...items];
      listings.push(() => resolve(listed));
    });
  const { it, begun, after } = scene(t, { items: list, sleeps: true });
  it.start();
  items.push("a");
  it.wake();
  listings[0]?.();
  await after(everyMs);
  await after(everyMs);
  listings[1]?.();
  await after(0);
  assert.equal(begun.join(""), "a");
});

test("work that sleeps lists again after a listing that failed, and not after its end", async (t) => {
  const answers = [Promise.reject(new Error("away")), Promise.resolve([])];
  let listings = 0;
  const { it, after } = scene(t, {
    items: () => answers[listings++] ?? assert.fail("a third listing"),
    sleeps: true,
  });
  it.start();
  await after(0);
  await after(everyMs);
  assert.equal(listings, 2);
  await it.close();
  it.wake();
  await after(everyMs);
});

test("a second start changes nothing", async (t) => {
  const { it, begun, after } = scene(t);
  it.start();
  it.start();
  await after(0);
  await after(everyMs);
  assert.equal(begun.join(""), "abab");
  await it.close();
});

test("an item at work is not begun again, and delays no other item", async (t) => {
  const { work, end } = heldWork();
  const slow = (item: string) => (item === "a" ? work(item) : Promise.resolve());
  const { it, begun, after } = scene(t, { work: slow });
  it.start();
  await after(0);
  await after(everyMs);
  await after(everyMs);
  assert.equal(begun.join(""), "abbb");
  end("a");
  await turn();
  await after(everyMs);
  assert.equal(begun.join(""), "abbbab");
  end("a");
  await it.close();
});

test("closing waits for the work that runs", async (t) => {
  const { work, end } = heldWork();
  const { it, begun, after } = scene(t, { items: async () => ["a"], work });
  it.start();
  await after(0);
  let closed = false;
  const closing = it.close().then(() => (closed = true));
  await after(everyMs);
  assert.equal(closed, false);
  end("a");
  await closing;
  assert.equal(begun.join(""), "a");
});

test("closed while its items are listed, it begins nothing", async (t) => {
  const { promise, resolve } = Promise.withResolvers<string[]>();
  const { it, begun, after } = scene(t, { items: () => promise });
  it.start();
  const closing = it.close();
  resolve(["a"]);
  await closing;
  await after(everyMs);
  assert.deepEqual(begun, []);
});

test("an item that fails is reported and works again in the next pass", async (t) => {
  const work = (item: string) =>
    item === "a" ? Promise.reject(new Error("bad")) : Promise.resolve();
  const { it, begun, errors, after } = scene(t, { work });
  it.start();
  await after(0);
  await after(everyMs);
  assert.deepEqual(errors, ["a: bad", "a: bad"]);
  assert.equal(begun.join(""), "abab");
  await it.close();
});

test("items that cannot be listed are reported and listed again in the next pass", async (t) => {
  const lists = [() => Promise.reject(new Error("away")), async () => ["a"]];
  const items = () => (lists.shift() ?? assert.fail())();
  const { it, begun, errors, after } = scene(t, { items });
  it.start();
  await after(0);
  assert.deepEqual([begun, errors], [[], ["null: away"]]);
  await after(everyMs);
  assert.deepEqual(begun, ["a"]);
  await it.close();
});

test("late work is reported once, and is not stopped", async (t) => {
  const { work, end } = heldWork();
  const { it, errors, after } = scene(t, { items: async () => ["a"], work });
  it.start();
  await after(0);
  await after(lateMs - 1);
  assert.deepEqual(errors, []);
  await after(1);
  await after(lateMs);
  assert.deepEqual(errors, [`a: took longer than ${lateMs} ms`]);
  end("a");
  await it.close();
});

test("no more items than the bound work at a time, and one that found no room is first next time", async (t) => {
  const { work, end } = heldWork();
  const { it, begun, after } = scene(t, {
    concurrencyMax: 2,
    items: async () => ["a", "b", "c", "d"],
    work,
  });
  it.start();
  await after(0);
  assert.equal(begun.join(""), "ab");
  end("a");
  await turn();
  await after(everyMs);
  assert.equal(begun.join(""), "abc");
  end("b");
  end("c");
  await turn();
  await after(everyMs);
  assert.equal(begun.join(""), "abcda");
  for (const item of ["a", "d"]) end(item);
  await it.close();
});

test("work that says more runs again at once, and ends with the closing", async (t) => {
  const answers = ["more", "more", "done"] as const;
  let count = 0;
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const job = periodicJob({
    everyMs,
    lateMs,
    work: async () => answers[count++] ?? "more",
    onError: (error) => assert.fail(String(error)),
  });
  job.start();
  await turn();
  assert.equal(count, 3);
  t.mock.timers.tick(everyMs);
  await Promise.resolve();
  await job.close();
  const last = count;
  assert.ok(last > 3);
  await turn();
  assert.equal(count, last);
});

test("a job that fails is reported and runs again an interval later", async (t) => {
  const errors: unknown[] = [];
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const job = periodicJob({
    everyMs,
    lateMs,
    work: () => Promise.reject(new Error("bad")),
    onError: (error) => void errors.push(error),
  });
  job.start();
  await turn();
  t.mock.timers.tick(everyMs);
  await turn();
  assert.equal(errors.length, 2);
  await job.close();
});
