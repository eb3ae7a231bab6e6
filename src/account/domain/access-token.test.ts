import assert from "node:assert/strict";
import { test } from "node:test";
import { toId, type UserId } from "#kernel/ids.ts";
import { accessClaims, userOfClaims } from "./access-token.ts";

const userId: UserId = toId("0190a1b2-0000-7000-8000-00000000000a");

test("an access token names its user and ends the given number of days after it is made", () => {
  assert.deepEqual(accessClaims(userId, 1_000_999, 30), {
    sub: userId,
    iat: 1_000,
    exp: 1_000 + 30 * 86_400,
  });
});

const cases: readonly [string, Record<string, unknown>, number, UserId | null][] = [
  ["a live token is its user's", { sub: userId, exp: 10 }, 9_999, userId],
  ["the user id reads in lower case", { sub: userId.toUpperCase(), exp: 10 }, 0, userId],
  ["a token ends at the first moment of exp", { sub: userId, exp: 10 }, 10_000, null],
  ["an ended token is nobody's", { sub: userId, exp: 10 }, 99_999, null],
  ["a token that never ends is nobody's", { sub: userId }, 0, null],
  ["an end that is text is no end", { sub: userId, exp: "10" }, 0, null],
  ["an endless end is no end", { sub: userId, exp: Number.POSITIVE_INFINITY }, 0, null],
  ["a token without a user is nobody's", { exp: 10 }, 0, null],
  ["a user that is no UUID is nobody", { sub: "root", exp: 10 }, 0, null],
  ["a user that is no text is nobody", { sub: 7, exp: 10 }, 0, null],
];

for (const [title, claims, nowMs, expected] of cases)
  test(title, () => assert.equal(userOfClaims(claims, nowMs), expected));
