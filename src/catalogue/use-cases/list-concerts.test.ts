import assert from "node:assert/strict";
import { test } from "node:test";
import { toId, type ConcertId } from "#kernel/ids.ts";
import type { Concert } from "../domain/concert.ts";
import { listConcerts } from "./list-concerts.ts";

const id = (n: number): ConcertId => toId(`0190a1b2-0000-7000-8000-${String(n).padStart(12, "0")}`);

const draft = id(9);

const list = (kept: readonly number[]) =>
  listConcerts({
    records: {
      page: async ({ after, limit, withDrafts }) =>
        kept
          .map(id)
          .filter((one) => withDrafts || one !== draft)
          .filter((one) => after === null || one < after)
          .slice(0, limit),
    },
    cache: { find: async (concertId) => ({ concertId }) as Concert },
  });

const shown = async (
  kept: readonly number[],
  after: number | null,
  limit: number,
  withDrafts = false,
) => {
  const page = await list(kept)({ after: after === null ? null : id(after), limit, withDrafts });
  return [page.concerts.map(({ concertId }) => concertId), page.next];
};

test("a page before the last has the cursor of the next one", async () => {
  assert.deepEqual(await shown([5, 4, 3, 2, 1], null, 2), [[id(5), id(4)], id(4)]);
  assert.deepEqual(await shown([5, 4, 3, 2, 1], 4, 2), [[id(3), id(2)], id(2)]);
});

test("the last page has no cursor, also when it is full", async () => {
  assert.deepEqual(await shown([5, 4, 3, 2, 1], 2, 2), [[id(1)], null]);
  assert.deepEqual(await shown([2, 1], null, 2), [[id(2), id(1)], null]);
  assert.deepEqual(await shown([], null, 2), [[], null]);
});

test("drafts are on the page only when they are asked for", async () => {
  assert.deepEqual(await shown([9, 1], null, 2), [[id(1)], null]);
  assert.deepEqual(await shown([9, 1], null, 2, true), [[id(9), id(1)], null]);
});

test("a concert that was deleted meanwhile is left out", async () => {
  const page = await listConcerts({
    records: { page: async () => [id(1)] },
    cache: { find: async () => null },
  })({ after: null, limit: 1, withDrafts: true });
  assert.deepEqual(page, { concerts: [], next: null });
});
