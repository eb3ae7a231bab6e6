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

const requestLine = /^(GET|POST) (\/[\w\-/]{1,500}) HTTP\/1\.1$/;
const oddByte = /[^\x20-\x7e]/;
const lengthText = /^(?:0|[1-9]\d{0,4})$/;

/** Names whose values change nothing in how a request is framed, and those that the grammar reads itself. */
const knownNames: ReadonlySet<string> = new Set(
  `host connection content-length content-type authorization idempotency-key x-request-id challenge-response user-agent
   accept accept-encoding accept-language origin referer cookie cache-control pragma priority dnt if-none-match sec-gpc
   sec-fetch-site sec-fetch-mode sec-fetch-dest sec-fetch-user sec-ch-ua sec-ch-ua-mobile sec-ch-ua-platform traceparent
   tracestate x-forwarded-for x-forwarded-proto x-forwarded-host x-forwarded-port x-real-ip forwarded
   via`.split(/\s+/),
);

/** Reads the lines of a text from a place on, each with its end. Null for an unknown name, a name twice, or an odd byte. */
const readHeaders = (text: string, start: number, end: number): Record<string, string> | null => {
  const headers: Record<string, string> = {};
  for (let from = start, to = start; from < end; from = to + 2) {
    to = text.indexOf("\r\n", from);
    const colon = text.indexOf(":", from);
    if (colon === -1 || colon > to) return null;
    const [name, value] = [text.slice(from, colon).toLowerCase(), text.slice(colon + 1, to)];
    if (!knownNames.has(name) || name in headers || oddByte.test(value)) return null;
    headers[name] = value.trim();
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
  const text = bytes.toString("latin1");
  const end = text.indexOf("\r\n\r\n");
  if (end === -1 || bytes.length > laneBytesMax) return null;
  const first = text.slice(0, text.indexOf("\r\n"));
  const [, method, target] = requestLine.exec(first) ?? [];
  if (method === undefined || target === undefined) return null;
  const headers = readHeaders(text, first.length + 2, end + 2);
  if (headers === null || !headers["host"]) return null;
  if ((headers["connection"] ?? "keep-alive").toLowerCase() !== "keep-alive") return null;
  const body = readBody(bytes.subarray(end + 4), method, headers["content-length"]);
  return body && { method: method as "GET" | "POST", target, headers, body };
};
