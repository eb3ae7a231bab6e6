import assert from "node:assert/strict";
import { test } from "node:test";
import { isJsonType, readJsonBody } from "./json-body.ts";

const json = { type: "application/json", encoding: undefined };
const read = (content: string | Uint8Array, headers: Partial<typeof json> = {}) =>
  readJsonBody(typeof content === "string" ? Buffer.from(content) : content, {
    ...json,
    ...headers,
  });

test("a JSON object is read", () => {
  const value = { a: 1, b: { c: ["x:y", '"', "\\", { d: null }] } };
  assert.deepEqual(read(JSON.stringify(value)), { kind: "object", value });
  assert.deepEqual(read(" {} "), { kind: "object", value: {} });
});

test("an empty body is none, whatever its type", () => {
  for (const type of [undefined, "application/json", "text/plain", "nonsense"]) {
    const reading = readJsonBody(new Uint8Array(), { type, encoding: undefined });
    assert.deepEqual(reading, { kind: "none" });
  }
});

const types: [header: string | undefined, good: boolean][] = [
  ["application/json", true],
  ["Application/JSON", true],
  ["application/json;charset=utf-8", true],
  ['application/json; charset="UTF-8"', true],
  ["application/json ; charset=utf-8", true],
  ["application/json; charset=latin1", false],
  ["application/json; charset=utf-16", false],
  ["text/plain", false],
  ["application/x-www-form-urlencoded", false],
  ["application/merge-patch+json", false],
  ["application/jsonp", false],
  ["", false],
  [undefined, false],
];
for (const [header, good] of types) {
  test(`type ${header ?? "(none)"} is ${good ? "accepted" : "refused"}`, () => {
    assert.equal(isJsonType(header), good);
    const reading = readJsonBody(Buffer.from("{}"), { type: header, encoding: undefined });
    assert.equal(reading.kind, good ? "object" : "unsupported-type");
  });
}

test("an encoded body is refused", () => {
  assert.equal(
    readJsonBody(Buffer.from("{}"), { ...json, encoding: "gzip" }).kind,
    "unsupported-type",
  );
  assert.equal(readJsonBody(Buffer.from("{}"), { ...json, encoding: "Identity" }).kind, "object");
});

const malformed: [title: string, content: string | Uint8Array, message: RegExp][] = [
  ["bytes that are not UTF-8", Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d), /UTF-8/],
  ["text that is not JSON", "{a:1}", /JSON/],
  ["an unfinished object", '{"a":', /JSON/],
  ["a byte order mark", "\ufeff{}", /JSON/],
  ["white space only", "  ", /JSON/],
  ["NaN", '{"a":NaN}', /JSON/],
  ["null", "null", /object/],
  ["an array", "[]", /object/],
  ["a number", "7", /object/],
  ["a string", '"a"', /object/],
  ["a repeated name", '{"a":1,"a":2}', /twice/],
  ["a repeated name, once escaped", '{"a":1,"\\u0061":2}', /twice/],
  ["a repeated name in a nested object", '{"a":[{"b":1,"b":1}]}', /twice/],
  ["the name __proto__", '{"__proto__":{"a":1}}', /__proto__/],
  ["the name __proto__ in a nested object", '{"a":{"__proto__":null}}', /__proto__/],
  ["nesting over 32", `{"a":${"[".repeat(32)}${"]".repeat(32)}}`, /deep/],
  ["nesting that would exhaust the stack", "[".repeat(16_000), /deep/],
];
for (const [title, content, message] of malformed) {
  test(`a body is malformed: ${title}`, () => {
    const reading = read(content);
    assert.equal(reading.kind, "malformed");
    assert.match("message" in reading ? reading.message : "", message);
  });
}

test("a body with 32 levels of nesting is read", () => {
  assert.equal(read(`{"a":${"[".repeat(31)}${"]".repeat(31)}}`).kind, "object");
});
