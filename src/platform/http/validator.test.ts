import assert from "node:assert/strict";
import { test } from "node:test";
import { validatorCompiler } from "./validator.ts";

const schema = {
  type: "object",
  properties: {
    rows: {
      type: "array",
      maxItems: 3,
      items: { type: "object", required: ["name"], additionalProperties: false },
    },
  },
};

const check = validatorCompiler()({ schema });

const pointersOf = (value: unknown): string[] => {
  const answer = check(value);
  if (answer === true) return [];
  return (answer.error as { instancePath: string }[]).map(({ instancePath }) => instancePath);
};

const rows = (length: number) => ({ rows: Array.from({ length }, () => ({ a: 1 })) });

test("a value that fits its schema passes, before and after one that does not", () => {
  assert.equal(check({ rows: [] }), true);
  assert.notEqual(check(rows(1)), true);
  assert.equal(check({}), true);
});

test("every fault of a request with few values is listed", () => {
  const each = ["/rows/0", "/rows/0", "/rows/1", "/rows/1"];
  assert.deepEqual(pointersOf(rows(2)), each);
  assert.equal(pointersOf(rows(4000)).length, 8001);
});

test("only the first fault of a request with many values is listed, wherever they are", () => {
  assert.deepEqual(pointersOf(rows(400_000)), ["/rows"]);
  const one = { rows: [{ a: Array.from({ length: 10_000 }, () => 1) }, { a: 1 }] };
  assert.deepEqual(pointersOf(one), ["/rows/0"]);
  const members = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`m${n}`, n]));
  assert.deepEqual(pointersOf({ rows: [members] }), ["/rows/0"]);
});
