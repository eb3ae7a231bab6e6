import assert from "node:assert/strict";
import { test } from "node:test";
import { toId } from "#kernel/ids.ts";
import type { NamedUser, KnownUsers } from "../ports/known-users.ts";
import { findUsers } from "./find-users.ts";

const userOf = (n: number, name: string | null): NamedUser => ({
  userId: toId<"user">(`0190a1b2-0000-7000-8000-00000000000${n}`),
  name,
  createdAtMs: n,
  erasedAtMs: null,
  key: name?.toLowerCase() ?? "",
});
const [kim, kimmy, lee] = [userOf(1, "Kim"), userOf(2, "KIMMY"), userOf(3, "Lee")];

const asked: unknown[] = [];
const knownUsers: KnownUsers = {
  find: async (userId) => [kim, kimmy, lee].find((it) => it.userId === userId) ?? null,
  newest: async (query) => {
    asked.push(query);
    return [lee, kimmy, kim].slice(0, query.limit);
  },
  byName: async (beginning, query) => {
    asked.push([beginning, query]);
    return [kim, kimmy].slice(0, query.limit);
  },
};
const find = findUsers({ knownUsers });

test("without a text the newest users are listed, and a page ends at an id", async () => {
  const page = await find({ text: null, limit: 2, after: null });
  assert.deepEqual(page, { items: [lee, kimmy], next: { key: "", userId: kimmy.userId } });
  await find({ text: null, limit: 2, after: page.next });
  assert.deepEqual(asked.splice(0), [
    { limit: 3, after: null },
    { limit: 3, after: kimmy.userId },
  ]);
});

test("a user id finds its user alone, in any case, and an unknown one finds none", async () => {
  const page = await find({ text: lee.userId.toUpperCase(), limit: 2, after: null });
  assert.deepEqual(page, { items: [lee], next: null });
  const none = await find({ text: userOf(9, null).userId, limit: 2, after: null });
  assert.deepEqual(none, { items: [], next: null });
  assert.deepEqual(asked, []);
});

test("any other text is the beginning of a name, and a page ends at a name", async () => {
  const page = await find({ text: "kim", limit: 1, after: null });
  assert.deepEqual(page, { items: [kim], next: { key: "kim", userId: kim.userId } });
  const last = await find({ text: "kim", limit: 2, after: page.next });
  assert.equal(last.next, null);
  assert.deepEqual(asked, [
    ["kim", { limit: 2, after: null }],
    ["kim", { limit: 3, after: page.next }],
  ]);
});
