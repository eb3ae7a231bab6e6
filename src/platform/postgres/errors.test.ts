import assert from "node:assert/strict";
import { test } from "node:test";
import pg from "pg";
import { Unavailable } from "#kernel/unavailable.ts";
import { CommitUnknown, classifyError } from "./errors.ts";

const ofServer = (code: string): pg.DatabaseError =>
  Object.assign(new pg.DatabaseError("told", 1, "error"), { code });

for (const code of [
  "57014",
  "55P03",
  "25P03",
  "25006",
  "40001",
  "40P01",
  "53100",
  "53300",
  "57P04",
]) {
  test(`${code} is transient`, () => assert.equal(classifyError(ofServer(code)), "transient"));
}
for (const code of ["57P01", "57P02", "57P03", "57P05", "08006", "58030"]) {
  test(`${code} is a lost connection`, () =>
    assert.equal(classifyError(ofServer(code)), "connection-lost"));
}
for (const code of ["23505", "23514", "42601", "42P01", "22003", "P0001", "28P01"]) {
  test(`${code} is permanent`, () => assert.equal(classifyError(ofServer(code)), "permanent"));
}
for (const code of ["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "EAI_AGAIN", "ENOTFOUND"]) {
  test(`${code} of a socket is a lost connection`, () =>
    assert.equal(classifyError(Object.assign(new Error("x"), { code })), "connection-lost"));
}
test("the driver's messages for a lost connection are recognised", () => {
  for (const text of [
    "Connection terminated unexpectedly",
    "timeout exceeded when trying to connect",
    "Client has encountered a connection error and is not queryable",
    "Cannot use a pool after calling end on the pool",
  ]) {
    assert.equal(classifyError(new Error(text)), "connection-lost");
  }
});
test("an error of the program is permanent", () => {
  assert.equal(classifyError(new TypeError("x is not a function")), "permanent");
  assert.equal(classifyError("text"), "permanent");
  assert.equal(classifyError(undefined), "permanent");
});
test("CommitUnknown is an Unavailable, which the caller may retry", () => {
  assert.ok(new CommitUnknown(new Error("x")) instanceof Unavailable);
});
