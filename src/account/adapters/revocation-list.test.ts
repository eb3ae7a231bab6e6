import assert from "node:assert/strict";
import { test } from "node:test";
import { toId } from "#kernel/ids.ts";
import type { Revocation } from "../ports/revocations.ts";
import { revocationList } from "./revocation-list.ts";

const kim = toId<"user">("0190a1b2-0000-7000-8000-00000000000a");
const lee = toId<"user">("0190a1b2-0000-7000-8000-00000000000b");
const revocation = (changes: Partial<Revocation> = {}): Revocation => ({
  userId: kim,
  tokenEpoch: 1,
  revokedAtMs: 5_500,
  isErased: false,
  ...changes,
});

const setting = (...pages: Revocation[][]) => {
  const asked: number[] = [];
  const list = revocationList({
    since: async (atMs) => {
      asked.push(atMs);
      return { revoked: pages.shift() ?? [], nowMs: 100_000 };
    },
  });
  return { list, asked };
};

test("before the first read no token is revoked", () => {
  const { list } = setting();
  assert.deepEqual(
    [list.epochOf(kim), list.isRevokedSince(kim, 0), list.isErased(kim)],
    [0, false, false],
  );
});

test("a revocation applies only to its user and to tokens issued up to its instant", async () => {
  const { list } = setting([revocation({ isErased: true })]);
  await list.refresh();
  assert.deepEqual([list.epochOf(kim), list.epochOf(lee)], [1, 0]);
  assert.deepEqual([list.isRevokedSince(kim, 5), list.isRevokedSince(kim, 6)], [true, false]);
  assert.deepEqual([list.isErased(kim), list.isErased(lee)], [true, false]);
});

test("a later call reads from 30 s before the last one, so it finds a late commit", async () => {
  const { list, asked } = setting();
  await list.refresh();
  await list.refresh();
  assert.deepEqual(asked, [0, 70_000]);
});

test("an older revocation that is read again does not replace a newer one", async () => {
  const { list } = setting([revocation({ tokenEpoch: 3 })], [revocation({ tokenEpoch: 2 })]);
  await list.refresh();
  await list.refresh();
  assert.equal(list.epochOf(kim), 3);
});

test("after a failed read the next one starts from the same instant", async () => {
  const asked: number[] = [];
  let isAway = true;
  const list = revocationList({
    since: async (atMs) => {
      asked.push(atMs);
      if (isAway) throw new Error("away");
      return { revoked: [revocation()], nowMs: 100_000 };
    },
  });
  await assert.rejects(list.refresh(), /away/);
  isAway = false;
  await list.refresh();
  assert.deepEqual([asked, list.epochOf(kim)], [[0, 0], 1]);
});

test("an epoch that a token shows counts at once, and gives way to the database", async () => {
  const { list } = setting([revocation({ tokenEpoch: 2, isErased: true })]);
  list.noteEpoch(kim, 2);
  list.noteEpoch(kim, 1);
  assert.deepEqual([list.epochOf(kim), list.epochOf(lee)], [2, 0]);
  assert.equal(list.isRevokedSince(kim, 5), false);
  await list.refresh();
  assert.equal(list.epochOf(kim), 2);
  assert.deepEqual([list.isRevokedSince(kim, 5), list.isErased(kim)], [true, true]);
});
