import assert from "node:assert/strict";
import { test } from "node:test";
import { consoleClaims, consoleSessionSeconds, isSessionOpen } from "./console-session.ts";

const nowMs = 1_800_000_000_500;
const marks = new Map([
  ["one", "1111"],
  ["two", "2222"],
]);
const claims = consoleClaims("one", "1111", nowMs);
const endMs = 1_800_000_000_000 + consoleSessionSeconds * 1000;

for (const [title, given, atMs, found] of [
  ["a session is open", claims, nowMs, true],
  ["a session lasts to its end", claims, endMs - 1, true],
  ["a session is void from its end on", claims, endMs, false],
  ["a session of a key that is gone is void", { ...claims, sub: "three" }, nowMs, false],
  ["a session of a key that was replaced is void", { ...claims, mark: "2222" }, nowMs, false],
  ["a session without a mark is void", { sub: "one", exp: claims.exp }, nowMs, false],
  ["a session without an operator is void", { mark: "1111", exp: claims.exp }, nowMs, false],
  ["a session without an end is void", { sub: "one", mark: "1111" }, nowMs, false],
  ["a session with a text as its end is void", { ...claims, exp: "9" }, nowMs, false],
] as const)
  test(title, () => assert.equal(isSessionOpen(given, atMs, marks), found));
