import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { sendProblem } from "./refusal.ts";
import {
  isHtml,
  readStaticFile,
  revalidated,
  sendStaticFile,
  staticFile,
  type StaticFile,
} from "./static-files.ts";
import type { ServedPath } from "./unrouted.ts";

const ownFiles = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
];
const noFrames = ["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"];

/** Content-Security-Policy of `/docs`: everything comes from this server, and nothing is inline. */
export const docsPolicy = [...ownFiles, ...noFrames].join("; ");
/** The same for pages, which have fonts too. */
export const pagesPolicy = [...ownFiles, "font-src 'self'", ...noFrames].join("; ");

/** The same for a service worker, which asks this server for files and does nothing else. */
const workerPolicy = ["default-src 'none'", "connect-src 'self'"].join("; ");

/** Permissions-Policy of a page: no page uses a device but one that is given the camera. */
export const devicePolicy = (hasCamera: boolean): string =>
  `camera=(${hasCamera ? "self" : ""}), microphone=(), geolocation=()`;

const policyOf = (connectOrigins: readonly string[]): string =>
  pagesPolicy.replace("connect-src 'self'", ["connect-src 'self'", ...connectOrigins].join(" "));

/** The path of a page, written as a route's path, and the HTML file that is served there. */
export interface PagePath {
  readonly path: string;
  readonly file: string;
}

/** Built pages, kept in memory: the build bounds their size. */
export interface Pages {
  readonly paths: readonly PagePath[];
  /** Other names of pages, as people guess them, with the address of the page. */
  readonly otherNames: Readonly<Record<string, string>>;
  readonly files: ReadonlyMap<string, PageFile>;
}

/** A file, with the headers that bound what a page or a service worker may do. */
interface PageFile extends StaticFile {
  readonly policies?: Readonly<Record<string, string>>;
}

/** Facts of this installation that scripts read from the root element, as `data-*` attributes. */
type RootAttributes = Readonly<Record<string, string>>;

export interface PageSettings {
  readonly attributes?: RootAttributes;
  /** Other origins that the scripts of an HTML file may ask, by the name of the file. */
  readonly connectOrigins?: Readonly<Record<string, readonly string[]>>;
  /** The HTML files whose scripts may ask for the camera. */
  readonly cameraPages?: readonly string[];
  /** The scripts of service workers. */
  readonly workers?: readonly string[];
}

const escaped = (value: string): string => value.replaceAll("&", "&amp;").replaceAll('"', "&quot;");

/** Adds the attributes to the root element of a page. */
const withRootAttributes = (file: StaticFile, facts: RootAttributes): StaticFile => {
  const attributes = Object.entries(facts).map(
    ([name, value]) => ` data-${name}="${escaped(value)}"`,
  );
  const html = file.plain.toString("utf8").replace("<html", () => `<html${attributes.join("")}`);
  const plain = Buffer.from(html);
  const encoded = { br: brotliCompressSync(plain), gzip: gzipSync(plain) };
  return staticFile(file.type, plain, encoded);
};

/** The headers of a page or a service worker; nothing for other files. */
const policiesOf = (
  name: string,
  file: StaticFile,
  { connectOrigins = {}, cameraPages = [], workers = [] }: PageSettings,
): Pick<PageFile, "policies"> => {
  if (workers.includes(name)) return { policies: { "content-security-policy": workerPolicy } };
  if (!isHtml(file)) return {};
  return {
    policies: {
      "content-security-policy": policyOf(connectOrigins[name] ?? []),
      "permissions-policy": devicePolicy(cameraPages.includes(name)),
    },
  };
};

/** The addresses of pages. */
export type PageAddresses = Pick<Pages, "paths" | "otherNames">;

/**
 * Reads the files of a build from `folder`, with the compressed copies beside them. Pages without a
 * built file are left out. Null when the folder does not exist; the server then has no pages.
 */
export const loadPages = (
  folder: string,
  { paths, otherNames }: PageAddresses,
  { attributes = {}, ...settings }: PageSettings = {},
): Pages | null => {
  if (!existsSync(folder)) return null;
  const files = new Map<string, PageFile>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const at = join(entry.parentPath, entry.name);
    const file = readStaticFile(at);
    if (file === null) continue;
    const name = relative(folder, at).replaceAll("\\", "/");
    const whole = isHtml(file) ? withRootAttributes(file, attributes) : file;
    files.set(name, { ...whole, ...policiesOf(name, file, settings) });
  }
  return { files, otherNames, paths: paths.filter(({ file }) => files.has(file)) };
};

const sendFile = (
  request: FastifyRequest,
  reply: FastifyReply,
  file: PageFile,
  cacheControl: string,
): void => {
  if (file.policies !== undefined) reply.headers(file.policies);
  sendStaticFile(request, reply, file, cacheControl);
};

/**
 * Answers 404 with the page whose path begins with the same segment, or else the first one. It says by itself that
 * its address names nothing. Returns whether there is such a page.
 */
export const sendNotFoundPage = (
  request: FastifyRequest,
  reply: FastifyReply,
  { paths, files }: Pages,
  segment: string,
): boolean => {
  const own = paths.find(({ path }) => path.split("/")[1] === segment) ?? paths[0];
  const file = own && files.get(own.file);
  if (file === undefined) return false;
  sendFile(request, reply.code(404), file, revalidated);
  return true;
};

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
      // The router takes a target that is no path, as `*`, for the root, and no segment for an empty parameter.
      const isPath = request.raw.url?.startsWith("/") === true;
      const isWhole = !Object.values(request.params as object).includes("");
      if (isPath && isWhole) sendFile(request, reply, page, revalidated);
      else reply.callNotFound();
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
