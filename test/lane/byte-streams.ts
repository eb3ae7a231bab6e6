import { concert, me, planTag } from "#test/support/sample-server.ts";

// Byte streams of clients, good and bad, for two servers that must answer them alike. All come from a seed, so that a stream
// that differs can be sent again.

/** A number from 0 up to, not including, `below`. */
export type Draw = (below: number) => number;

/** Mulberry32: small, seeded, and good enough to choose cases. */
export const drawFrom = (seed: number): Draw => {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
};

const oneOf = <T>(draw: Draw, values: readonly T[]): T => values[draw(values.length)] as T;

const api = "/api/v1";
const bodies = [
  "{}",
  '{"name":"Kim"}',
  '{"name":"김하늘"}',
  '{"name":1}',
  '{"date":"2026-12-24","seatNumbers":[1,2]}',
  '{"date":"2026-12-24","seatNumbers":[13]}',
  '{"date":"2026-12-24","seatNumbers":[]}',
  '{"amount":500}',
  '{"amount":500,"amount":1}',
  "[1]",
  "{",
  '{"__proto__":{}}',
];
const gets = [
  `${api}/users/${me}/balance`,
  `${api}/users/${me.toUpperCase()}/balance`,
  `${api}/users/no-id/balance`,
  `${api}/concerts/${concert}/queue/tokens/me`,
  `${api}/concerts/${concert}/queue/tokens/me?x=1`,
  `${api}/concerts/${concert}/dates/2026-12-24/seats`,
  `${api}/concerts/${concert}/dates/2026-02-30/seats`,
  `${api}/concerts/${concert}`,
  `${api}/plans/${concert}`,
  `${api}/failing/throws`,
  `${api}/failing/rejects`,
  `${api}/failing/away`,
  `${api}/failing/%74hrows`,
  `${api}/nothing`,
  "/healthz",
];
const posts = [
  `${api}/users`,
  `${api}/users/${me}/balance/charges`,
  `${api}/reservations`,
  `${api}/users/`,
];
const tokens = ["access-me", "access-later", "access-away", "queue-active", "queue-waiting", "x"];
const extras = [
  "Accept: */*",
  "Connection: keep-alive",
  "connection: Keep-Alive",
  "Connection: close",
  "X-Request-Id: abc-1",
  "X-Request-Id: a b",
  "Idempotency-Key: k1",
  'Idempotency-Key: "k,2"',
  "Idempotency-Key: ",
  "X-Forwarded-For: 10.0.0.1, 10.0.0.2",
  "Expect: 100-continue",
  "Upgrade: h2c",
  "Transfer-Encoding: chunked",
  "Transfer-Encoding: identity",
  "Transfer-Encoding : chunked",
  "Content-Encoding: gzip",
  "Content-Length: 0",
  "Content-Length: 2",
  "Content-Length: +2",
  "Content-Length: 2, 2",
  "Host: other",
  "Host:",
  "X-Odd: 1",
  " folded: 1",
  "If-None-Match: *",
  `If-None-Match: ${planTag}`,
  "Accept-Encoding: gzip",
  "Accept-Encoding: gzip, deflate, br",
  "Authorization: Bearer queue-active",
  "Authorization: Bearer é",
];

const requestOf = (draw: Draw): string => {
  const isPost = draw(2) === 0;
  const body = isPost && draw(6) > 0 ? oneOf(draw, bodies) : "";
  const lines = [
    `${isPost ? "POST" : "GET"} ${oneOf(draw, isPost ? posts : gets)} HTTP/1.1`,
    "Host: frontrow.example",
    ...(draw(5) > 0 ? [`Authorization: Bearer ${oneOf(draw, tokens)}`] : []),
    ...(body === "" ? [] : ["Content-Type: application/json"]),
    ...(body === "" ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
  ];
  for (let count = draw(5) - 2; count > 0; count -= 1) {
    lines.splice(1 + draw(lines.length), 0, oneOf(draw, extras));
  }
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
};

/** Requests in which one server may see another end than a second one. */
const smuggled = [
  "POST /api/v1/users HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
  "POST /api/v1/users HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 40\r\n\r\n{}GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
  "POST /api/v1/users HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 02\r\n\r\n{}",
  "POST /api/v1/users HTTP/1.1\nHost: a\nContent-Length: 2\n\n{}",
  "GET /api/v1/nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 30\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
  "GET /healthz HTTP/1.0\r\n\r\n",
  "GET http://a/healthz HTTP/1.1\r\nHost: a\r\n\r\n",
  "\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
  "POST /api/v1/users HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\nContent-Length: 2\r\n\r\n{}",
  "POST /api/v1/users HTTP/1.1\r\nHost: a\r\nX: y\rTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}",
  "POST /api/v1/users HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\tchunked\r\n\r\n0\r\n\r\n",
  "HEAD /api/v1/nothing HTTP/1.1\r\nHost: a\r\n\r\n",
  "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
];

const splice = (bytes: Buffer, at: number, removed: number, added: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)]);

const oddPieces = [
  "\r\n",
  "\n",
  "\r",
  " ",
  "\t",
  "\0",
  ":",
  "é",
  "0",
  "\r\n\r\n",
  "Content-Length: 5\r\n",
];

/** Changes one place of the bytes: replaces a byte, inserts, removes or repeats some. */
const mutated = (draw: Draw, bytes: Buffer): Buffer => {
  const at = draw(bytes.length);
  switch (draw(4)) {
    case 0:
      return splice(bytes, at, 1, Buffer.from([draw(256)]));
    case 1:
      return splice(bytes, at, 0, Buffer.from(oneOf(draw, oddPieces)));
    case 2:
      return splice(bytes, at, 1 + draw(8), Buffer.alloc(0));
    default:
      return splice(bytes, at, 0, bytes.subarray(at, at + draw(40)));
  }
};

/** Ends every stream: the answer to it closes the connection. */
export const lastRequest = "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

const piecesOf = (draw: Draw, bytes: Buffer): Buffer[] => {
  const cuts = draw(5) === 0 ? Array.from({ length: 1 + draw(3) }, () => draw(bytes.length)) : [];
  const ends = [...cuts.toSorted((one, other) => one - other), bytes.length];
  return ends
    .map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
    .filter((piece) => piece.length > 0);
};

/**
 * One stream as the pieces in which it is sent: 1 to 3 requests, good or smuggled or mutated, each in one piece, cut at any
 * places, or in one piece with the next; then a last one.
 */
export const streamOf = (draw: Draw): readonly Buffer[] => {
  const requests = Array.from({ length: 1 + draw(3) }, () => {
    const text = draw(12) === 0 ? oneOf(draw, smuggled) : requestOf(draw);
    const bytes = Buffer.from(text);
    return draw(4) === 0 ? mutated(draw, bytes) : bytes;
  });
  const last = Buffer.from(lastRequest);
  if (draw(5) === 0) return piecesOf(draw, Buffer.concat([...requests, last]));
  return [...requests.flatMap((request) => piecesOf(draw, request)), last];
};
