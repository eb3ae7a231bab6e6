import assert from "node:assert/strict";
import { test } from "node:test";
import { toId } from "#kernel/ids.ts";
import { tokenSigner } from "#platform/token-signer.ts";
import { encodeClaims } from "../domain/token-claims.ts";
import { jwtQueueTokens } from "./jwt-queue-tokens.ts";

const ring = tokenSigner([{ id: "k1", secret: new Uint8Array(32).fill(7) }]);
const tokens = jwtQueueTokens(ring);
const place = {
  userId: toId<"user">("0190a1b2-0000-7000-8000-000000000001"),
  concertId: toId<"concert">("0190a1b2-0000-7000-8000-000000000002"),
  epoch: 1,
  seq: 5,
};
const claims = encodeClaims(place, 1_000_000, 2_000_000);

test("a token reads as it was signed, also long after its slot is over", () => {
  // A clone has the claims without the token that they were read from.
  assert.deepEqual(structuredClone(tokens.read(tokens.sign(claims))), {
    ...place,
    placeId: "1.5",
    activeUntilSeconds: 2_000,
  });
});

test("a token with another purpose, key or content is refused", () => {
  assert.equal(tokens.read(ring.sign("access", claims)), null);
  const foreign = tokenSigner([{ id: "k1", secret: new Uint8Array(32).fill(8) }]);
  assert.equal(tokens.read(foreign.sign("queue", claims)), null);
  assert.equal(tokens.read(ring.sign("queue", { ...claims, seq: 6 })), null);
  assert.equal(tokens.read("nonsense"), null);
});

test("a place that still waits gets its token back; a place that changes gets a new one", () => {
  const waiting = encodeClaims(place, 1_000_000, null);
  const later = encodeClaims(place, 5_000_000, null);
  const shown = tokens.sign(waiting);
  const read = tokens.read(shown) ?? assert.fail();
  assert.equal(tokens.renew(read, later), shown);
  const active = tokens.renew(read, claims);
  assert.equal(tokens.read(active)?.activeUntilSeconds, 2_000);
  const readActive = tokens.read(active) ?? assert.fail();
  assert.equal(tokens.renew(readActive, claims), active);
  assert.equal(tokens.read(tokens.renew(readActive, later))?.activeUntilSeconds, undefined);
});

test("a token of an older key is renewed with the newest key", () => {
  const newKey = { id: "k2", secret: new Uint8Array(32).fill(9) };
  const rotated = jwtQueueTokens(
    tokenSigner([newKey, { id: "k1", secret: new Uint8Array(32).fill(7) }]),
  );
  const waiting = encodeClaims(place, 1_000_000, null);
  const old = tokens.sign(waiting);
  const read = rotated.read(old) ?? assert.fail();
  const renewed = rotated.renew(read, waiting);
  assert.notEqual(renewed, old);
  assert.equal(tokenSigner([newKey]).verify("queue", renewed)?.["seq"], 5);
});

test("claims that come from no token are signed", () => {
  const waiting = encodeClaims(place, 1_000_000, null);
  const claimed = { ...place, placeId: "1.5" };
  assert.deepEqual(structuredClone(tokens.read(tokens.renew(claimed, waiting))), claimed);
});

test("an instance that does not know of a new token epoch yet renews a token with that epoch", () => {
  const informed = jwtQueueTokens(ring, () => 1);
  const late = jwtQueueTokens(ring, () => 0);
  const shown = informed.sign(encodeClaims(place, 1_000_000, null));
  const read = late.read(shown) ?? assert.fail();
  const renewed = late.renew(read, claims);
  assert.notEqual(renewed, shown);
  assert.ok(informed.read(renewed), "the renewed token is not revoked");
  assert.equal(informed.read(late.sign(claims)), null, "without a shown token it is");
});
