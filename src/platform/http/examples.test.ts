import assert from "node:assert/strict";
import { test } from "node:test";
import { Type } from "typebox";
import { exampleId, exampleOf } from "./examples.ts";
import { formats } from "./formats.ts";
import { Instant, Nullable, Uuid } from "./schemas.ts";
import type { Schema } from "./shapes.ts";

const made = (schema: unknown, name?: string): unknown => exampleOf(schema as Schema, name);

const cases: [title: string, schema: unknown, example: unknown][] = [
  ["its own example comes first", Type.Integer({ minimum: 3, examples: [7, 8] }), 7],
  ["a constant is itself", Type.Literal("fifo"), "fifo"],
  ["a choice of names is the first", Type.Enum(["A", "B"]), "A"],
  ["of what may be null, what it is otherwise", Nullable(Type.Integer({ minimum: 1 })), 1],
  ["null where there is nothing else", Type.Null(), null],
  ["a number is its least", Type.Integer({ minimum: 5 }), 5],
  ["a number without a least is 0", Type.Number(), 0],
  ["a truth", Type.Boolean(), true],
  ["a text", Type.String(), "text"],
  ["a list has one", Type.Array(Type.Integer({ examples: [12] })), [12]],
  [
    "an object has all of its members",
    Type.Object({ a: Type.Optional(Type.Integer({ minimum: 1 })), b: Type.Literal("x") }),
    { a: 1, b: "x" },
  ],
  [
    "an object's own example stands before those of its members",
    Type.Object({ a: Type.Integer({ examples: [1] }) }, { examples: [{ a: 2 }] }),
    { a: 2 },
  ],
];
for (const [title, schema, example] of cases) {
  test(title, () => assert.deepEqual(made(schema), example));
}

test("ids are UUIDs, one a name", () => {
  const ids = ["userId", "concertId", "x"].map(exampleId);
  for (const id of ids) assert.ok(formats["uuid"]?.(id), id);
  assert.equal(new Set(ids).size, 3);
  const body = Type.Object({ userId: Uuid("Who"), at: Instant("When") });
  assert.deepEqual(made(body), { userId: exampleId("userId"), at: "2026-11-22T10:00:00.000Z" });
});
