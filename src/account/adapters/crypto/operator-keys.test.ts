import assert from "node:assert/strict";
import { test } from "node:test";
import type { OperatorKey } from "#kernel/operator.ts";
import { operatorKeys } from "./operator-keys.ts";

const keys: readonly OperatorKey[] = [
  { name: "operator", role: "admin", secret: "first" },
  { name: "operator", role: "admin", secret: "second" },
  { name: "gate 1", role: "door", secret: "third" },
];

test("a valid key names its operator and the role, and not the secret", () => {
  const { find } = operatorKeys(keys);
  assert.deepEqual(find("first"), { name: "operator", role: "admin" });
  assert.deepEqual(find("second"), { name: "operator", role: "admin" });
  assert.deepEqual(find("third"), { name: "gate 1", role: "door" });
});

test("the mark of a session changes with the secrets of its operator, and only a reader has one", () => {
  const marksOf = (...given: OperatorKey[]) => operatorKeys(given).sessionMarks;
  const [first, second, third] = keys as [OperatorKey, OperatorKey, OperatorKey];
  const mark = marksOf(first).get("operator") ?? "";
  assert.match(mark, /^[0-9a-f]{8}$/);
  assert.equal(marksOf(first, third).get("operator"), mark);
  assert.notEqual(marksOf(second).get("operator"), mark);
  assert.notEqual(marksOf(first, second).get("operator"), mark);
  assert.deepEqual([...marksOf(third)], []);
});

for (const [title, offered, given = keys] of [
  ["a wrong key has no operator", "fourth"],
  ["a part of a key has no operator", "firs"],
  ["a key with a suffix has no operator", "first "],
  ["the whole list has no operator", "first,second"],
  ["an empty key has no operator", ""],
  ["without keys no key has an operator", "first", []],
] as const)
  test(title, () => assert.equal(operatorKeys(given).find(offered), null));
