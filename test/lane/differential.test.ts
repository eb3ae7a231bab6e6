import assert from "node:assert/strict";
import { test } from "node:test";
import { readRequest, type ReadRequest } from "#platform/http/lane/grammar.ts";
import { compareLanes } from "./compare.ts";

// A small part of `npm run fuzz:lane`, which sends a million.

test("3,000 byte streams, good, broken, cut and smuggled, get the same answers with the fast lane", async () => {
  assert.deepEqual(await compareLanes({ from: 0, count: 3_000 }), []);
});

const without =
  (pattern: RegExp): ReadRequest =>
  (bytes) =>
    readRequest(Buffer.from(bytes.toString("latin1").replace(pattern, ""), "latin1"));

for (const [title, planted] of [
  ["ignores Transfer-Encoding", without(/^transfer-encoding:.*\r\n/im)],
  ["ignores Connection: close", without(/^connection: close\r\n/im)],
  [
    "takes the first of two lengths",
    without(/(?<=content-length: \d+\r\n[^]*)^content-length:.*\r\n/im),
  ],
  ["forgets bytes behind the request", without(/(?<=^(?:GET|HEAD) [^]*?\r\n\r\n)[^]+/)],
] as const) {
  test(`a planted fault is found: a lane that ${title}`, async () => {
    const seeds = { from: 0, count: 3_000, differencesMax: 1, keepAliveMs: 1_000 };
    const found = await compareLanes(seeds, planted);
    assert.notDeepEqual(found, []);
  });
}
