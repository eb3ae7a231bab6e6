import assert from "node:assert/strict";
import { test } from "node:test";
import { decideRefresh, repeatMs, type Session } from "./session.ts";

const session: Session = {
  tokenHash: "newest",
  previousHash: "before",
  rotatedAtMs: 1_000,
  expiresAtMs: 100_000_000,
};

const cases: readonly [string, Partial<Session>, string, number, string][] = [
  ["the newest token gets a successor", {}, "newest", 2_000, "rotate"],
  [
    "the first token of a session gets a successor",
    { previousHash: null, rotatedAtMs: null },
    "newest",
    2_000,
    "rotate",
  ],
  ["the token before gets the same successor for 30 s", {}, "before", 1_000 + repeatMs, "repeat"],
  ["the token before ends the session after 30 s", {}, "before", 1_001 + repeatMs, "reused"],
  ["any older token ends the session", {}, "older", 1_001, "reused"],
  [
    "the newest token of an expired session gets no successor",
    { expiresAtMs: 2_000 },
    "newest",
    2_000,
    "expired",
  ],
  [
    "the previous token of an expired session gets no successor",
    { expiresAtMs: 2_000 },
    "before",
    2_000,
    "expired",
  ],
];

for (const [title, changes, hash, nowMs, expected] of cases)
  test(title, () => assert.equal(decideRefresh({ ...session, ...changes }, hash, nowMs), expected));
