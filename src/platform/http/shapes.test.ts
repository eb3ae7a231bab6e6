import assert from "node:assert/strict";
import { test } from "node:test";
import { Type } from "typebox";
import {
  closedShape,
  idLowerer,
  mayBeEmpty,
  openShape,
  pathParameters,
  serialiserShape,
  validatorShape,
  type Schema,
} from "./shapes.ts";
import { Nullable, Uuid } from "./schemas.ts";

const plain = (schema: unknown): Schema => schema as Schema;

test("closedShape closes every object of a body, but not one declared open", () => {
  const shape = closedShape(
    plain(
      Type.Object({
        list: Type.Array(Type.Object({ a: Type.String() })),
        nested: Type.Optional(Type.Object({ b: Type.Object({}) })),
        either: Nullable(Type.Object({ c: Type.Integer() })),
        free: Type.Record(Type.String(), Type.Integer()),
        open: Type.Object({}, { additionalProperties: true }),
      }),
    ),
  );
  const text = JSON.stringify(shape);
  assert.equal(text.match(/"additionalProperties":false/g)?.length, 5);
  assert.equal(text.match(/"additionalProperties":true/g)?.length, 1);
});

test("rewriting a schema does not change the original", () => {
  const schema = plain(Type.Object({ a: Type.Object({}, { $id: "A" }) }, { $id: "B" }));
  const before = JSON.stringify(schema);
  closedShape(schema);
  validatorShape(schema);
  serialiserShape(schema);
  assert.equal(JSON.stringify(schema), before);
});

test("a property may be named like a keyword of JSON Schema", () => {
  const schema = plain(Type.Object({ properties: Type.String(), $id: Type.String() }));
  assert.deepEqual(validatorShape(schema), JSON.parse(JSON.stringify(schema)));
});

test("openShape opens a closed query", () => {
  const closedQuery = plain(Type.Object({}, { additionalProperties: false }));
  assert.equal(openShape(closedQuery)["additionalProperties"], undefined);
});

test("validatorShape removes the $id of schemas", () => {
  const schema = plain(Type.Object({ a: Type.Object({}, { $id: "A" }) }, { $id: "B" }));
  assert.ok(!JSON.stringify(validatorShape(schema)).includes("$id"));
});

test("validatorShape removes a pattern that the format covers and keeps another", () => {
  assert.equal(validatorShape(plain(Uuid("x")))["pattern"], undefined);
  assert.equal(validatorShape(plain(Uuid("x")))["format"], "uuid");
  assert.equal(validatorShape(plain(Type.String({ pattern: "^a$" })))["pattern"], "^a$");
});

test("serialiserShape writes nullable values and names without anyOf, enum and const", () => {
  const shape = (schema: unknown) => serialiserShape(plain(schema));
  assert.deepEqual(shape(Nullable(Type.String({ format: "date-time" }))), {
    type: "string",
    nullable: true,
  });
  assert.deepEqual(shape(Nullable(Type.Enum(["A", "B"]))), { type: "string", nullable: true });
  assert.deepEqual(shape(Type.Enum(["A", "B"])), { type: "string" });
  assert.deepEqual(shape(Type.Literal("A")), { type: "string" });
  const real = Type.Union([Type.String(), Type.Integer()]);
  assert.deepEqual(shape(real), JSON.parse(JSON.stringify(real)));
});

test("a body may be empty when no member is required", () => {
  assert.ok(mayBeEmpty(plain(Type.Object({ a: Type.Optional(Type.String()) }))));
  assert.ok(!mayBeEmpty(plain(Type.Object({ a: Type.String() }))));
});

test("pathParameters lists the parameters in order", () => {
  assert.deepEqual(pathParameters("/a/{one}/b/{two}"), ["one", "two"]);
  assert.deepEqual(pathParameters("/a"), []);
});

test("idLowerer changes ids at every depth and nothing else", () => {
  const lower = idLowerer(
    plain(
      Type.Object({
        id: Uuid("x"),
        name: Type.String(),
        ids: Type.Optional(Type.Array(Uuid("x"))),
        nested: Type.Optional(Type.Object({ id: Uuid("x") })),
      }),
    ),
  );
  assert.deepEqual(lower?.({ id: "AB", name: "AB", ids: ["CD"], nested: { id: "EF" } }), {
    id: "ab",
    name: "AB",
    ids: ["cd"],
    nested: { id: "ef" },
  });
  assert.deepEqual(lower?.({ id: "AB", name: "AB" }), { id: "ab", name: "AB" });
  assert.equal(lower?.(7), 7);
});

test("idLowerer is null for a schema without ids", () => {
  assert.equal(idLowerer(plain(Type.Object({ a: Type.Array(Type.String()) }))), null);
});
