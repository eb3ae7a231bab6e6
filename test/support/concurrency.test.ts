import assert from "node:assert/strict";
import { test } from "node:test";
import { atOnce, eventually, mapConcurrently, race, sleep, times } from "./concurrency.ts";

test("every attempt of a race has begun before any of them goes on", async () => {
  let begun = 0;
  const seen = await race(
    times(10, () => async () => {
      begun += 1;
      await Promise.resolve();
      return begun;
    }),
  );
  assert.deepEqual(
    seen,
    times(10, () => 10),
  );
});

test("work in turns keeps its order and its width", async () => {
  let running = 0;
  let most = 0;
  const results = await mapConcurrently(
    times(9, (it) => it),
    3,
    async (it) => {
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return it * 2;
    },
  );
  assert.deepEqual([results, most], [times(9, (it) => it * 2), 3]);
});

test("a condition that does not come about in time fails with its name", async () => {
  await assert.rejects(
    eventually("rain", () => undefined, 5, 20),
    /not within 20 ms: rain/,
  );
});

test("work that waits for a timer is not done at once, and work that does not is", async () => {
  const immediate = async (): Promise<string> => {
    await Promise.resolve();
    return "done";
  };
  assert.equal(await atOnce(immediate()), "done");
  await assert.rejects(atOnce(sleep(1)), /the work waits/);
});
