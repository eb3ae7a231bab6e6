import assert from "node:assert/strict";
import net from "node:net";
import { after, test } from "node:test";
import { concert, me, sampleServer } from "#test/support/sample-server.ts";
import { answerBrokenRequest, unroutedHandler } from "./unrouted.ts";

const sample = await sampleServer();
after(() => sample.server.close());
const { server } = sample;
const address = new URL(await server.listen({ host: "127.0.0.1", port: 0 }));

const ask = async (method: string, url: string, headers: Record<string, string> = {}) => {
  const answer = await server.inject({ method: method as "GET", url, headers });
  const code = answer.body.startsWith("{") ? (answer.json() as { code?: string }).code : undefined;
  return { status: answer.statusCode, code, headers: answer.headers, body: answer.body };
};

/** Sends bytes as they are and reads until the server closes or half a second has passed. */
const raw = (text: string): Promise<string> =>
  new Promise((resolve) => {
    const socket = net.connect(Number(address.port), address.hostname, () => socket.write(text));
    let answer = "";
    const end = (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(500, end);
    socket.on("data", (chunk) => (answer += chunk.toString("latin1")));
    socket.on("end", end);
    socket.on("error", end);
  });

const mine = `/api/v1/concerts/${concert}/queue/tokens/me`;

test("an unknown path is 404, whatever the method, token and body", async () => {
  for (const method of ["GET", "POST", "PUT", "DELETE", "OPTIONS", "TRACE"]) {
    const answer = await ask(method, "/api/v1/nothing", { "content-type": "a" });
    assert.deepEqual([answer.status, answer.code], [404, "NOT_FOUND"], method);
  }
});

test("a path matches exactly or not at all", async () => {
  for (const path of ["/api/v1/users/", "/API/v1/users", "//api/v1/users", "/api/v1/users//"]) {
    assert.equal((await ask("POST", path)).status, 404, path);
  }
});

test("another method on a known path is 405 with Allow", async () => {
  const cases: [method: string, path: string, allow: string][] = [
    ["PUT", "/api/v1/users", "OPTIONS, POST"],
    ["GET", "/api/v1/users", "OPTIONS, POST"],
    ["HEAD", "/api/v1/users", "OPTIONS, POST"],
    ["POST", mine, "DELETE, GET, HEAD, OPTIONS"],
    ["TRACE", mine, "DELETE, GET, HEAD, OPTIONS"],
    ["PROPFIND", mine, "DELETE, GET, HEAD, OPTIONS"],
    ["PUT", `/api/v1/concerts/not-an-id`, "GET, HEAD, OPTIONS"],
    ["POST", "/healthz", "GET, HEAD, OPTIONS"],
  ];
  for (const [method, path, allow] of cases) {
    const answer = await ask(method, path, { "content-type": "text/plain" });
    assert.deepEqual([answer.status, answer.headers["allow"]], [405, allow], `${method} ${path}`);
    if (method !== "HEAD") assert.equal(answer.code, "METHOD_NOT_ALLOWED");
  }
});

test("OPTIONS answers the methods of a path", async () => {
  const answer = await ask("OPTIONS", mine);
  assert.deepEqual([answer.status, answer.headers["allow"]], [204, "DELETE, GET, HEAD, OPTIONS"]);
});

test("HEAD has the headers of GET and no body", async () => {
  const url = `/api/v1/concerts/${concert}`;
  const [head, get] = [await ask("HEAD", url), await ask("GET", url)];
  assert.deepEqual([head.status, head.body], [200, ""]);
  assert.equal(head.headers["content-length"], get.headers["content-length"]);
  assert.equal((await ask("HEAD", mine)).status, 401);
});

test("malformed percent-encoding is 400 in path and query, on known and unknown paths", async () => {
  const urls = [
    "/api/v1/concerts/%zz",
    "/nothing/%zz",
    "/api/v1/concerts/%00",
    "/%ff",
    "/%",
    `/api/v1/concerts/${concert}?limit=%zz`,
    `/api/v1/concerts/${concert}?other=%ff`,
  ];
  for (const url of urls) {
    const answer = await ask("GET", url);
    assert.deepEqual([answer.status, answer.code], [400, "INVALID_REQUEST"], url);
  }
});

test("a parameter of any length is checked by its schema", async () => {
  assert.equal((await ask("GET", `/api/v1/concerts/${"a".repeat(1500)}`)).status, 400);
  const long = await ask("GET", `/api/v1/concerts/${"a".repeat(5000)}`);
  assert.ok(long.status === 404 || long.status === 400);
});

test("unknown query parameters are ignored; repeated and malformed ones are refused", async () => {
  const url = `/api/v1/concerts/${concert}`;
  assert.equal((await ask("GET", `${url}?other=1&other=2`)).status, 200);
  for (const query of [
    "limit=1&limit=2",
    "limit=0",
    "limit=101",
    "limit=1e1",
    "limit=",
    "cursor=",
  ]) {
    const answer = await ask("GET", `${url}?${query}`);
    assert.deepEqual([answer.status, answer.code], [400, "INVALID_REQUEST"], query);
  }
});

const broken: [title: string, text: string, status: number][] = [
  ["bytes that are not HTTP", "hello\r\n\r\n", 400],
  ["an unknown method", "FROB / HTTP/1.1\r\nHost: x\r\n\r\n", 400],
  ["a header without a name", "GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n", 400],
  [
    "two lengths",
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na",
    400,
  ],
  [
    "length and chunks",
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    400,
  ],
  [
    "headers that are too long",
    `GET / HTTP/1.1\r\nHost: x\r\nA: ${"x".repeat(20_000)}\r\n\r\n`,
    431,
  ],
  ["a URL that is too long", `GET /${"x".repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
];
for (const [title, text, status] of broken) {
  test(`on the wire: ${title} is a ${status} problem`, async () => {
    const answer = await raw(text);
    assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `));
    assert.match(answer, /Content-Type: application\/problem\+json/i);
    const body = JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4)) as Record<
      string,
      unknown
    >;
    assert.deepEqual([body["status"], body["code"]], [status, "INVALID_REQUEST"]);
    assert.doesNotMatch(answer, /HPE_|Parse Error|node:/);
  });
}

test("on the wire: a request without Host is a 400 problem", async () => {
  const answer = await raw(`GET /api/v1/concerts/${concert} HTTP/1.1\r\n\r\n`);
  assert.match(answer, /^HTTP\/1.1 400 [^]*INVALID_REQUEST/);
});

test("on the wire: two or more Host headers are a 400 problem", async () => {
  const head = `GET /api/v1/concerts/${concert} HTTP/1.1\r\n`;
  assert.match(
    await raw(`${head}Host: a\r\nhost: b\r\n\r\n`),
    /^HTTP\/1.1 400 [^]*INVALID_REQUEST/,
  );
  assert.match(
    await raw(`${head}HOST: a\r\nHost: a\r\n\r\n`),
    /^HTTP\/1.1 400 [^]*INVALID_REQUEST/,
  );
});

test("on the wire: an absolute target is routed by its path, whatever the method", async () => {
  const head = (method: string, path: string): string =>
    `${method} http://other${path} HTTP/1.1\r\nHost: other\r\n\r\n`;
  assert.match(
    await raw(head("PUT", mine)),
    /^HTTP\/1.1 405 [^]*\r\nallow: DELETE, GET, HEAD, OPTIONS/i,
  );
  assert.match(await raw(head("OPTIONS", mine)), /^HTTP\/1.1 204 /);
  assert.match(await raw(head("PUT", "/api/v1/nothing")), /^HTTP\/1.1 404 /);
});

test("on the wire: a path ends at a raw #, for each method", async () => {
  const head = (method: string): string => `${method} /healthz#x HTTP/1.1\r\nHost: x\r\n\r\n`;
  assert.match(await raw(head("GET")), /^HTTP\/1.1 200 /);
  assert.match(await raw(head("POST")), /^HTTP\/1.1 405 /);
});

test("on the wire: unusual requests are answered, never with 500", async () => {
  const odd = [
    "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET http://other/healthz HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nHost: x\r\nExpect: magic\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    `GET ${mine} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xff\xfe\r\n\r\n`,
    `GET ${mine} HTTP/1.1\r\nHost: x\r\nAuthorization: a\r\nAuthorization: b\r\n\r\n`,
    `POST /api/v1/users/${me}/balance/charges HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer access-me\r\nIdempotency-Key: a\r\nIdempotency-Key: a\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{"amount":1}`,
    "GET /\xe9 HTTP/1.1\r\nHost: x\r\n\r\n",
  ];
  for (const text of odd) {
    assert.match(await raw(text), /^HTTP\/1.1 (200|204|400|401|404) /, text);
  }
});

test("on the wire: two Idempotency-Key headers are refused, even when equal", async () => {
  const head = `POST /api/v1/users/${me}/balance/charges HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer access-me\r\n`;
  const body = 'Content-Type: application/json\r\nContent-Length: 12\r\n\r\n{"amount":1}';
  assert.match(await raw(`${head}Idempotency-Key: a\r\n${body}`), /^HTTP\/1.1 201 /);
  const twice = await raw(`${head}Idempotency-Key: a\r\nIdempotency-Key: a\r\n${body}`);
  assert.match(twice, /^HTTP\/1.1 400 [^]*idempotency-key/);
});

test("on the wire: CONNECT is a 405 problem", async () => {
  const answer = await raw("CONNECT other:80 HTTP/1.1\r\nHost: other:80\r\n\r\n");
  assert.match(answer, /^HTTP\/1.1 405 [^]*\r\nAllow: [^]*METHOD_NOT_ALLOWED/);
});

test("a closed socket is not written to", () => {
  let destroyed = 0;
  const socket = (writable: boolean) => ({
    writable,
    end: () => assert.fail("written"),
    destroy: () => (destroyed += 1),
  });
  answerBrokenRequest({ code: "ECONNRESET" }, socket(true) as never);
  answerBrokenRequest({ code: "HPE_INVALID" }, socket(false) as never);
  assert.equal(destroyed, 2);
});

/** The status at a URL of a server that serves GET at one path. */
const statusAt = (path: string, url: string): number | undefined => {
  const handler = unroutedHandler([{ path, methods: ["GET"] }]);
  const answers: number[] = [];
  const reply = {
    request: { raw: { url } },
    code: (status: number) => (answers.push(status), reply),
    header: () => reply,
    send: () => reply,
  };
  const raw = { url, headers: { host: "x" }, rawHeaders: [] };
  handler({ raw, method: "POST" } as never, reply as never);
  return answers[0];
};

test("dots and stars in a served path are literal", () => {
  assert.equal(statusAt("/a.b", "/axb"), 404);
  assert.equal(statusAt("/a.b", "/a.b"), 405);
});

test("a raw # is no value of a parameter, as the router sees it", () => {
  assert.equal(statusAt("/concerts/{concertId}", "/concerts/#x"), 404);
  assert.equal(statusAt("/concerts/{concertId}", "/concerts/x#y"), 405);
});
