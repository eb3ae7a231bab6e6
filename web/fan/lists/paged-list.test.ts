import assert from "node:assert/strict";
import { test } from "node:test";
import type { Result } from "../../../sdk/client.ts";
import { pagedList } from "./paged-list.ts";

interface Item {
  readonly id: number;
}

/** A list that a test can change, in pages of two, newest first. */
const listOf = (ids: number[]) => {
  const asked: (string | undefined)[] = [];
  const state = { ids, asked, fails: false };
  const list = pagedList(
    async ({ cursor }): Promise<Result<{ items: Item[]; nextCursor: string | null }, never>> => {
      asked.push(cursor);
      if (state.fails) return { ok: false, code: "NO_ANSWER", status: 0, retryAfterMs: null };
      const from = cursor === undefined ? 0 : state.ids.indexOf(Number(cursor)) + 1;
      const items = state.ids.slice(from, from + 2).map((id) => ({ id }));
      const nextCursor = from + 2 < state.ids.length ? String(items.at(-1)?.id) : null;
      return { ok: true, status: 200, value: { items, nextCursor }, replayed: false, dateMs: null };
    },
    ({ id }) => String(id),
  );
  return { state, list, shown: () => list.items.peek()?.map(({ id }) => id) };
};

test("a list reads on to its end", async () => {
  const { list, shown } = listOf([5, 4, 3, 2, 1]);
  await list.refresh();
  assert.deepEqual(shown(), [5, 4]);
  await list.more();
  await list.more();
  assert.deepEqual([shown(), list.next.peek()], [[5, 4, 3, 2, 1], null]);
});

test("reading again brings new items and keeps the later pages", async () => {
  const { state, list, shown } = listOf([4, 3, 2, 1]);
  await list.refresh();
  await list.more();
  state.ids = [5, 4, 3, 2, 1];
  await list.refresh();
  assert.deepEqual([shown(), list.next.peek()], [[5, 4, 3, 2, 1], null]);
});

test("reading again drops an item that is gone from the first page", async () => {
  const { state, list, shown } = listOf([4, 3, 2, 1]);
  await list.refresh();
  await list.more();
  state.ids = [4, 2, 1];
  await list.refresh();
  assert.deepEqual(shown(), [4, 2, 1]);
});

test("a whole page of new items begins the list again, so that no item in between is left out", async () => {
  const { state, list, shown } = listOf([2, 1]);
  await list.refresh();
  state.ids = [6, 5, 4, 3, 2, 1];
  await list.refresh();
  assert.deepEqual([shown(), list.next.peek()], [[6, 5], "5"]);
});

test("a failure is told and keeps the items, and reading again ends it", async () => {
  const { state, list, shown } = listOf([2, 1]);
  await list.refresh();
  state.fails = true;
  await list.refresh();
  assert.deepEqual([shown(), list.failure.peek()?.code], [[2, 1], "NO_ANSWER"]);
  state.fails = false;
  await list.refresh();
  assert.equal(list.failure.peek(), null);
});

test("a refresh during a load follows it once", async () => {
  const { state, list } = listOf([2, 1]);
  const first = list.refresh();
  void list.refresh();
  await list.refresh();
  await first;
  assert.equal(state.asked.length, 2);
});
