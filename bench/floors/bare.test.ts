import assert from "node:assert/strict";
import { test } from "node:test";
import { cannedFrom, sampleAnswer, startBareServer } from "./bare.ts";

const request = Buffer.from("GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
const withoutDate = (bytes: Buffer): string => bytes.toString("utf8").replace(/^Date:.*\r\n/m, "");

test("the bare server sends the same bytes as the server it stands for", async () => {
  const canned = {
    status: 409,
    headers: ["content-type", "application/problem+json; charset=utf-8", "content-length", "12"],
    body: '{"a":"좌석"}'.slice(0, 10),
  };
  const length = Buffer.byteLength(canned.body);
  canned.headers[3] = String(length);
  const first = await startBareServer(canned);
  try {
    const bytes = await sampleAnswer(first.port, request);
    assert.deepEqual(cannedFrom(bytes), canned);
    const second = await startBareServer(cannedFrom(bytes));
    try {
      const again = await sampleAnswer(second.port, request);
      assert.equal(withoutDate(again), withoutDate(bytes));
    } finally {
      await second.close();
    }
  } finally {
    await first.close();
  }
});
