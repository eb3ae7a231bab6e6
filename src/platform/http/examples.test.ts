import assert from "node:assert/strict";
import { test } from "node:test";
import { Type } from "typebox";
import { exampleId, exampleOf } from "./examples.ts";
import { formats } from "./formats.ts";
import { Instant, Nullable, Uuid } from "./schemas.ts";
import type { Schema } from "./shapes.ts";

const made = (schema: unknown, name?: string): unknown => exampleOf(schema as Schema, name);

const cases: [title: string, schema: unknown, example: unknown][] = [
  ["a schema with examples gives the first", Type.Integer({ minimum: 3, examples: [7, 8] }), 7],
  ["a constant gives its value", Type.Literal("fifo"), "fifo"],
  ["an enum gives its first name", Type.Enum(["A", "B"]), "A"],
  ["a nullable schema gives a value that is not null", Nullable(Type.Integer({ minimum: 1 })), 1],
  ["a null schema gives null", Type.Null(), null],
  ["a number gives its minimum", Type.Integer({ minimum: 5 }), 5],
  ["a number without a minimum gives 0", Type.Number(), 0],
  ["a truth", Type.Boolean(), true],
  ["a text", Type.String(), "text"],
  ["a list gives one item", Type.Array(Type.Integer({ examples: [12] })), [12]],
  [
    "an object gives all of its members",
    Type.Object({ a: Type.Optional(Type.Integer({ minimum: 1 })), b: Type.Literal("x") }),
    { a: 1, b: "x" },
  ],
  [
    "the example of an object wins over those of its members",
    Type.Object({ a: Type.Integer({ examples: [1] }) }, { examples: [{ a: 2 }] }),
    { a: 2 },
  ],
];
for (const [title, schema, example] of cases) {
  test(title, () => assert.deepEqual(made(schema), example));
}

test("each member name gives its own UUID", () => {
  const ids = ["userId", "concertId", "x"].map(exampleId);
  for (const id of ids) assert.ok(formats["uuid"]?.(id), id);
  assert.equal(new Set(ids).size, 3);
  const body = Type.Object({ userId: Uuid("Who"), at: Instant("When") });
  assert.deepEqual(made(body), { userId: exampleId("userId"), at: "2026-11-22T10:00:00.000Z" });
});
