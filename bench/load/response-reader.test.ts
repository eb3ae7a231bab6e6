import assert from "node:assert/strict";
import { test } from "node:test";
import { responseReader } from "./response-reader.ts";

const read = (chunks: readonly string[]): string[] => {
  const seen: string[] = [];
  const reader = responseReader((status, body) => seen.push(`${status} ${body.toString("utf8")}`));
  for (const chunk of chunks) reader(Buffer.from(chunk, "utf8"));
  return seen;
};

const ok = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\ncontent-length: 7\r\n\r\n{"a":1}';
const gone = "HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n";
const taken = "HTTP/1.1 409 Conflict\r\nContent-Length: 3\r\n\r\n좌";

test("an answer in one chunk is read", () => {
  assert.deepEqual(read([ok]), ['200 {"a":1}']);
});

test("answers are read however their bytes are cut", () => {
  const bytes = Buffer.from(ok + gone + taken + ok, "utf8");
  const expected = ['200 {"a":1}', "204 ", "409 좌", '200 {"a":1}'];
  for (let cut = 1; cut < bytes.length; cut++) {
    const seen: string[] = [];
    const reader = responseReader((status, body) => seen.push(`${status} ${body.toString()}`));
    reader(bytes.subarray(0, cut));
    reader(bytes.subarray(cut));
    assert.deepEqual(seen, expected, `cut at ${cut}`);
  }
});

test("one byte at a time gives the same answers", () => {
  const seen: number[] = [];
  const reader = responseReader((status) => seen.push(status));
  for (const byte of Buffer.from(ok + taken)) reader(Buffer.of(byte));
  assert.deepEqual(seen, [200, 409]);
});

test("nothing is said before the body is complete", () => {
  assert.deepEqual(read([ok.slice(0, -1)]), []);
});

test("a response that cannot be counted is refused", () => {
  assert.throws(() => read(["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"]), /chunked/);
  assert.throws(() => read(["HTTP/1.1 200 OK\r\nA: b\r\n\r\n"]), /Content-Length/);
  assert.throws(() => read(["SSH-2.0-OpenSSH\r\n\r\n"]), /not HTTP/);
  assert.throws(() => read(["x".repeat(70_000)]), /do not end/);
});

test("another header with the same ending is not taken for the length", () => {
  const odd = "HTTP/1.1 200 OK\r\nx-strength: 99\r\nContent-Length:2\r\n\r\nok";
  assert.deepEqual(read([odd, odd]), ["200 ok", "200 ok"]);
});

test("the memory of a chunk may be used again for the next one", () => {
  const bytes = Buffer.from(ok + taken + ok, "utf8");
  const memory = Buffer.alloc(16);
  const seen: string[] = [];
  const reader = responseReader((status, body) => seen.push(`${status} ${body.toString()}`));
  for (let from = 0; from < bytes.length; from += memory.length)
    reader(memory.subarray(0, bytes.copy(memory, 0, from, from + memory.length)));
  assert.deepEqual(seen, ['200 {"a":1}', "409 좌", '200 {"a":1}']);
});
