import assert from "node:assert/strict";
import { test } from "node:test";
import { laneBytesMax, readRequest } from "./grammar.ts";

const good = "POST /api/v1/reservations HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}";

const readText = (text: string) => readRequest(Buffer.from(text, "latin1"));

test("a complete request is read: its names in lower case, its values trimmed, its body", () => {
  const head = readText(
    "POST /a/b-1_2 HTTP/1.1\r\nHOST:  a \r\nAuthorization:Bearer x\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\n{}",
  );
  assert.deepEqual(head, {
    method: "POST",
    target: "/a/b-1_2",
    headers: {
      host: "a",
      authorization: "Bearer x",
      connection: "Keep-Alive",
      "content-length": "2",
    },
    body: Buffer.from("{}"),
  });
  assert.equal(readText("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")?.body.length, 0);
});

for (const [title, text] of [
  ["no end of the head", good.slice(0, 60)],
  ["a body that is too short", good.slice(0, -1)],
  ["a byte behind the body", `${good}x`],
  ["a second request behind it", `${good}GET / HTTP/1.1\r\nHost: a\r\n\r\n`],
  ["another method", good.replace("POST", "PUT")],
  ["HTTP/1.0", good.replace("HTTP/1.1", "HTTP/1.0")],
  ["a query", good.replace("reservations", "reservations?a=1")],
  ["an encoded path", good.replace("reservations", "%72eservations")],
  ["two spaces", good.replace("POST ", "POST  ")],
  ["an unknown name", good.replace("Host", "X-Odd: 1\r\nHost")],
  ["a name twice", good.replace("Host: a", "Host: a\r\nhost: b")],
  ["two lengths", good.replace("Host: a", "Host: a\r\nContent-Length: 2")],
  ["a space before the colon", good.replace("Host:", "Host :")],
  ["a folded line", good.replace("Host: a", "Host: a\r\n b")],
  ["a line without a colon", good.replace("Host: a", "Host: a\r\nhost")],
  ["a bare line feed", good.replace("Host: a\r\n", "Host: a\n")],
  ["a bare carriage return", good.replace("Host: a", "Host: a\rb")],
  ["a byte above ASCII", good.replace("Host: a", "Host: \u00e9")],
  ["a tab", good.replace("Host: a", "Host: a\tb")],
  ["a NUL", good.replace("Host: a", "Host: a\0")],
  ["no host", good.replace("Host: a\r\n", "")],
  ["an empty host", good.replace("Host: a", "Host: ")],
  ["Transfer-Encoding", good.replace("Host: a", "Host: a\r\nTransfer-Encoding: chunked")],
  ["Expect", good.replace("Host: a", "Host: a\r\nExpect: 100-continue")],
  ["Upgrade", good.replace("Host: a", "Host: a\r\nUpgrade: h2c")],
  ["Connection: close", good.replace("Host: a", "Host: a\r\nConnection: close")],
  ["a length with a sign", good.replace("Length: 2", "Length: +2")],
  ["a length with a zero in front", good.replace("Length: 2", "Length: 02")],
  ["a length of a GET", good.replace("POST", "GET")],
  ["too many bytes", good.replace("Host: a", `Host: ${"a".repeat(laneBytesMax)}`)],
] as const) {
  test(`node:http gets a request with ${title}`, () => {
    assert.notEqual(readText(good), null);
    assert.equal(readText(text), null);
  });
}
