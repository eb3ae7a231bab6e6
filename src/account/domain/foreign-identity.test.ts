import assert from "node:assert/strict";
import { test } from "node:test";
import { isSubject, subjectLengthMax } from "./foreign-identity.ts";

const cases: readonly [string, unknown, boolean][] = [
  ["a provider's id is allowed", "auth0|64f1c2", true],
  ["letters of any script are allowed", "김하늘", true],
  ["the longest subject is allowed", "x".repeat(subjectLengthMax), true],
  ["a subject beyond the longest is refused", "x".repeat(subjectLengthMax + 1), false],
  ["an empty subject is refused", "", false],
  ["a NUL byte, which PostgreSQL cannot store, is refused", "a\u0000b", false],
  ["a line break is refused", "a\nb", false],
  ["a lone surrogate is refused", "a\ud800", false],
  ["a number is refused", 42, false],
  ["a missing subject is refused", undefined, false],
];

for (const [title, subject, expected] of cases)
  test(title, () => assert.equal(isSubject(subject), expected));
