import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { FastifyReply, FastifyRequest } from "fastify";

type Encoding = "br" | "gzip";

/** Bytes in memory: an answer takes no file descriptor, and all answers share them. */
export interface Content {
  readonly type: string;
  readonly plain: Buffer;
  readonly encoded: Readonly<Partial<Record<Encoding, Buffer>>>;
}

export interface StaticFile extends Content {
  readonly tag: string;
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".ttf": "font/ttf",
};

export const isHtml = (file: StaticFile): boolean => file.type.startsWith("text/html");

/** Makes a file of its content and of the compressed copies. */
export const staticFile = (
  type: string,
  plain: Buffer,
  encoded: StaticFile["encoded"],
): StaticFile => {
  const tag = createHash("sha256").update(plain).digest("base64url").slice(0, 22);
  return { type, tag, plain, encoded };
};

/** Reads a file with the compressed copies beside it. Null for a type that is not served. */
export const readStaticFile = (path: string): StaticFile | null => {
  const type = types[extname(path)];
  if (type === undefined) return null;
  const beside = (suffix: string): Buffer | undefined =>
    existsSync(path + suffix) ? readFileSync(path + suffix) : undefined;
  const [br, gzip] = [beside(".br"), beside(".gz")];
  return staticFile(type, readFileSync(path), { ...(br && { br }), ...(gzip && { gzip }) });
};

const trimmed = (text: string): string => text.trim();

/** Whether an Accept-Encoding header accepts the coding, by name or by `*`, with a weight above zero. */
const accepts = (header: string, coding: Encoding): boolean => {
  let byStar = false;
  for (const part of header.split(",")) {
    const [name = "", ...parameters] = part.toLowerCase().split(";").map(trimmed);
    const refused = parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
    if (name === coding) return !refused;
    if (name === "*") byStar = !refused;
  }
  return byStar;
};

const encodingFor = (header: string, file: Content): Encoding | null =>
  (["br", "gzip"] as const).find(
    (coding) => file.encoded[coding] !== undefined && accepts(header, coding),
  ) ?? null;

/** A level at which 3 MB take about 50 ms; the best one takes seconds. */
const brotliLevel = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

/** The body of a large answer, written and compressed once. */
export class SharedBody implements Content {
  readonly type = "application/json; charset=utf-8";
  readonly plain: Buffer;
  readonly encoded: Content["encoded"];

  private constructor(plain: Buffer, encoded: Content["encoded"]) {
    this.plain = plain;
    this.encoded = encoded;
  }

  static async of(body: object): Promise<SharedBody> {
    const plain = Buffer.from(JSON.stringify(body));
    const [br, gz] = await Promise.all([
      promisify(brotliCompress)(plain, brotliLevel),
      promisify(gzip)(plain),
    ]);
    return new SharedBody(plain, { br, gzip: gz });
  }
}

/** Tells caches that the answer depends on the codings that the client accepts. */
export const varyByEncoding = (reply: FastifyReply): void => {
  const vary = [reply.getHeader("vary"), "Accept-Encoding"].filter(Boolean).join(", ");
  reply.header("vary", vary);
};

const sendCoded = (reply: FastifyReply, content: Content, coding: Encoding | null): void => {
  if (coding !== null) reply.header("content-encoding", coding);
  const bytes = (coding === null ? undefined : content.encoded[coding]) ?? content.plain;
  void reply.header("content-type", content.type).send(bytes);
};

const codingOf = (request: FastifyRequest, content: Content): Encoding | null =>
  encodingFor(request.headers["accept-encoding"] ?? "", content);

/** Sends the content in the best coding that the client accepts. */
export const sendContent = (reply: FastifyReply, content: Content): void =>
  sendCoded(reply, content, codingOf(reply.request, content));

/** Sends the file in the best coding that the client accepts, or 304 to a client that has it. */
export const sendStaticFile = (
  request: FastifyRequest,
  reply: FastifyReply,
  file: StaticFile,
  cacheControl: string,
): void => {
  const coding = codingOf(request, file);
  const tag = `"${file.tag}${coding === null ? "" : `-${coding}`}"`;
  varyByEncoding(reply);
  reply.header("cache-control", cacheControl).header("etag", tag);
  const known = (request.headers["if-none-match"] ?? "").split(",").map((one) => one.trim());
  if (reply.statusCode === 200 && known.includes(tag)) return void reply.code(304).send();
  sendCoded(reply, file, coding);
};

/** The client keeps the file and asks each time whether it has changed. */
export const revalidated = "no-cache";
