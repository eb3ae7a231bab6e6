import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { cannedFrom, sampleAnswer, startBareServer } from "./bare.ts";
import type { CannedAnswer } from "./bare-server.ts";

const request = Buffer.from("GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
const withoutDate = (bytes: Buffer): string =>
  bytes.toString("latin1").replace(/^Date:.*\r\n/m, "");

const answerOf = (body: string): CannedAnswer => ({
  status: 409,
  headers: [
    ...["content-type", "application/problem+json; charset=utf-8"],
    ...["content-length", String(Buffer.byteLength(body))],
  ],
  body,
});

/** The bytes that a server of the same settings sends for a body of bytes. */
const bytesOf = async ({ status, headers, body }: CannedAnswer): Promise<Buffer> => {
  const server = createServer({ keepAliveTimeout: 60_000 }, (_request, response) => {
    response.writeHead(status, [...headers]);
    response.end(Buffer.from(body, "utf8"));
  }).listen(0, "127.0.0.1");
  try {
    await once(server, "listening");
    return await sampleAnswer((server.address() as AddressInfo).port, request);
  } finally {
    server.close();
  }
};

const bareBytesOf = async (canned: CannedAnswer): Promise<Buffer> => {
  const server = await startBareServer(canned);
  try {
    return await sampleAnswer(server.port, request);
  } finally {
    await server.close();
  }
};

test("the bare server sends the bytes of the server that it stands for", async () => {
  for (const body of ['{"status":"WAITING"}', '{"좌석":"가","é":"🎫"}', ""]) {
    const canned = answerOf(body);
    const bytes = await bytesOf(canned);
    assert.deepEqual(cannedFrom(bytes), canned);
    const bare = await bareBytesOf(cannedFrom(bytes));
    assert.equal(withoutDate(bare), withoutDate(bytes));
    assert.ok(bare.subarray(bare.length - Buffer.byteLength(body)).equals(Buffer.from(body)));
  }
});
