import assert from "node:assert/strict";
import { test } from "node:test";
import { toId } from "#kernel/ids.ts";
import { decodeClaims, encodeClaims, saysActive } from "./token-claims.ts";

const place = {
  userId: toId<"user">("0190a1b2-0000-7000-8000-000000000001"),
  concertId: toId<"concert">("0190a1b2-0000-7000-8000-000000000002"),
  epoch: 2,
  seq: 37,
};

const waiting = {
  sub: place.userId,
  concertId: place.concertId,
  jti: "2.11",
  seq: 37,
  epoch: 2,
  iat: 1_790_000_000,
};

test("a token has the user, the concert and the place", () => {
  assert.deepEqual(encodeClaims(place, 1_790_000_000_999, null), waiting);
});

test("the token of an ACTIVE place has the end of the slot, never earlier than the slot", () => {
  const expected = { ...waiting, activeUntil: 1_790_000_601 };
  assert.deepEqual(encodeClaims(place, 1_790_000_000_000, 1_790_000_600_001), expected);
});

test("encoded claims decode to the same claims", () => {
  assert.deepEqual(decodeClaims({ ...waiting, aud: "queue" }), { ...place, placeId: "2.11" });
  const active = decodeClaims({ ...waiting, activeUntil: 5 });
  assert.deepEqual(active, { ...place, placeId: "2.11", activeUntilSeconds: 5 });
});

const foreign: readonly [string, Record<string, unknown>][] = [
  ["no subject", { sub: undefined }],
  ["a subject that is no UUID", { sub: "me" }],
  ["a subject that is a number", { sub: 7 }],
  ["no concert", { concertId: undefined }],
  ["a concert that is no UUID", { concertId: "x" }],
  ["no number", { seq: undefined }],
  ["a number that is text", { seq: "37" }],
  ["a number outside the band", { seq: 0 }],
  ["no epoch", { epoch: undefined }],
  ["another id of the place", { jti: "2.12" }],
  ["no id of the place", { jti: undefined }],
  ["a time that is text", { activeUntil: "5" }],
  ["a time that is no whole number", { activeUntil: 5.5 }],
  ["a time of null", { activeUntil: null }],
];

for (const [name, changes] of foreign) {
  test(`content with ${name} is refused`, () => {
    assert.equal(decodeClaims({ ...waiting, ...changes }), null);
  });
}

test("a token says ACTIVE exactly until its time", () => {
  const claims = { ...place, placeId: "2.11" };
  assert.equal(saysActive(claims, 0), false);
  assert.equal(saysActive({ ...claims, activeUntilSeconds: 5 }, 4_999), true);
  assert.equal(saysActive({ ...claims, activeUntilSeconds: 5 }, 5_000), false);
});
