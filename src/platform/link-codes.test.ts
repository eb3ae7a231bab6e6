import assert from "node:assert/strict";
import { test } from "node:test";
import { hashOf, mintLinkCode } from "./link-codes.ts";

test("a link code has 192 random bits and needs no escaping in an address", () => {
  assert.match(mintLinkCode(), /^[\w-]{32}$/);
  assert.notEqual(mintLinkCode(), mintLinkCode());
});

test("a hash is SHA-256 of the text", () => {
  assert.equal(
    hashOf("abc").toString("hex"),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});
