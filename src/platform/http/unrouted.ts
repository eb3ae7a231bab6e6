import type { FastifyReply, FastifyRequest } from "fastify";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { problemBody, sendProblem } from "./refusal.ts";
import { pathOf } from "./target.ts";
import { wireFault } from "./traffic.ts";

/** A served path with its methods. */
export interface ServedPath {
  readonly path: string;
  readonly methods: readonly string[];
}

const escaped = (text: string): string => text.replace(/[.*+?^$()[\]\\|]/g, "\\$&");

/** Returns a function that lists the methods of a path: sorted, without duplicates, empty when unknown. */
const allowedMethods = (served: readonly ServedPath[]): ((path: string) => readonly string[]) => {
  const byPath = new Map<string, Set<string>>();
  for (const { path, methods } of served) {
    const known = byPath.get(path) ?? new Set<string>();
    for (const method of methods) known.add(method);
    byPath.set(path, known);
  }
  const patterns = [...byPath].map(([path, methods]) => ({
    pattern: new RegExp(`^${escaped(path).replaceAll(/\{\w+\}/g, "[^/]+")}$`),
    methods,
  }));
  return (path) => {
    const allowed = new Set<string>();
    for (const { pattern, methods } of patterns) {
      if (pattern.test(path)) for (const method of methods) allowed.add(method);
    }
    if (allowed.size === 0) return [];
    if (allowed.has("GET")) allowed.add("HEAD");
    return [...allowed.add("OPTIONS")].sort();
  };
};

/**
 * Answers requests without a route: 404, 405 with `Allow`, or 204 with `Allow` to OPTIONS. At an unknown path
 * `answerPage` goes first; it returns whether it has answered.
 */
export const unroutedHandler = (
  served: readonly ServedPath[],
  answerPage: (request: FastifyRequest, reply: FastifyReply) => boolean = () => false,
) => {
  const allowedAt = allowedMethods(served);
  return (request: FastifyRequest, reply: FastifyReply): void => {
    const fault = wireFault(request.raw);
    if (fault !== null) return sendProblem(reply, { problem: "INVALID_REQUEST", detail: fault });
    const allowed = allowedAt(pathOf(request.raw.url ?? ""));
    if (allowed.length === 0) {
      if (!answerPage(request, reply)) sendProblem(reply, { problem: "NOT_FOUND" });
      return;
    }
    reply.header("allow", allowed.join(", "));
    if (request.method === "OPTIONS") reply.code(204).send();
    else sendProblem(reply, { problem: "METHOD_NOT_ALLOWED" });
  };
};

const rawStatuses: Readonly<Record<string, readonly [status: number, reason: string]>> = {
  HPE_HEADER_OVERFLOW: [431, "Request Header Fields Too Large"],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, "Payload Too Large"],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "Request Timeout"],
};

const endWith = (
  socket: Pick<Duplex, "end">,
  [status, reason]: readonly [status: number, reason: string],
  body: string,
  headers: readonly string[] = [],
): void => {
  const lines = [
    `HTTP/1.1 ${status} ${reason}`,
    "Content-Type: application/problem+json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Cache-Control: no-store",
    "X-Content-Type-Options: nosniff",
    "Connection: close",
    ...headers,
  ];
  socket.end(`${lines.join("\r\n")}\r\n\r\n${body}`);
};

/** Answers CONNECT on the bare socket: Node hands it over without a request. */
export const answerConnect = (target: string, socket: Duplex): void => {
  // The client may disconnect before the answer.
  socket.on("error", () => undefined);
  const body = JSON.stringify(problemBody({ problem: "METHOD_NOT_ALLOWED" }, target));
  endWith(socket, [405, "Method Not Allowed"], body, [
    "Allow: GET, HEAD, POST, PATCH, DELETE, OPTIONS",
  ]);
};

/** Answers bytes that Node could not parse as a request, on the bare socket, and closes it. */
export const answerBrokenRequest = (
  error: { readonly code?: string | undefined },
  socket: Pick<Socket, "writable" | "end" | "destroy">,
): void => {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, reason] = rawStatuses[error.code ?? ""] ?? [400, "Bad Request"];
  const detail = `The request could not be read: ${reason.toLowerCase()}.`;
  const problem = status === 413 ? "PAYLOAD_TOO_LARGE" : "INVALID_REQUEST";
  const body = JSON.stringify({ ...problemBody({ problem, detail }, ""), title: reason, status });
  endWith(socket, [status, reason], body);
};
