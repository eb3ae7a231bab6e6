import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { alice, bob } from "#test/support/batch.ts";
import { keyLockOf, keyTagOf } from "./key-digest.ts";

describe("the digest of an idempotency key", () => {
  it("is another one for another user and for another key", () => {
    const pairs = [
      [alice, "a"],
      [alice, "b"],
      [bob, "a"],
    ] as const;
    assert.equal(new Set(pairs.map(([user, key]) => keyTagOf(user, key))).size, 3);
    assert.equal(new Set(pairs.map(([user, key]) => keyLockOf(user, key))).size, 3);
    assert.equal(keyTagOf(alice, "a"), keyTagOf(alice, "a"));
  });

  it("gives a tag of 22 characters without the text, and a lock of 64 bits", () => {
    const key = 'a key, with "quotes" and spaces';
    assert.match(keyTagOf(alice, key), /^[A-Za-z0-9_-]{22}$/);
    const lock = BigInt(keyLockOf(alice, key));
    assert.equal(BigInt.asIntN(64, lock), lock);
  });
});
