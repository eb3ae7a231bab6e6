import assert from "node:assert/strict";
import { test } from "node:test";
import { readPages } from "./read-pages.ts";

const listOf = (pages: readonly (readonly number[])[]) => {
  const asked: (string | undefined)[] = [];
  return {
    asked,
    read: async (cursor: string | undefined) => {
      asked.push(cursor);
      const n = Number(cursor ?? 0);
      return { items: pages[n] ?? [], nextCursor: n + 1 < pages.length ? String(n + 1) : null };
    },
  };
};

test("pages are read until there are enough items or the list ends", async () => {
  const list = listOf([[1, 2], [], [3], [4]]);
  assert.deepEqual(await readPages(3, list.read), { items: [1, 2, 3], hasMore: true });
  assert.deepEqual(list.asked, [undefined, "1", "2"]);
  assert.deepEqual(await readPages(9, list.read), { items: [1, 2, 3, 4], hasMore: false });
});

test("a page that cannot be read makes no list, and a list of empty pages ends", async () => {
  assert.equal(await readPages(3, async () => null), null);
  let calls = 0;
  const endless = await readPages(3, async () => {
    calls += 1;
    return { items: [], nextCursor: "again" };
  });
  assert.deepEqual([endless, calls], [{ items: [], hasMore: true }, 20]);
});
