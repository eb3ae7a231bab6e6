import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join, relative } from "node:path";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { sendProblem } from "./refusal.ts";
import type { ServedPath } from "./unrouted.ts";

/** Everything from this server only, and nothing inline: what a page may do in a browser. */
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

/** A page's address, as a route's path, and the HTML file that answers there. */
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

/** Built pages, whole in memory: their size is bounded by the build. */
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

const readPageFile = (file: string): PageFile | null => {
  const type = types[extname(file)];
  if (type === undefined) return null;
  const plain = readFileSync(file);
  const beside = (suffix: string): Buffer | undefined =>
    existsSync(file + suffix) ? readFileSync(file + suffix) : undefined;
  const [br, gzip] = [beside(".br"), beside(".gz")];
  return {
    type,
    tag: createHash("sha256").update(plain).digest("base64url").slice(0, 22),
    plain,
    encoded: { ...(br && { br }), ...(gzip && { gzip }) },
  };
};

/**
 * Reads what a build has left in `folder`, with the compressed copies beside the files. Null when it is
 * not there: the API serves without pages then. Pages whose file was not built are left out.
 */
export const loadPages = (folder: string, paths: readonly PagePath[]): Pages | null => {
  if (!existsSync(folder)) return null;
  const files = new Map<string, PageFile>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const at = join(entry.parentPath, entry.name);
    const file = readPageFile(at);
    if (file !== null) files.set(relative(folder, at).replaceAll("\\", "/"), file);
  }
  return { files, paths: paths.filter(({ file }) => files.has(file)) };
};

/** Whether an Accept-Encoding header takes the coding: named, or by `*`, and not with weight zero. */
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

const isHtml = (file: PageFile): boolean => file.type.startsWith("text/html");

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

/** Every answer may change with the next release, but is kept and only asked about. */
const revalidated = "no-cache";
/** The name holds the content's hash: another content has another name. */
const forEver = "public, max-age=31536000, immutable";
const anHour = "public, max-age=3600";

const hashedFolder = "assets/";

/** Files beside the pages that keep their name, such as the icon. */
const namedFiles = ({ files }: Pages): string[] =>
  [...files.keys()].filter((name) => !name.startsWith(hashedFolder) && !name.endsWith(".html"));

/** The paths of pages and files, for `unroutedHandler`. */
export const pagePaths = (pages: Pages): ServedPath[] =>
  [
    ...pages.paths.map(({ path }) => path),
    ...namedFiles(pages).map((name) => `/${name}`),
    `/${hashedFolder}{name}`,
  ].map((path) => ({ path, methods: ["GET"] }));

/** Serves pages and their files from memory. Never shed, and on paths of their own: none begins with /api. */
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
    else sendFile(request, reply, file, forEver);
  });
};
