import assert from "node:assert/strict";
import { test } from "node:test";
import { invalid } from "./violations.ts";

test("a refusal lists every violation with its pointer, and its detail is the first", () => {
  assert.deepEqual(
    invalid([
      { pointer: "/policy/maxActive", rule: "out-of-range" },
      { pointer: "/price", rule: "out-of-range" },
      { pointer: "/mode", rule: "fixed-once-open" },
      { pointer: "/dates/0/date", rule: "duplicate-date" },
    ]),
    {
      problem: "INVALID_REQUEST",
      detail: "/policy/maxActive is out of range: 1 to 1000000.",
      members: {
        errors: [
          { pointer: "/policy/maxActive", message: "is out of range: 1 to 1000000" },
          { pointer: "/price", message: "is out of range: 1 to 1000000000" },
          { pointer: "/mode", message: "cannot change any more: the queue has opened" },
          { pointer: "/dates/0/date", message: "must not be repeated" },
        ],
      },
    },
  );
});
