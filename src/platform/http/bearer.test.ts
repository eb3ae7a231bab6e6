import assert from "node:assert/strict";
import { test } from "node:test";
import { readBearer } from "./bearer.ts";

const headers: [header: string | undefined, token: string | null][] = [
  ["Bearer abc.def", "abc.def"],
  ["bearer abc", "abc"],
  ["BEARER abc", "abc"],
  ["Bearer   abc  ", "abc"],
  [undefined, null],
  ["", null],
  ["Bearer", null],
  ["Bearer ", null],
  ["Bearer  ", null],
  ["Bearerabc", null],
  ["Basic abc", null],
  ["abc", null],
  ["Bearer a b", null],
  ["Bearer é", null],
  ["Bearer a\u0000", null],
];
for (const [header, token] of headers) {
  test(`${JSON.stringify(header)} holds ${token === null ? "no token" : token}`, () => {
    assert.equal(readBearer(header), token);
  });
}
