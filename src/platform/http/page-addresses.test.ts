import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import Fastify from "fastify";
import { pageAddressOf, pagesForBrowsers, wantsHtml } from "./page-addresses.ts";
import { loadPages, pagePaths, pagesPolicy, servePages } from "./pages.ts";
import { unroutedHandler } from "./unrouted.ts";

const folder = mkdtempSync(join(tmpdir(), "frontrow-addresses-"));
after(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, "assets"));
writeFileSync(join(folder, "index.html"), "<html>fan");
writeFileSync(join(folder, "console.html"), "<html>operator");
const addresses = {
  paths: [
    { path: "/", file: "index.html" },
    { path: "/concerts/{concertId}", file: "index.html" },
    { path: "/me", file: "index.html" },
    { path: "/console", file: "console.html" },
    { path: "/console/{concertId}", file: "console.html" },
  ],
  otherNames: { "/concerts": "/" },
};
const pages = loadPages(folder, addresses);
assert.ok(pages);

// path as typed | address of the page
const spellings: [string, string | null][] = [
  ["/me/", "/me"],
  ["/ME", "/me"],
  ["//me", "/me"],
  ["/concerts", "/"],
  ["/Concerts//", "/"],
  ["//", "/"],
  ["/concerts/AbC/", "/concerts/AbC"],
  ["//concerts//x", "/concerts/x"],
  ["/console/", "/console"],
  ["/Console/new/", "/console/new"],
  ["//example.org", null],
  ["//example.org/me", null],
  ["/concerts/x/y", null],
  ["/nothing", null],
  ["/me/me", null],
];
for (const [path, address] of spellings)
  test(`the address ${path} means ${address ?? "no page"}`, () => {
    assert.equal(pageAddressOf(addresses, path), address);
  });

// Accept | asks for HTML
const accepted: [string | undefined, boolean][] = [
  ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true],
  ["TEXT/HTML", true],
  ["application/json, text/html;q=0.1", true],
  ["text/html;q=0", false],
  ["*/*", false],
  ["application/json", false],
  [undefined, false],
];
for (const [accept, isAsked] of accepted)
  test(`Accept ${accept ?? "(none)"} ${isAsked ? "asks" : "does not ask"} for HTML`, () => {
    assert.equal(wantsHtml(accept), isAsked);
  });

const served = [
  { path: "/api/v1/users", methods: ["POST"] },
  { path: "/admin/v1/audit", methods: ["GET"] },
  { path: "/healthz", methods: ["GET"] },
];
const server = Fastify();
servePages(server, pages);
const unrouted = unroutedHandler([...served, ...pagePaths(pages)], pagesForBrowsers(pages, served));
server.setNotFoundHandler((request, reply) => unrouted(request, reply));
await server.ready();
after(() => server.close());

const browser = { accept: "text/html,*/*;q=0.8" };
const browse = (url: string, method: "GET" | "HEAD" | "POST" = "GET") =>
  server.inject({ method, url, headers: browser });

test("a browser is sent to the page that an address means, with its query", async () => {
  const answer = await browse("/ME/?lang=ko");
  assert.deepEqual([answer.statusCode, answer.headers["location"]], [308, "/me?lang=ko"]);
  assert.equal(answer.headers["cache-control"], "no-cache");
  assert.equal((await browse("//concerts", "HEAD")).headers["location"], "/");
  assert.equal((await browse("/concerts/")).headers["location"], "/");
  assert.equal((await browse("/console/")).headers["location"], "/console");
});

test("a browser at an unknown address gets a page with 404, of the console below its path", async () => {
  for (const [url, content] of [
    ["/nothing", "<html>fan"],
    ["/concerts/x/y", "<html>fan"],
    ["//example.org/me", "<html>fan"],
    ["/console/x/y", "<html>operator"],
  ] as const) {
    const answer = await browse(url);
    assert.deepEqual([answer.statusCode, answer.body], [404, content], url);
    assert.equal(answer.headers["content-type"], "text/html; charset=utf-8");
    assert.equal(answer.headers["content-security-policy"], pagesPolicy);
    assert.equal(answer.headers["vary"], "Accept, Accept-Encoding");
    const headers = { ...browser, "if-none-match": String(answer.headers["etag"]) };
    assert.equal((await server.inject({ url, headers })).statusCode, 404);
  }
});

test("addresses of the API stay strict, also for a browser", async () => {
  for (const url of [
    "/api/v1/users/",
    "//api/v1/users",
    "/API/v1/users",
    "/admin/v1/",
    "/healthz/",
  ]) {
    const answer = await browse(url);
    assert.equal(answer.statusCode, 404, url);
    assert.equal(answer.headers["content-type"], "application/problem+json", url);
  }
});

test("another client and another method get a problem at any unknown address", async () => {
  const answers = [
    await server.inject({ method: "GET", url: "/me/", headers: { accept: "*/*" } }),
    await server.inject({ method: "GET", url: "/nothing" }),
    await browse("/me/", "POST"),
  ];
  for (const { statusCode, headers } of answers)
    assert.deepEqual([statusCode, headers["content-type"]], [404, "application/problem+json"]);
});

test("a known page is served as it is", async () => {
  for (const url of ["/", "/me", "/concerts/x", "/console/new"])
    assert.equal((await browse(url)).statusCode, 200, url);
});
