import assert from "node:assert/strict";
import { test } from "node:test";
import { readConcertWish, readPolicyWish } from "./commands.ts";

const opensAt = "2026-11-22T10:00:00.000Z";
const opensAtMs = Date.parse(opensAt);

test("a policy body becomes a wish with exactly its members", () => {
  assert.deepEqual(readPolicyWish({}), { wish: {}, faults: [] });
  assert.deepEqual(readPolicyWish({ opensAt, admitsAt: null, maxActive: 3 }), {
    wish: { opensAtMs, admitsAtMs: null, maxActive: 3 },
    faults: [],
  });
  assert.deepEqual(readPolicyWish({ admitsAt: opensAt }).wish, { admitsAtMs: opensAtMs });
});

test("texts that are not instants are faults with pointers", () => {
  const { faults } = readPolicyWish({ opensAt: "yesterday", admitsAt: "2026-02-30T00:00:00Z" });
  assert.deepEqual(faults, [
    { pointer: "/opensAt", rule: "not-an-instant" },
    { pointer: "/admitsAt", rule: "not-an-instant" },
  ]);
  const concert = readConcertWish({
    title: "T",
    dates: [{ date: "2026-12-24" }, { date: "2026-12-25", startsAt: "noon" }],
    policy: { opensAt: "" },
  });
  assert.deepEqual(
    concert.faults.map(({ pointer }) => pointer),
    ["/dates/1/startsAt", "/policy/opensAt"],
  );
});

test("a concert body becomes a wish", () => {
  const { wish, faults } = readConcertWish({
    title: "T",
    venue: "V",
    dates: [{ date: "2026-12-24", startsAt: opensAt }],
    grades: [{ name: "R", price: 5, seats: [1, 50] }],
    policy: { opensAt },
  });
  assert.deepEqual(faults, []);
  assert.deepEqual(wish, {
    title: "T",
    venue: "V",
    dates: [{ date: "2026-12-24", startsAtMs: opensAtMs }],
    grades: [{ name: "R", price: 5, seats: [1, 50] }],
    policy: { opensAtMs },
  });
});
