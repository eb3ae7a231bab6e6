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

const headEnd = "\r\n\r\n";
const lineEnd = "\r\n";
const requestLine = /^(GET|POST) (\/[\w\-/]{1,500}) HTTP\/1\.1$/;
const oddByte = /[^\x20-\x7e]/;
const lengthText = /^(?:0|[1-9]\d{0,4})$/;

/** Names whose values change nothing in how a request is framed, and those that the grammar reads itself. */
const knownNames: ReadonlyMap<string, string> = new Map(
  `host connection content-length content-type authorization idempotency-key x-request-id challenge-response
   user-agent accept accept-encoding accept-language origin referer cookie cache-control pragma priority dnt
   if-none-match sec-fetch-site sec-fetch-mode sec-fetch-dest sec-fetch-user sec-gpc sec-ch-ua sec-ch-ua-mobile
   sec-ch-ua-platform traceparent tracestate x-forwarded-for x-forwarded-proto x-forwarded-host x-forwarded-port
   x-real-ip forwarded via`
    .split(/\s+/)
    .map((name) => [name, name]),
);

/** Reads the lines of a text from a place on, each with its end. Null for an unknown name, a name twice, or an odd byte. */
const readHeaders = (text: string, start: number, end: number): Record<string, string> | null => {
  const headers: Record<string, string> = {};
  for (let from = start; from < end;) {
    const to = text.indexOf(lineEnd, from);
    const colon = text.indexOf(":", from);
    if (colon === -1 || colon > to) return null;
    const written = text.slice(from, colon);
    const name = knownNames.get(written) ?? knownNames.get(written.toLowerCase());
    const value = text.slice(colon + 1, to);
    if (name === undefined || headers[name] !== undefined || oddByte.test(value)) return null;
    headers[name] = value.trim();
    from = to + lineEnd.length;
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
  const text = bytes.toString("latin1");
  const end = text.indexOf(headEnd);
  if (end === -1) return null;
  const firstEnd = text.indexOf(lineEnd);
  const [, method, target] = requestLine.exec(text.slice(0, firstEnd)) ?? [];
  if (method === undefined || target === undefined) return null;
  const headers = readHeaders(text, firstEnd + lineEnd.length, end + lineEnd.length);
  if (headers === null || !headers["host"]) return null;
  if ((headers["connection"] ?? "keep-alive").toLowerCase() !== "keep-alive") return null;
  const body = readBody(bytes.subarray(end + headEnd.length), method, headers["content-length"]);
  return body && { method: method as "GET" | "POST", target, headers, body };
};
