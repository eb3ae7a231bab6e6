import assert from "node:assert/strict";
import { test } from "node:test";
import { gather } from "./gather.ts";

const doubling = (itemsMax = 10) => {
  const sent: (readonly [string, readonly number[]])[] = [];
  const calls = gather<string, number, number>({
    keyText: (key) => key,
    itemsMax,
    send: async (key, items) => {
      sent.push([key, items]);
      if (key === "broken") throw new Error("broken");
      if (key === "short") return [];
      return items.map((item) => item * 2);
    },
  });
  return { sent, calls };
};

test("callers of one turn share one call a key, and each gets his own answer", async () => {
  const { sent, calls } = doubling();
  const results = await Promise.all([
    calls.add("a", 1),
    calls.add("b", 2),
    Promise.resolve().then(() => calls.add("a", 3)),
  ]);
  assert.deepEqual(results, [2, 4, 6]);
  assert.deepEqual(sent, [
    ["a", [1, 3]],
    ["b", [2]],
  ]);
});

test("a later turn makes a new call", async () => {
  const { sent, calls } = doubling();
  await calls.add("a", 1);
  await calls.add("a", 2);
  assert.equal(sent.length, 2);
});

test("many callers are split into bounded calls, in their order", async () => {
  const { sent, calls } = doubling(2);
  await Promise.all([1, 2, 3, 4, 5].map((item) => calls.add("a", item)));
  assert.deepEqual(
    sent.map(([, items]) => items),
    [[1, 2], [3, 4], [5]],
  );
});

test("a call that fails fails its callers, and nobody else's", async () => {
  const { calls } = doubling();
  const [broken, well, short] = await Promise.allSettled([
    calls.add("broken", 1),
    calls.add("a", 1),
    calls.add("short", 1),
  ]);
  assert.equal(broken.status, "rejected");
  assert.deepEqual(well, { status: "fulfilled", value: 2 });
  assert.equal(short.status, "rejected");
});
