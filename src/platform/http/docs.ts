import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { readConsoleCookie } from "./console-cookie.ts";
import { wantsHtml } from "./page-addresses.ts";
import { devicePolicy, docsPolicy } from "./pages.ts";
import { sendProblem } from "./refusal.ts";
import type { Authenticators } from "./route.ts";
import { readStaticFile, revalidated, sendStaticFile, type StaticFile } from "./static-files.ts";
import type { ServedPath } from "./unrouted.ts";

const own = (name: string): URL => new URL(`docs/${name}`, import.meta.url);
const ofPackage = (name: string): URL => new URL(import.meta.resolve(`swagger-ui-dist/${name}`));

const read = (address: URL): StaticFile => {
  const file = readStaticFile(fileURLToPath(address));
  if (file === null) throw new Error(`${address.pathname} has a type that is not served`);
  return { ...file, encoded: { gzip: gzipSync(file.plain) } };
};

/** Reads the page and its files. Takes about 100 ms, most of it to compress Swagger UI. */
const readFiles = () => {
  const assets = [
    ofPackage("swagger-ui.css"),
    ofPackage("swagger-ui-bundle.js"),
    own("docs.css"),
    own("icon.svg"),
    own("start.mjs"),
  ];
  return {
    page: read(own("index.html")),
    assets: new Map(assets.map((address) => [basename(address.pathname), read(address)])),
  };
};

/** Read by the first server of the process: the files never change while it runs. */
let files: ReturnType<typeof readFiles> | undefined;

/** The paths of Swagger UI, for `unroutedHandler`. */
export const docsPaths: readonly ServedPath[] = ["/docs", "/docs/", "/docs/static/{name}"].map(
  (path) => ({ path, methods: ["GET"] }),
);

/** Returns the hook that lets only sessions of the console in. */
const sessionHook =
  (sessionOf: Authenticators["consoleSession"]) =>
  (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const { cookie, accept } = request.headers;
    const token = readConsoleCookie(cookie);
    reply.header("cache-control", "no-store");
    if (token !== null && sessionOf(token)) done();
    // A browser that opens the address gets to the console, which asks for the key.
    else if (wantsHtml(accept)) void reply.redirect("/console?then=docs", 303);
    else sendProblem(reply, { problem: "OPERATOR_KEY_INVALID" });
  };

/**
 * Serves Swagger UI at `/docs` from memory, with the assets of this server only. `sessionOf`: it needs a
 * session of the console; null: it is open.
 */
export const serveDocs = (
  server: FastifyInstance,
  sessionOf: Authenticators["consoleSession"] | null,
): void => {
  if (sessionOf !== null) server.addHook("onRequest", sessionHook(sessionOf));
  const { page, assets } = (files ??= readFiles());
  for (const path of ["/docs", "/docs/"])
    server.get(path, (request, reply) => {
      reply.header("content-security-policy", docsPolicy);
      reply.header("permissions-policy", devicePolicy(false));
      sendStaticFile(request, reply, page, revalidated);
    });
  server.get<{ Params: { name: string } }>("/docs/static/:name", (request, reply) => {
    const file = assets.get(request.params.name);
    if (file === undefined) sendProblem(reply, { problem: "NOT_FOUND" });
    else sendStaticFile(request, reply, file, revalidated);
  });
};
