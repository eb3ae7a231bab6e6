import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { Unavailable } from "#kernel/trouble.ts";
import type { Log } from "#platform/log.ts";
import { rounds } from "./rounds.ts";

const world = (t: TestContext, work: () => Promise<"more" | "done">) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const said: string[] = [];
  const say = (level: string) => () => void said.push(level);
  const log = { debug: say("debug"), info: say("info"), warn: say("warn"), error: say("error") };
  const work2 = rounds({ name: "test", everyMs: 100, log: log as Log, work });
  const tick = async (ms: number): Promise<void> => {
    t.mock.timers.tick(ms);
    for (let i = 0; i < 5; i += 1) await Promise.resolve();
  };
  return { it: work2, said, tick };
};

describe("rounds", () => {
  it("go at once, then in intervals from end to end, and again at once when there is more", async (t) => {
    const results: ("more" | "done")[] = ["done", "more", "done"];
    let count = 0;
    const { it: work, tick } = world(t, async () => results[count++] ?? "done");
    work.start();
    await tick(0);
    assert.equal(count, 1);
    await tick(99);
    assert.equal(count, 1);
    await tick(1);
    assert.equal(count, 2);
    await tick(0);
    assert.equal(count, 3);
    await work.close();
  });

  it("go on after a failure; a store that is away is no error", async (t) => {
    const troubles = [new Unavailable("away"), new Error("bug")];
    let count = 0;
    const {
      it: work,
      said,
      tick,
    } = world(t, async () => {
      throw troubles[count++] ?? assert.fail();
    });
    work.start();
    await tick(0);
    await tick(100);
    assert.equal(count, 2);
    assert.deepEqual(said, ["debug", "error"]);
    await work.close();
  });

  it("end with the one that runs", async (t) => {
    const { promise, resolve } = Promise.withResolvers<"done">();
    let count = 0;
    const { it: work, tick } = world(t, () => {
      count += 1;
      return promise;
    });
    work.start();
    await tick(0);
    let closed = false;
    const closing = work.close().then(() => (closed = true));
    await tick(1000);
    assert.equal(closed, false);
    resolve("done");
    await closing;
    await tick(1000);
    assert.equal(count, 1);
  });
});
