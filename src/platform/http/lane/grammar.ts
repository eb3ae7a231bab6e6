/** One complete request in the strict grammar of the fast lane. */
export interface LaneHead {
  readonly method: "GET" | "POST";
  /** Letters, digits, `-`, `_` and `/` only; no query. */
  readonly target: string;
  /** Names in lower case, each once. */
  readonly headers: Readonly<Record<string, string>>;
  /** Empty without a `Content-Length`. */
  readonly body: Buffer;
}

/** Reads bytes that are exactly one complete request; null for all others. */
export type ReadRequest = (bytes: Buffer) => LaneHead | null;

/** Longer requests go to `node:http`. */
export const laneBytesMax = 8 * 1024;

const headEnd = Buffer.from("\r\n\r\n");
const requestLine = /^(GET|POST) (\/[\w\-/]{1,500}) HTTP\/1\.1$/;
const oddByte = /[^\x20-\x7e]/;
const lengthText = /^(?:0|[1-9]\d{0,4})$/;

/** Names whose values change nothing in how a request is framed, and those that the grammar reads itself. */
const knownNames: ReadonlySet<string> = new Set([
  ..."host connection content-length content-type authorization idempotency-key".split(" "),
  ..."x-request-id challenge-response user-agent accept accept-encoding accept-language".split(" "),
  ..."origin referer cookie cache-control pragma priority dnt if-none-match".split(" "),
  ..."sec-fetch-site sec-fetch-mode sec-fetch-dest sec-fetch-user sec-gpc".split(" "),
  ..."sec-ch-ua sec-ch-ua-mobile sec-ch-ua-platform traceparent tracestate".split(" "),
  ..."x-forwarded-for x-forwarded-proto x-forwarded-host x-forwarded-port x-real-ip".split(" "),
  ..."forwarded via".split(" "),
]);

/** Reads the lines behind the request line. Null for an unknown name, a name twice, or an odd byte. */
const readHeaders = (lines: readonly string[]): Record<string, string> | null => {
  const headers: Record<string, string> = {};
  for (let index = 1; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(0, colon)).toLowerCase();
    if (!knownNames.has(name) || name in headers || oddByte.test(line)) return null;
    headers[name] = line.slice(colon + 1).trim();
  }
  return headers;
};

/** The bytes of the body by its `Content-Length`; null when the rest is not exactly these. */
const readBody = (rest: Buffer, method: string, length: string | undefined): Buffer | null => {
  if (length !== undefined && (method === "GET" || !lengthText.test(length))) return null;
  return rest.length === Number(length ?? 0) ? rest : null;
};

/**
 * Reads bytes that are exactly one complete request, with nothing in it that two servers could read in two ways. Null for
 * all others: only `node:http` judges those. O(bytes).
 */
export const readRequest: ReadRequest = (bytes) => {
  if (bytes.length > laneBytesMax) return null;
  const end = bytes.indexOf(headEnd);
  if (end === -1) return null;
  const lines = bytes.toString("latin1", 0, end).split("\r\n");
  const [, method, target] = requestLine.exec(lines[0] ?? "") ?? [];
  if (method === undefined || target === undefined) return null;
  const headers = readHeaders(lines);
  if (headers === null || !headers["host"]) return null;
  if ((headers["connection"] ?? "keep-alive").toLowerCase() !== "keep-alive") return null;
  const body = readBody(bytes.subarray(end + 4), method, headers["content-length"]);
  return body && { method: method as "GET" | "POST", target, headers, body };
};
