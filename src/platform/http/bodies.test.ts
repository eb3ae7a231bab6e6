import assert from "node:assert/strict";
import { after, test } from "node:test";
import { concert, handled, me, sampleServer } from "#test/support/sample-server.ts";

const sample = await sampleServer();
after(() => sample.server.close());
const { server } = sample;

const send = async (
  url: string,
  payload: string | Buffer | undefined,
  headers: Record<string, string> = { "content-type": "application/json" },
  method: "POST" | "DELETE" | "GET" = "POST",
) => {
  const answer = await server.inject({
    method,
    url,
    headers: { authorization: "Bearer queue-active", ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
  const content = answer.body === "" ? {} : (answer.json() as Record<string, unknown>);
  const errors = (content["errors"] ?? []) as { pointer: string; message: string }[];
  return {
    status: answer.statusCode,
    content,
    code: content["code"],
    errors,
    headers: answer.headers,
  };
};

const reserve = "/api/v1/reservations";
const good = { date: "2026-12-24", seatNumbers: [1, 2] };
const json = JSON.stringify;

const faults: [title: string, body: unknown, pointer: string][] = [
  ["a missing member", { date: "2026-12-24" }, "/seatNumbers"],
  ["an unknown member", { ...good, extra: 1 }, "/extra"],
  ["an unknown member with odd characters", { ...good, "a/b~c": 1 }, "/a~1b~0c"],
  [
    "an unknown member of a nested object",
    { ...good, who: { userId: me, extra: 1 } },
    "/who/extra",
  ],
  ["a missing member of a nested object", { ...good, who: {} }, "/who/userId"],
  ["text for a number", { ...good, seatNumbers: ["1"] }, "/seatNumbers/0"],
  ["a fraction", { ...good, seatNumbers: [1.5] }, "/seatNumbers/0"],
  ["true for a number", { ...good, seatNumbers: [true] }, "/seatNumbers/0"],
  ["a number for text", { ...good, date: 20261224 }, "/date"],
  ["null for text", { ...good, date: null }, "/date"],
  ["a number for a list", { ...good, seatNumbers: 1 }, "/seatNumbers"],
  ["an empty list", { ...good, seatNumbers: [] }, "/seatNumbers"],
  ["a list that is too long", { ...good, seatNumbers: [1, 2, 3, 4, 5] }, "/seatNumbers"],
  ["repeated items", { ...good, seatNumbers: [1, 1] }, "/seatNumbers"],
  ["a number below the range", { ...good, seatNumbers: [0] }, "/seatNumbers/0"],
  ["a number above the range", { ...good, seatNumbers: [3, 51] }, "/seatNumbers/1"],
  ["a huge number", { ...good, seatNumbers: [1e300] }, "/seatNumbers/0"],
  ["an impossible date", { ...good, date: "2026-02-30" }, "/date"],
  ["a date with a time", { ...good, date: "2026-12-24T00:00:00Z" }, "/date"],
  ["a malformed id", { ...good, who: { userId: "nope" } }, "/who/userId"],
  ["empty text", { ...good, note: "" }, "/note"],
  ["long text", { ...good, note: "x".repeat(21) }, "/note"],
  ["a NUL in text", { ...good, note: "a\0b" }, "/note"],
  ["a lone surrogate in text", { ...good, note: "\ud800" }, "/note"],
];
for (const [title, body, pointer] of faults) {
  test(`a body is refused for ${title}`, async () => {
    const before = handled.length;
    const answer = await send(reserve, json(body));
    assert.deepEqual([answer.status, answer.code], [400, "INVALID_REQUEST"]);
    assert.ok(
      answer.errors.some((error) => error.pointer === pointer),
      json(answer.errors),
    );
    assert.equal(handled.length, before);
  });
}

test("a refusal lists each fault once, at most 20 of them", async () => {
  const two = await send(reserve, json({ date: "x", seatNumbers: [0] }));
  assert.deepEqual(
    two.errors.map(({ pointer }) => pointer),
    ["/date", "/seatNumbers/0"],
  );
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`m${n}`, 1]));
  const answer = await send(reserve, json({ ...good, ...many }));
  assert.equal(answer.errors.length, 20);
});

const malformed: [title: string, payload: string | Buffer][] = [
  ["text that is not JSON", "{"],
  ["null", "null"],
  ["a list", "[]"],
  ["a string", '"x"'],
  ["a repeated member", '{"date":"2026-12-24","seatNumbers":[1],"date":"2026-12-24"}'],
  ["__proto__", '{"date":"2026-12-24","seatNumbers":[1],"__proto__":{}}'],
  ["constructor", '{"date":"2026-12-24","seatNumbers":[1],"constructor":{"prototype":{}}}'],
  ["bytes that are not UTF-8", Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d])],
];
for (const [title, payload] of malformed) {
  test(`a body is refused for ${title}`, async () => {
    const answer = await send(reserve, payload);
    assert.deepEqual([answer.status, answer.code], [400, "INVALID_REQUEST"]);
    assert.notEqual(answer.headers["connection"], "close");
  });
}

for (const type of [
  "text/plain",
  "application/x-www-form-urlencoded",
  "application/json; charset=latin1",
  "a",
  "a/b/c",
]) {
  test(`a body of type ${type} is 415`, async () => {
    const answer = await send(reserve, json(good), { "content-type": type });
    assert.deepEqual([answer.status, answer.code], [415, "UNSUPPORTED_MEDIA_TYPE"]);
  });
}

test("a body without a type and an encoded body are 415", async () => {
  const untyped = await send(reserve, Buffer.from(json(good)), {});
  assert.equal(untyped.code, "UNSUPPORTED_MEDIA_TYPE");
  const headers = { "content-type": "application/json", "content-encoding": "gzip" };
  assert.equal((await send(reserve, json(good), headers)).code, "UNSUPPORTED_MEDIA_TYPE");
});

test("JSON with charset utf-8 is accepted", async () => {
  const headers = { "content-type": "application/json; charset=UTF-8" };
  assert.equal((await send(reserve, json(good), headers)).status, 201);
});

for (const [title, payload, headers] of [
  ["no body", undefined, {}],
  ["no body, typed", undefined, { "content-type": "application/json" }],
  ["an empty body", "", { "content-type": "application/json" }],
  ["an empty body of another type", "", { "content-type": "text/plain" }],
  ["an empty object", "{}", { "content-type": "application/json" }],
] as [string, string | undefined, Record<string, string>][]) {
  test(`a route without required members reads ${title} as {}`, async () => {
    const answer = await send("/api/v1/users", payload, headers);
    assert.deepEqual([answer.status, answer.content["body"]], [201, {}]);
    const operator = { ...headers, authorization: "Bearer operator" };
    assert.equal((await send("/admin/v1/pause", payload, operator)).status, 204);
  });
  test(`a route with required members refuses ${title}`, async () => {
    const answer = await send(reserve, payload, headers);
    assert.deepEqual([answer.status, answer.code], [400, "INVALID_REQUEST"]);
  });
}

test("a route without a body refuses members", async () => {
  const headers = { authorization: "Bearer operator", "content-type": "application/json" };
  const answer = await send("/admin/v1/pause", '{"a":1}', headers);
  assert.deepEqual([answer.status, answer.errors[0]?.pointer], [400, "/a"]);
});

test("a body of 16 KiB is read; a longer one is 413, by its Content-Length or while it arrives", async () => {
  const padded = (bytes: number): string => json({ name: "x" }).padEnd(bytes, " ");
  assert.equal((await send("/api/v1/users", padded(16_384))).status, 201);
  const long = await send("/api/v1/users", padded(16_385));
  assert.deepEqual([long.status, long.code], [413, "PAYLOAD_TOO_LARGE"]);
});

test("the body of a DELETE or GET is ignored", async () => {
  const mine = `/api/v1/concerts/${concert}/queue/tokens/me`;
  assert.equal((await send(mine, "{nonsense", { "content-type": "a" }, "DELETE")).status, 415);
  assert.equal(
    (await send(mine, "{nonsense", { "content-type": "text/plain" }, "DELETE")).status,
    204,
  );
  assert.equal(
    (await send(mine, "{nonsense", { "content-type": "text/plain" }, "GET")).status,
    200,
  );
});
