import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join, relative } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { sendProblem } from "./refusal.ts";
import type { ServedPath } from "./unrouted.ts";

/** Content-Security-Policy of pages: everything comes from this server, and nothing is inline. */
export const pagesPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The path of a page, written as a route's path, and the HTML file that is served there. */
export interface PagePath {
  readonly path: string;
  readonly file: string;
}

type Encoding = "br" | "gzip";

interface PageFile {
  readonly type: string;
  readonly tag: string;
  readonly plain: Buffer;
  readonly encoded: Readonly<Partial<Record<Encoding, Buffer>>>;
}

/** Built pages, kept in memory: the build bounds their size. */
export interface Pages {
  readonly paths: readonly PagePath[];
  readonly files: ReadonlyMap<string, PageFile>;
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
};

const isHtml = (file: PageFile): boolean => file.type.startsWith("text/html");

const tagOf = (content: Buffer): string =>
  createHash("sha256").update(content).digest("base64url").slice(0, 22);

const readPageFile = (file: string): PageFile | null => {
  const type = types[extname(file)];
  if (type === undefined) return null;
  const plain = readFileSync(file);
  const beside = (suffix: string): Buffer | undefined =>
    existsSync(file + suffix) ? readFileSync(file + suffix) : undefined;
  const [br, gzip] = [beside(".br"), beside(".gz")];
  return {
    type,
    tag: tagOf(plain),
    plain,
    encoded: { ...(br && { br }), ...(gzip && { gzip }) },
  };
};

/** Facts of this installation that scripts read from the root element, as `data-*` attributes. */
type RootAttributes = Readonly<Record<string, string>>;

/** Adds the attributes to the root element of a page. */
const withRootAttributes = (file: PageFile, facts: RootAttributes): PageFile => {
  const attributes = Object.entries(facts).map(([name, value]) => ` data-${name}="${value}"`);
  const html = file.plain.toString("utf8").replace("<html", `<html${attributes.join("")}`);
  const plain = Buffer.from(html);
  const encoded = { br: brotliCompressSync(plain), gzip: gzipSync(plain) };
  return { type: file.type, tag: tagOf(plain), plain, encoded };
};

/**
 * Reads the files of a build from `folder`, with the compressed copies beside them. Pages without a
 * built file are left out. Null when the folder does not exist; the server then has no pages.
 */
export const loadPages = (
  folder: string,
  paths: readonly PagePath[],
  facts: RootAttributes = {},
): Pages | null => {
  if (!existsSync(folder)) return null;
  const files = new Map<string, PageFile>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const at = join(entry.parentPath, entry.name);
    const file = readPageFile(at);
    if (file === null) continue;
    const name = relative(folder, at).replaceAll("\\", "/");
    files.set(name, isHtml(file) ? withRootAttributes(file, facts) : file);
  }
  return { files, paths: paths.filter(({ file }) => files.has(file)) };
};

/** Whether an Accept-Encoding header accepts the coding, by name or by `*`, with a weight above zero. */
const accepts = (header: string, coding: Encoding): boolean => {
  let byStar = false;
  for (const part of header.split(",")) {
    const [name = "", ...parameters] = part
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    const refused = parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
    if (name === coding) return !refused;
    if (name === "*") byStar = !refused;
  }
  return byStar;
};

const encodingFor = (header: string, file: PageFile): Encoding | null =>
  (["br", "gzip"] as const).find(
    (coding) => file.encoded[coding] !== undefined && accepts(header, coding),
  ) ?? null;

const sendFile = (
  request: FastifyRequest,
  reply: FastifyReply,
  file: PageFile,
  cacheControl: string,
): void => {
  const coding = encodingFor(request.headers["accept-encoding"] ?? "", file);
  const tag = `"${file.tag}${coding === null ? "" : `-${coding}`}"`;
  reply.header("cache-control", cacheControl).header("etag", tag).header("vary", "Accept-Encoding");
  if (isHtml(file)) reply.header("content-security-policy", pagesPolicy);
  const known = (request.headers["if-none-match"] ?? "").split(",").map((one) => one.trim());
  if (known.includes(tag)) return void reply.code(304).send();
  if (coding !== null) reply.header("content-encoding", coding);
  const content = (coding === null ? undefined : file.encoded[coding]) ?? file.plain;
  void reply.header("content-type", file.type).send(content);
};

/** The browser keeps the file and revalidates it each time: the next release may change it. */
const revalidated = "no-cache";
/** The file name holds a hash of the content, so the content of one name never changes. */
const immutable = "public, max-age=31536000, immutable";
const anHour = "public, max-age=3600";

const hashedFolder = "assets/";

/** Files with a name without a hash, such as the icon. */
const namedFiles = ({ files }: Pages): string[] =>
  [...files.keys()].filter((name) => !name.startsWith(hashedFolder) && !name.endsWith(".html"));

/** The paths of pages and files, for `unroutedHandler`. */
export const pagePaths = (pages: Pages): ServedPath[] =>
  [
    ...pages.paths.map(({ path }) => path),
    ...namedFiles(pages).map((name) => `/${name}`),
    `/${hashedFolder}{name}`,
  ].map((path) => ({ path, methods: ["GET"] }));

/**
 * Serves pages and their files from memory. The server never sheds these requests. No path begins with
 * /api.
 */
export const servePages = (server: FastifyInstance, pages: Pages): void => {
  const { files, paths } = pages;
  for (const { path, file } of paths) {
    const page = files.get(file);
    if (page === undefined) continue;
    server.get(path.replaceAll(/\{(\w+)\}/g, ":$1"), (request, reply) => {
      // The router takes a target that is no path, as `*`, for the root.
      if (request.raw.url?.startsWith("/") === true) sendFile(request, reply, page, revalidated);
      else sendProblem(reply, { problem: "NOT_FOUND" });
    });
  }
  for (const name of namedFiles(pages)) {
    const file = files.get(name);
    if (file === undefined) continue;
    server.get(`/${name}`, (request, reply) => sendFile(request, reply, file, anHour));
  }
  server.get<{ Params: { name: string } }>(`/${hashedFolder}:name`, (request, reply) => {
    const file = files.get(hashedFolder + request.params.name);
    if (file === undefined) sendProblem(reply, { problem: "NOT_FOUND" });
    else sendFile(request, reply, file, immutable);
  });
};
