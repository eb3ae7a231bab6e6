import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { startTicker, type TickerOptions } from "./ticker.ts";

/** Waits until something is so; the ticker's own timers are real and short here. */
const until = async (isSo: () => boolean): Promise<void> => {
  for (let turns = 0; turns < 2_000 && !isSo(); turns += 1) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  assert.ok(isSo());
};

const scene = (t: TestContext, changes: Partial<TickerOptions<string>>) => {
  const started: string[] = [];
  const troubles: string[] = [];
  const ticker = startTicker<string>({
    everyMs: 2,
    atOnceMax: 10,
    lateMs: 10_000,
    items: async () => ["a", "b"],
    nameOf: (item) => item,
    work: async () => {},
    onTrouble: (item, error) => {
      troubles.push(`${item}: ${error instanceof Error ? error.message : ""}`);
    },
    ...changes,
    ...(changes.work === undefined
      ? {}
      : {
          work: (item: string) => {
            started.push(item);
            return changes.work?.(item) ?? Promise.resolve();
          },
        }),
  });
  t.after(() => void ticker.stop());
  return {
    ticker,
    started,
    troubles,
    count: (name: string) => started.filter((s) => s === name).length,
  };
};

test("works for everything on the list, again and again, until it is stopped", async (t) => {
  const { ticker, started, count } = scene(t, { work: async () => {} });
  await until(() => count("a") >= 3 && count("b") >= 3);
  await ticker.stop();
  const { length } = started;
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(started.length, length);
});

test("a slow one is not started twice and stops nobody else; stopping waits for it", async (t) => {
  let finish = (): void => {};
  let finished = false;
  const slow = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const { ticker, count } = scene(t, {
    work: async (item) => {
      if (item !== "a") return;
      await slow;
      finished = true;
    },
  });
  await until(() => count("b") >= 5);
  assert.equal(count("a"), 1);
  const stopped = ticker.stop();
  setTimeout(finish, 5);
  await stopped;
  assert.equal(finished, true);
});

test("one that fails is told of and tried again", async (t) => {
  const { ticker, troubles, count } = scene(t, {
    work: (item) => (item === "a" ? Promise.reject(new Error("bad")) : Promise.resolve()),
  });
  await until(() => count("a") >= 2 && count("b") >= 2);
  await ticker.stop();
  assert.ok(troubles.length >= 2 && troubles.every((trouble) => trouble === "a: bad"));
});

test("one that is late is told of, once", async (t) => {
  let finish = (): void => {};
  const slow = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const { ticker, troubles } = scene(t, { lateMs: 5, items: async () => ["a"], work: () => slow });
  await until(() => troubles.length === 1);
  finish();
  await ticker.stop();
  assert.deepEqual(troubles, ["a: took longer than 5 ms"]);
});

test("a list that cannot be read is told of and read again", async (t) => {
  let reads = 0;
  const { ticker, troubles, count } = scene(t, {
    items: async () => {
      reads += 1;
      if (reads === 1) throw new Error("away");
      return ["a"];
    },
    work: async () => {},
  });
  await until(() => count("a") >= 1);
  await ticker.stop();
  assert.deepEqual(troubles, ["null: away"]);
});

test("no more than so many run at once, and everybody has his turn", async (t) => {
  let running = 0;
  let most = 0;
  const { ticker, count } = scene(t, {
    atOnceMax: 2,
    items: async () => ["a", "b", "c", "d", "e"],
    work: async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 3));
      running -= 1;
    },
  });
  await until(() => ["a", "b", "c", "d", "e"].every((name) => count(name) >= 2));
  await ticker.stop();
  assert.equal(most, 2);
});

test("stopped before its first list was read, it starts nothing", async (t) => {
  const { ticker, started } = scene(t, { work: async () => {} });
  await ticker.stop();
  assert.deepEqual(started, []);
});
