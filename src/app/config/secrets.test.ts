import assert from "node:assert/strict";
import { test } from "node:test";
import { readerOf, type Environment } from "./readers.ts";
import { readOperatorKeys } from "./secrets.ts";

const first = "5f0e6c3d2b1a49887766554433221100";
const [second, third] = ["Ab1-._~x".repeat(4), "Cd2-._~y".repeat(4)];

const read = (environment: Environment) => {
  const reader = readerOf(environment);
  return { keys: readOperatorKeys(reader), faults: reader.faults };
};

test("operator keys have a name and a role; those of OPERATOR_KEY are operator and admin", () => {
  const OPERATOR_KEYS = `kim:sales:${second}, gate-1:door:${third}`;
  const named = [
    { name: "kim", role: "sales", secret: second },
    { name: "gate-1", role: "door", secret: third },
  ];
  const admin = { name: "operator", role: "admin", secret: first };
  assert.deepEqual(read({ OPERATOR_KEYS }), { keys: named, faults: [] });
  assert.deepEqual(read({ OPERATOR_KEY: first, OPERATOR_KEYS }).keys, [admin, ...named]);
});

test("without a key of either variable the fault names OPERATOR_KEY", () => {
  assert.match(read({}).faults.join(), /^OPERATOR_KEY is not set/);
});

test("a fault of OPERATOR_KEYS is the only one while OPERATOR_KEY is unset", () => {
  assert.match(read({ OPERATOR_KEYS: "kim" }).faults.join(), /^OPERATOR_KEYS must be [^,]+, /);
  assert.equal(read({ OPERATOR_KEYS: "kim" }).faults.length, 1);
});

test("the name operator and a secret of OPERATOR_KEY cannot be used again in OPERATOR_KEYS", () => {
  const own = `operator:viewer:${second}`;
  assert.deepEqual(read({ OPERATOR_KEYS: own }).faults, []);
  for (const OPERATOR_KEYS of [own, `kim:sales:${first}`])
    assert.match(read({ OPERATOR_KEY: first, OPERATOR_KEYS }).faults.join(), /must not repeat/);
});
