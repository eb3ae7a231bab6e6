import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { canonicalJson, fingerprintOf } from "./fingerprint.ts";

const of = (text: string): string => fingerprintOf("POST", "/p", JSON.parse(text));

test("the order of members and white space make no difference, at any depth", () => {
  assert.equal(of('{"a":1,"b":{"c":2,"d":3}}'), of('{ "b": {"d":3, "c":2}, "a":1 }'));
});

test("the order of an array makes a difference", () => {
  assert.notEqual(of('{"a":[1,2]}'), of('{"a":[2,1]}'));
});

test("values, types, names and nesting make a difference", () => {
  const all = [
    '{"a":1}',
    '{"a":"1"}',
    '{"a":2}',
    '{"b":1}',
    '{"a":[1]}',
    '{"a":null}',
    "{}",
    "null",
  ];
  assert.equal(new Set(all.map(of)).size, all.length);
});

test("two spellings of one number are one value", () => {
  assert.equal(of('{"a":1e2}'), of('{"a":100}'));
});

test("method and path make a difference", () => {
  const all = [
    ["POST", "/p"],
    ["PUT", "/p"],
    ["POST", "/q"],
  ] as const;
  assert.equal(new Set(all.map(([method, path]) => fingerprintOf(method, path, {}))).size, 3);
});

test("a fingerprint is the SHA-256 of method, path and canonical body in hex", () => {
  const expected = createHash("sha256").update('POST\n/p\n{"a":1}').digest("hex");
  assert.equal(of('{"a":1}'), expected);
});

test("canonical JSON is JSON", () => {
  const value = { z: [1, "é\n", null, true], a: { '"': "" } };
  assert.deepEqual(JSON.parse(canonicalJson(value)), value);
  assert.equal(canonicalJson({ b: undefined, a: 1 }), '{"a":1}');
  assert.equal(canonicalJson(undefined), "null");
});
