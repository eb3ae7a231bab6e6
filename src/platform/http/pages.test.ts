import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { brotliCompressSync, gunzipSync, gzipSync } from "node:zlib";
import Fastify from "fastify";
import { loadPages, pagePaths, pagesPolicy, servePages } from "./pages.ts";

const folder = mkdtempSync(join(tmpdir(), "frontrow-pages-"));
after(() => rmSync(folder, { recursive: true }));
const html = "<!doctype html><html><title>Fan</title>";
const script = "export const answer = 42;";
mkdirSync(join(folder, "assets"));
writeFileSync(join(folder, "index.html"), html);
writeFileSync(join(folder, "index.html.gz"), gzipSync(html));
writeFileSync(join(folder, "assets/fan-abc.js"), script);
writeFileSync(join(folder, "assets/fan-abc.js.br"), brotliCompressSync(script));
writeFileSync(join(folder, "assets/fan-abc.js.gz"), gzipSync(script));
writeFileSync(join(folder, "favicon.svg"), "<svg/>");
writeFileSync(join(folder, "worker.js"), script);
writeFileSync(join(folder, ".built-from"), "secret");

const paths = [
  { path: "/", file: "index.html" },
  { path: "/concerts/{concertId}", file: "index.html" },
  { path: "/console", file: "console.html" },
];
const otherNames = { "/concerts": "/" };
const attributes = { currency: "HUF", "minor-digits": "2", quoted: '{"a":"<&"}' };
const pages = loadPages(folder, { paths, otherNames }, { attributes });
const served = html.replace(
  "<html>",
  '<html data-currency="HUF" data-minor-digits="2" data-quoted="{&quot;a&quot;:&quot;<&amp;&quot;}">',
);
assert.ok(pages);
const server = Fastify();
servePages(server, pages);
await server.ready();
after(() => server.close());

const get = (url: string, headers: Record<string, string> = {}, method: "GET" | "HEAD" = "GET") =>
  server.inject({ method, url, headers });

test("a page is revalidated each time and may load from this server only", async () => {
  const answer = await get("/");
  assert.equal(answer.body, served);
  assert.equal(answer.headers["content-type"], "text/html; charset=utf-8");
  assert.equal(answer.headers["cache-control"], "no-cache");
  assert.equal(answer.headers["content-security-policy"], pagesPolicy);
  assert.doesNotMatch(pagesPolicy, /unsafe|https?:|\*/);
  assert.equal((await get("/concerts/0199aaaa-0000-7000-8000-000000000001")).body, served);
});

test("only a page that is given the camera may use one, and a service worker only asks this server", async () => {
  const own = loadPages(
    folder,
    { paths, otherNames },
    { cameraPages: ["index.html"], workers: ["worker.js"] },
  );
  const open = Fastify();
  servePages(open, own ?? assert.fail());
  const given = (await open.inject("/")).headers["permissions-policy"];
  assert.equal(given, "camera=(self), microphone=(), geolocation=()");
  const worker = await open.inject("/worker.js");
  assert.equal(worker.headers["content-security-policy"], "default-src 'none'; connect-src 'self'");
  const other = (await get("/")).headers["permissions-policy"];
  assert.equal(other, "camera=(), microphone=(), geolocation=()");
  assert.equal((await get("/favicon.svg")).headers["permissions-policy"], undefined);
  await open.close();
});

test("a page has the facts of the installation in its root element, compressed too", async () => {
  const { rawPayload, headers } = await get("/", { "accept-encoding": "gzip" });
  assert.equal(headers["content-encoding"], "gzip");
  assert.equal(gunzipSync(rawPayload).toString(), served);
});

test("only a page that is given other origins may ask them", async () => {
  const connectOrigins = { "index.html": ["https://idp.example", "https://keys.example"] };
  const own = loadPages(folder, { paths, otherNames }, { connectOrigins });
  const open = Fastify();
  servePages(open, own ?? assert.fail());
  const { headers } = await open.inject("/");
  const origins = "connect-src 'self' https://idp.example https://keys.example";
  const expected = pagesPolicy.replace("connect-src 'self'", origins);
  assert.equal(headers["content-security-policy"], expected);
  await open.close();
});

test("a file with a hash in its name is immutable; another is cached for an hour", async () => {
  const asset = await get("/assets/fan-abc.js");
  assert.equal(asset.body, script);
  assert.equal(asset.headers["cache-control"], "public, max-age=31536000, immutable");
  const icon = await get("/favicon.svg");
  assert.equal(icon.headers["cache-control"], "public, max-age=3600");
  assert.equal(icon.headers["content-type"], "image/svg+xml");
});

// Accept-Encoding | content coding of the answer
const codings: [string | undefined, string | undefined][] = [
  [undefined, undefined],
  ["", undefined],
  ["gzip, deflate, br, zstd", "br"],
  ["gzip", "gzip"],
  ["br;q=0, gzip;q=0.5", "gzip"],
  ["br;q=0.0, *", "gzip"],
  ["*", "br"],
  ["*;q=0", undefined],
  ["BR", "br"],
  ["identity", undefined],
];
for (const [header, coding] of codings) {
  test(`Accept-Encoding ${header ?? "(none)"} is answered with ${coding ?? "the plain file"}`, async () => {
    const headers = header === undefined ? {} : { "accept-encoding": header };
    const answer = await get("/assets/fan-abc.js", headers);
    assert.equal(answer.headers["content-encoding"], coding);
    assert.equal(answer.headers["vary"], "Accept-Encoding");
    if (coding === "gzip") assert.equal(gunzipSync(answer.rawPayload).toString(), script);
  });
}

test("a known ETag is answered 304; another coding has another ETag", async () => {
  const { headers } = await get("/assets/fan-abc.js", { "accept-encoding": "br" });
  const tag = String(headers["etag"]);
  const again = { "accept-encoding": "br", "if-none-match": `"x", ${tag}` };
  const known = await get("/assets/fan-abc.js", again);
  assert.deepEqual([known.statusCode, known.body], [304, ""]);
  assert.equal((await get("/assets/fan-abc.js", { "if-none-match": tag })).statusCode, 200);
});

test("HEAD has the headers of GET and no content", async () => {
  const answer = await get("/assets/fan-abc.js", { "accept-encoding": "br" }, "HEAD");
  assert.deepEqual([answer.statusCode, answer.body], [200, ""]);
  assert.equal(answer.headers["content-encoding"], "br");
});

test("only built files are served, whatever the path contains", async () => {
  for (const url of [
    "/.built-from",
    "/assets/fan-abc.js.br",
    "/assets/../.built-from",
    "/assets/..%2findex.html",
    "/assets/constructor",
    "/assets/",
    "/index.html",
  ]) {
    assert.equal((await get(url)).statusCode, 404, url);
  }
});

test("a page without a built file has no path, and without a build there are no pages", () => {
  const served = pagePaths(pages).map(({ path }) => path);
  const files = ["/favicon.svg", "/worker.js"];
  assert.deepEqual(served.sort(), ["/", "/assets/{name}", "/concerts/{concertId}", ...files]);
  assert.equal(loadPages(join(folder, "nowhere"), { paths, otherNames }), null);
});
