import assert from "node:assert/strict";
import { test } from "node:test";
import pg from "pg";
import { Unavailable } from "#kernel/unavailable.ts";
import { CommitUnknown, judgeTrouble } from "./trouble.ts";

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
  test(`${code} is a refusal for now`, () => assert.equal(judgeTrouble(ofServer(code)), "refused"));
}
for (const code of ["57P01", "57P02", "57P03", "57P05", "08006", "58030"]) {
  test(`${code} is a lost connection`, () => assert.equal(judgeTrouble(ofServer(code)), "lost"));
}
for (const code of ["23505", "23514", "42601", "42P01", "22003", "P0001", "28P01"]) {
  test(`${code} is the caller's`, () => assert.equal(judgeTrouble(ofServer(code)), "plain"));
}
for (const code of ["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "EAI_AGAIN", "ENOTFOUND"]) {
  test(`${code} of a socket is a lost connection`, () =>
    assert.equal(judgeTrouble(Object.assign(new Error("x"), { code })), "lost"));
}
test("the driver's own words for a lost connection are known", () => {
  for (const text of [
    "Connection terminated unexpectedly",
    "timeout exceeded when trying to connect",
    "Client has encountered a connection error and is not queryable",
    "Cannot use a pool after calling end on the pool",
  ]) {
    assert.equal(judgeTrouble(new Error(text)), "lost");
  }
});
test("a bug is a bug", () => {
  assert.equal(judgeTrouble(new TypeError("x is not a function")), "plain");
  assert.equal(judgeTrouble("text"), "plain");
  assert.equal(judgeTrouble(undefined), "plain");
});
test("an unknown commit is trouble that may be asked again", () => {
  assert.ok(new CommitUnknown(new Error("x")) instanceof Unavailable);
});
