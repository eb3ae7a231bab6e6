import assert from "node:assert/strict";
import { test } from "node:test";
import { toId } from "#kernel/ids.ts";
import { tokenRing } from "#platform/jwt.ts";
import { encodeClaims } from "../domain/token-claims.ts";
import { jwtQueueTokens } from "./jwt-queue-tokens.ts";

const ring = tokenRing([{ id: "k1", secret: new Uint8Array(32).fill(7) }]);
const tokens = jwtQueueTokens(ring);
const place = {
  userId: toId<"user">("0190a1b2-0000-7000-8000-000000000001"),
  concertId: toId<"concert">("0190a1b2-0000-7000-8000-000000000002"),
  epoch: 1,
  seq: 5,
};
const claims = encodeClaims(place, 1_000_000, 2_000_000);

test("a token is read as it was signed, also long after its slot is over", () => {
  assert.deepEqual(tokens.read(tokens.sign(claims)), {
    ...place,
    placeId: "1.5",
    activeUntilSeconds: 2_000,
  });
});

test("a token of another purpose, another key, or with other content is none", () => {
  assert.equal(tokens.read(ring.sign("access", claims)), null);
  const foreign = tokenRing([{ id: "k1", secret: new Uint8Array(32).fill(8) }]);
  assert.equal(tokens.read(foreign.sign("queue", claims)), null);
  assert.equal(tokens.read(ring.sign("queue", { ...claims, seq: 6 })), null);
  assert.equal(tokens.read("nonsense"), null);
});
