import assert from "node:assert/strict";
import { test } from "node:test";
import { operatorKeys } from "./operator-keys.ts";

test("a valid key has a stable name that differs per key and reveals nothing of it", () => {
  const operator = operatorKeys(["first-key", "second-key"]);
  const first = operator("first-key");
  assert.match(first ?? "", /^operator:[0-9a-f]{8}$/);
  assert.equal(operatorKeys(["first-key"])("first-key"), first);
  assert.notEqual(operator("second-key"), first);
  assert.match(operator("second-key") ?? "", /^operator:/);
});

for (const [title, keys, offered] of [
  ["a wrong key has no name", ["first", "second"], "third"],
  ["a part of a key has no name", ["first", "second"], "firs"],
  ["a key with a suffix has no name", ["first", "second"], "first "],
  ["the whole list has no name", ["first", "second"], "first,second"],
  ["an empty key has no name", ["first", "second"], ""],
  ["without keys no key has a name", [], ""],
] as const)
  test(title, () => assert.equal(operatorKeys(keys)(offered), null));
