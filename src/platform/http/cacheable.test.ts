import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { Type } from "typebox";
import { sampleRoutes, sampleServer } from "#test/support/sample-server.ts";
import { spellingFaults } from "./cacheable.ts";
import { route } from "./route.ts";
import { ListQuery, Uuid } from "./schemas.ts";

const id = "0199aaaa-0000-7000-8000-00000000000c";
const path = `/api/v1/concerts/${id}/queue`;
const names = new Set(["limit", "cursor"]);

// target | pointers of the faults
const spellings: [target: string, pointers: string[]][] = [
  [path, []],
  [`http://host${path}`, []],
  [`${path}?limit=20`, []],
  [`${path}?limit=20&cursor=0199aaaa-0000`, []],
  [`${path}?`, ["/query/"]],
  [`${path}?&&`, ["/query/", "/query/", "/query/"]],
  [`${path}?limit=20&`, ["/query/"]],
  [`${path}?other=1`, ["/query/other"]],
  [`${path}?other`, ["/query/other"]],
  [`${path}?Limit=20`, ["/query/Limit"]],
  [`${path}?%6Cimit=20`, ["/query/%6Cimit"]],
  [`${path}?limit=20&limit=20`, ["/query/limit"]],
  [`${path}?limit=%32%30`, ["/query/limit"]],
  [`${path}?limit=+20`, ["/query/limit"]],
  [`${path}?limit=2=0`, ["/query/limit"]],
  [`${path}?limit=`, ["/query/limit"]],
  [`${path}?limit`, ["/query/limit"]],
  [`${path}?limit=20#x`, ["/query/limit"]],
  [path.toUpperCase(), ["/params"]],
  [path.replace("c/", "%63/"), ["/params"]],
  [`${path}#x`, ["/params"]],
  [`${path};x=1`, ["/params"]],
];
for (const [target, pointers] of spellings) {
  test(`${target} has ${pointers.length === 0 ? "the one spelling" : "another spelling"}`, () => {
    const found = spellingFaults(target, names).map(({ pointer }) => pointer);
    assert.deepEqual(found, pointers);
  });
}

const declared = {
  method: "GET",
  tag: "Sample",
  summary: "Sample",
  problems: [],
  auth: "none",
  params: Type.Object({ concertId: Uuid("The concert") }),
  query: ListQuery,
  answers: { 200: Type.Object({}) },
  handle: () =>
    ({ status: 200, body: {}, headers: { "Cache-Control": "public, max-age=1" } }) as const,
} as const;
const routes = [
  ...sampleRoutes(),
  route({
    ...declared,
    path: "/api/v1/concerts/{concertId}/queue",
    operationId: "cached",
    isCacheable: true,
  }),
  route({ ...declared, path: "/api/v1/undeclared/{concertId}", operationId: "undeclared" }),
];

test("a cacheable answer has one address: any other spelling of it is 400 and not kept", async () => {
  await using sample = await sampleServer({ routes });
  const { port } = new URL(await sample.server.listen({ host: "127.0.0.1", port: 0 }));
  // `fetch` leaves out a question mark without a query.
  const ask = async (target: string, method = "GET") => {
    const request = http.request({ host: "127.0.0.1", port, path: target, method, agent: false });
    const [answer] = (await once(request.end(), "response")) as [http.IncomingMessage];
    const { statusCode: status, headers } = answer;
    return { status, headers, body: await text(answer) };
  };
  for (const url of [path, `${path}?limit=20`]) assert.equal((await ask(url)).status, 200, url);
  const others = ["?", "?&&", "?x=1", "?limit=20&limit=20", "?%6cimit=20", "?limit=%320"];
  for (const url of [...others.map((query) => path + query), path.replace("c/", "C/")]) {
    const answer = await ask(url);
    const { code } = JSON.parse(answer.body) as { code: string };
    assert.deepEqual([answer.status, code], [400, "INVALID_REQUEST"], url);
    assert.equal(answer.headers["cache-control"], "no-store", url);
    assert.equal((await ask(url, "HEAD")).status, 400, url);
  }
});

test("an answer for caches of a route that is not declared cacheable is a fault of the server", async () => {
  await using sample = await sampleServer({ routes });
  const answer = await sample.server.inject({ url: `/api/v1/undeclared/${id}` });
  assert.equal(answer.statusCode, 500);
});
