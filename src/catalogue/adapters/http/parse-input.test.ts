import assert from "node:assert/strict";
import { test } from "node:test";
import { parseConcertInput, parsePolicyInput } from "./parse-input.ts";

const opensAt = "2026-11-22T10:00:00.000Z";
const opensAtMs = Date.parse(opensAt);

test("a policy body becomes an input with exactly its members", () => {
  assert.deepEqual(parsePolicyInput({}), { input: {}, violations: [] });
  assert.deepEqual(parsePolicyInput({ opensAt, admitsAt: null, maxActive: 3 }), {
    input: { opensAtMs, admitsAtMs: null, maxActive: 3 },
    violations: [],
  });
  assert.deepEqual(parsePolicyInput({ admitsAt: opensAt }).input, { admitsAtMs: opensAtMs });
});

test("texts that are not instants are violations with pointers", () => {
  const { violations } = parsePolicyInput({
    opensAt: "yesterday",
    admitsAt: "2026-02-30T00:00:00Z",
  });
  assert.deepEqual(violations, [
    { pointer: "/opensAt", rule: "not-an-instant" },
    { pointer: "/admitsAt", rule: "not-an-instant" },
  ]);
  const concert = parseConcertInput({
    title: "T",
    dates: [{ date: "2026-12-24" }, { date: "2026-12-25", startsAt: "noon" }],
    policy: { opensAt: "" },
  });
  assert.deepEqual(
    concert.violations.map(({ pointer }) => pointer),
    ["/dates/1/startsAt", "/policy/opensAt"],
  );
});

test("a concert body becomes an input", () => {
  const { input, violations } = parseConcertInput({
    title: "T",
    venue: "V",
    dates: [{ date: "2026-12-24", startsAt: opensAt }],
    grades: [{ name: "R", price: 5, seats: [1, 50] }],
    policy: { opensAt },
  });
  assert.deepEqual(violations, []);
  assert.deepEqual(input, {
    title: "T",
    venue: "V",
    dates: [{ date: "2026-12-24", startsAtMs: opensAtMs }],
    grades: [{ name: "R", price: 5, seats: [1, 50] }],
    policy: { opensAtMs },
  });
});
