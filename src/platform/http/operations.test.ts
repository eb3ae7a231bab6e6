import assert from "node:assert/strict";
import { after, test } from "node:test";
import { sampleRoutes, sampleServer } from "#test/support/sample-server.ts";
import { docsPolicy } from "./docs.ts";
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
    assert.equal(answer.headers["content-security-policy"], docsPolicy);
  }
  assert.doesNotMatch(page.body, /<script>|<style>|\son\w+=/);
  assert.match(page.body, /<title>Frontrow<\/title>/);
  assert.ok(assets.includes("/docs/static/theme/docs.css"));
});

test("Swagger UI keeps no token or key, offers every call to try, and shows no other logo", async () => {
  const { body } = await get("/docs/static/swagger-initializer.js");
  assert.match(body, /"persistAuthorization":false/);
  assert.match(body, /"tryItOutEnabled":true/);
  assert.match(body, /"layout":"BaseLayout"/);
  assert.doesNotMatch(body, /image\/svg|base64/);
});
