import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Unavailable } from "#kernel/unavailable.ts";
import { batchedLoader, queuedLoader } from "./batched-loader.ts";

/** Lets everything that is ready go on. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a batched loader", () => {
  /** Items are a group's letter and a number: "a1". */
  const doubling = (batchMax = 10) => {
    const loads: string[] = [];
    const load = batchedLoader<string, string>({
      groupOf: (item) => item.charAt(0),
      batchMax,
      load: async (items) => {
        loads.push(items.join());
        if (items[0].startsWith("broken")) throw new Error("broken");
        if (items[0].startsWith("short")) return [];
        return items.map((item) => item + item);
      },
    });
    return { loads, load };
  };

  it("loads the items of one turn together, group by group, and gives each caller its result", async () => {
    const { loads, load } = doubling();
    const results = await Promise.all([
      load("a1"),
      load("b2"),
      Promise.resolve().then(() => load("a3")),
    ]);
    assert.deepEqual(results, ["a1a1", "b2b2", "a3a3"]);
    assert.deepEqual(loads, ["a1,a3", "b2"]);
  });

  it("loads the items of a later turn by themselves", async () => {
    const { loads, load } = doubling();
    await load("a1");
    await load("a2");
    assert.deepEqual(loads, ["a1", "a2"]);
  });

  it("splits many items into loads of bounded size, in their order", async () => {
    const { loads, load } = doubling(2);
    await Promise.all(["a1", "a2", "a3", "a4", "a5"].map(load));
    assert.deepEqual(loads, ["a1,a2", "a3,a4", "a5"]);
  });

  it("fails every caller of a load that fails or returns too little, and no other caller", async () => {
    const { load } = doubling();
    const outcomes = await Promise.allSettled(
      ["broken1", "broken2", "a1", "short1", "short2"].map(load),
    );
    const statuses = outcomes.map(({ status }) => status);
    assert.deepEqual(statuses, ["rejected", "rejected", "fulfilled", "rejected", "rejected"]);
  });
});

describe("a queued loader", () => {
  /** Its loads run until the test ends them. */
  const scene = (limits: Partial<Parameters<typeof queuedLoader>[0]> = {}) => {
    const loads: { items: readonly string[]; end(error?: Error): void }[] = [];
    let nowMs = 0;
    const loader = queuedLoader<string, string>({
      batchMax: 3,
      waitingMax: 10,
      deadlineMs: 100,
      monotonicMs: () => nowMs,
      ...limits,
      load: (items) =>
        new Promise((resolve, reject) => {
          const end = (error?: Error): void => {
            if (error) reject(error);
            else resolve(items.map((item) => `${item}!`));
          };
          loads.push({ items, end });
        }),
    });
    return {
      loader,
      loads,
      seen: () => loads.map(({ items }) => items.join("")),
      advance: (ms: number) => void (nowMs += ms),
    };
  };

  it("loads what arrives while a load runs in the next one, in order, up to the size", async () => {
    const { loader, loads, seen } = scene();
    const answers = [loader.load("a")];
    await turn();
    answers.push(..."bcde".split("").map(loader.load));
    await turn();
    assert.deepEqual(seen(), ["a"]);
    loads[0]?.end();
    await turn();
    assert.deepEqual(seen(), ["a", "bcd"]);
    loads[1]?.end();
    await turn();
    loads[2]?.end();
    assert.equal((await Promise.all(answers)).join(""), "a!b!c!d!e!");
  });

  it("refuses an item beyond the bound of those that wait", async () => {
    const { loader } = scene({ waitingMax: 2 });
    void loader.load("a");
    void loader.load("b");
    await assert.rejects(loader.load("c"), Unavailable);
  });

  it("fails every caller of a load that fails, and goes on with the next load", async () => {
    const { loader, loads } = scene();
    const failing = Promise.allSettled([loader.load("a"), loader.load("b")]);
    await turn();
    const next = loader.load("c");
    loads[0]?.end(new Error("broken"));
    assert.ok((await failing).every(({ status }) => status === "rejected"));
    await turn();
    loads[1]?.end();
    assert.equal(await next, "c!");
  });

  it("answers Unavailable at the deadline, and does not load an item past its deadline", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const { loader, loads, seen, advance } = scene();
    const late = [loader.load("a")];
    await turn();
    late.push(loader.load("b"));
    advance(100);
    t.mock.timers.tick(100);
    for (const answer of late) await assert.rejects(answer, Unavailable);
    const young = loader.load("c");
    loads[0]?.end();
    await turn();
    assert.deepEqual(seen(), ["a", "c"]);
    loads[1]?.end();
    assert.equal(await young, "c!");
  });

  it("refuses new items once it is closed, and is closed when every item has its answer", async () => {
    const { loader, loads } = scene();
    const answer = loader.load("a");
    await turn();
    let closed = false;
    const closing = loader.close().then(() => (closed = true));
    await assert.rejects(loader.load("b"), Unavailable);
    await turn();
    assert.equal(closed, false);
    loads[0]?.end();
    assert.equal(await answer, "a!");
    await closing;
  });
});
