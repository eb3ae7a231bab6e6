import assert from "node:assert/strict";
import { test } from "node:test";
import { readIdempotencyKey } from "./idempotency-key.ts";

const usable: [title: string, header: string, key: string][] = [
  ["bare", "abc", "abc"],
  ["quoted, equal to bare", '"abc"', "abc"],
  ["a UUID", "018f7e3c-0000-7000-8000-000000000000", "018f7e3c-0000-7000-8000-000000000000"],
  ["an escaped quote", '"a\\"b"', 'a"b'],
  ["an escaped backslash", '"a\\\\b"', "a\\b"],
  ["a bare backslash", "a\\b", "a\\b"],
  ["a quote inside a bare key", 'a"b', 'a"b'],
  ["a space inside", '"a b"', "a b"],
  ["white space around", "  abc ", "abc"],
  ["255 characters", "x".repeat(255), "x".repeat(255)],
  ["255 characters in quotes", `"${"x".repeat(255)}"`, "x".repeat(255)],
];
for (const [title, header, key] of usable) {
  test(`a key is usable: ${title}`, () => {
    assert.deepEqual(readIdempotencyKey([header]), { kind: "key", key });
  });
}

const unusable: [title: string, values: string[]][] = [
  ["nothing", [""]],
  ["only white space", ["   "]],
  ["an empty quoted string", ['""']],
  ["256 characters", ["x".repeat(256)]],
  ["256 characters in quotes", [`"${"x".repeat(256)}"`]],
  ["an open quote", ['"abc']],
  ["another escape", ['"a\\nb"']],
  ["parameters after the string", ['"abc";a=1']],
  ["two strings", ['"a", "b"']],
  ["a control character", ["a\u0007b"]],
  ["a character outside ASCII", ["é"]],
  ["a character outside ASCII in quotes", ['"é"']],
  ["sent twice", ["a", "a"]],
];
for (const [title, values] of unusable) {
  test(`a key is unusable: ${title}`, () => {
    assert.deepEqual(readIdempotencyKey(values), { kind: "unusable" });
  });
}

test("a request without the header has no key", () => {
  assert.deepEqual(readIdempotencyKey(undefined), { kind: "none" });
  assert.deepEqual(readIdempotencyKey([]), { kind: "none" });
});
