import assert from "node:assert/strict";
import { after, test } from "node:test";
import { eventually } from "#test/support/concurrency.ts";
import { sampleRoutes, sampleServer } from "#test/support/sample-server.ts";
import { docsPolicy } from "./pages.ts";
import { openApiDocument } from "./openapi.ts";
import { problems, type ProblemCode } from "./problems.ts";
import { problemType } from "./refusal.ts";

const { server } = await sampleServer();
after(() => server.close());
const get = (url: string) => server.inject({ url });

test("/healthz answers ok", async () => {
  const answer = await get("/healthz");
  assert.deepEqual([answer.statusCode, answer.json()], [200, { status: "ok" }]);
});

test("/readyz answers 200 whatever the state of the stores, which its body tells", async () => {
  await using sample = await sampleServer({ checks: () => ({ db: "away" }) });
  const answer = await sample.server.inject({ url: "/readyz" });
  assert.deepEqual(
    [answer.statusCode, answer.json()],
    [200, { ready: true, checks: { db: "away" } }],
  );
});

test("/readyz of a server that drains is 503 with Retry-After", async () => {
  await using sample = await sampleServer({ limits: { drainDelayMs: 200 } });
  const closing = sample.server.close();
  const answer = await sample.server.inject({ url: "/readyz" });
  const { code, checks } = answer.json<{ code: string; checks: object }>();
  assert.deepEqual([answer.statusCode, code], [503, "UNAVAILABLE"]);
  assert.deepEqual(checks, { db: "ok", server: "draining" });
  assert.equal(answer.headers["retry-after"], "1");
  await closing;
});

test("/metrics is in the text format of Prometheus", async () => {
  const answer = await get("/metrics");
  assert.match(String(answer.headers["content-type"]), /^text\/plain; version=0\.0\.4/);
  assert.match(answer.body, /^# TYPE http_requests_in_flight gauge$/m);
});

test("/metrics reads its figures at most once a second", async () => {
  let reads = 0;
  await using sample = await sampleServer({ metricsText: async () => `figures ${(reads += 1)}\n` });
  const read = async () => (await sample.server.inject({ url: "/metrics" })).body;
  const startedMs = performance.now();
  const bodies = await Promise.all([read(), read(), read()]);
  for (let count = 0; count < 20; count += 1) bodies.push(await read());
  const seconds = Math.ceil((performance.now() - startedMs) / 1_000);
  assert.ok(new Set(bodies).size <= seconds, `${reads} reads in ${seconds} s`);
  await eventually("a newer reading", async () => (await read()) !== bodies.at(-1) || undefined);
});

test("a listener that is not for operators has neither metrics nor documents", async () => {
  await using sample = await sampleServer({ operatorPages: null });
  for (const url of ["/metrics", "/docs", "/docs/", "/docs/static/docs.css"])
    assert.equal((await sample.server.inject({ url })).statusCode, 404, url);
  for (const url of ["/healthz", "/readyz", "/openapi.json", "/problems/not-found"])
    assert.equal((await sample.server.inject({ url })).statusCode, 200, url);
});

test("/openapi.json is the document of the routes", async () => {
  assert.deepEqual((await get("/openapi.json")).json(), openApiDocument(sampleRoutes(), {}));
});

test("the type of every problem is a path that explains it", async () => {
  for (const code of Object.keys(problems) as ProblemCode[]) {
    const answer = await get(problemType(code));
    assert.deepEqual([answer.statusCode, answer.json<{ code: string }>().code], [200, code]);
  }
  assert.equal((await get("/problems/nonsense")).statusCode, 404);
});

test("/docs is Swagger UI with a strict policy and assets of this server only", async () => {
  const page = await get("/docs");
  assert.equal(page.statusCode, 200);
  assert.equal(page.headers["content-security-policy"], docsPolicy);
  assert.equal(page.headers["x-content-type-options"], "nosniff");
  assert.doesNotMatch(docsPolicy, /https?:|unsafe|sha256|\*/);
  const assets = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map((found) => found[1] ?? "");
  assert.ok(assets.length >= 4);
  for (const asset of assets) {
    assert.ok(asset.startsWith("/docs/"), asset);
    const answer = await get(asset);
    assert.equal(answer.statusCode, 200, asset);
    assert.ok(answer.headers["content-security-policy"]);
  }
  assert.doesNotMatch(page.body, /<script>|<style>|\son\w+=/);
  assert.match(page.body, /<title>Frontrow<\/title>/);
  assert.ok(assets.includes("/docs/static/docs.css"));
});

test("Swagger UI keeps no token or key, offers every call to try, and shows no other logo", async () => {
  const { body } = await get("/docs/static/start.mjs");
  assert.match(body, /persistAuthorization: false/);
  assert.match(body, /tryItOutEnabled: true/);
  assert.match(body, /layout: "BaseLayout"/);
});

test("/docs serves its own files only, whatever the path contains", async () => {
  assert.equal((await get("/docs/")).body, (await get("/docs")).body);
  for (const name of ["package.json", "..%2fdocs.ts", "index.html", "constructor", ""])
    assert.equal((await get(`/docs/static/${name}`)).statusCode, 404, name);
  const post = await server.inject({ method: "POST", url: "/docs" });
  assert.deepEqual([post.statusCode, post.headers["allow"]], [405, "GET, HEAD, OPTIONS"]);
});
