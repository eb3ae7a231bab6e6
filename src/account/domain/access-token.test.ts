import assert from "node:assert/strict";
import { test } from "node:test";
import { toId, type UserId } from "#kernel/ids.ts";
import { accessClaims, subjectOfClaims, type AccessSubject } from "./access-token.ts";

const userId: UserId = toId("0190a1b2-0000-7000-8000-00000000000a");

test("an access token has its user and expires the given number of seconds after its issue", () => {
  const grant = { userId, nowMs: 1_000_999, seconds: 900, tokenEpoch: 0, isRecovered: false };
  const claims = { sub: userId, iat: 1_000, exp: 1_900 };
  assert.deepEqual(accessClaims(grant), claims);
  assert.deepEqual(accessClaims({ ...grant, tokenEpoch: 3, isRecovered: true }), {
    ...claims,
    te: 3,
    rec: 1,
  });
});

const plain: AccessSubject = { userId, tokenEpoch: 0, isRecovered: false };

const cases: readonly [string, Record<string, unknown>, number, AccessSubject | null][] = [
  ["a token carries its epoch", { sub: userId, exp: 10, te: 2 }, 0, { ...plain, tokenEpoch: 2 }],
  [
    "a token of a recovery says so",
    { sub: userId, exp: 10, rec: 1 },
    0,
    { ...plain, isRecovered: true },
  ],
  ["an epoch that is text is refused", { sub: userId, exp: 10, te: "2" }, 0, null],
  ["a valid token identifies its user", { sub: userId, exp: 10 }, 9_999, plain],
  ["the user id is converted to lower case", { sub: userId.toUpperCase(), exp: 10 }, 0, plain],
  ["a token has expired at the first millisecond of exp", { sub: userId, exp: 10 }, 10_000, null],
  ["an expired token is refused", { sub: userId, exp: 10 }, 99_999, null],
  ["a token without an expiry is refused", { sub: userId }, 0, null],
  ["an expiry that is text is refused", { sub: userId, exp: "10" }, 0, null],
  ["an infinite expiry is refused", { sub: userId, exp: Number.POSITIVE_INFINITY }, 0, null],
  ["a token without a user is refused", { exp: 10 }, 0, null],
  ["a user that is not a UUID is refused", { sub: "root", exp: 10 }, 0, null],
  ["a user that is not text is refused", { sub: 7, exp: 10 }, 0, null],
];

for (const [title, claims, nowMs, expected] of cases)
  test(title, () => assert.deepEqual(subjectOfClaims(claims, nowMs), expected));
