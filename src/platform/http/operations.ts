import { gzipSync } from "node:zlib";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { loadingCache } from "../loading-cache.ts";
import { problems, type ProblemCode } from "./problems.ts";
import { problemType, sendProblem } from "./refusal.ts";
import { revalidated, sendStaticFile, staticFile } from "./static-files.ts";
import type { ServedPath } from "./unrouted.ts";

export interface OperationsDeps {
  /** Returns the state of each store in one word, as last known. */
  readonly checks: () => Readonly<Record<string, string>>;
  /** The hook that checks the key of `/metrics`; null: open. */
  readonly metricsKey:
    | ((request: FastifyRequest, reply: FastifyReply, done: () => void) => void)
    | null;
  /** Null: `/metrics` is not served here. */
  readonly metricsText: (() => Promise<string>) | null;
  readonly document: object;
  /** True from when the server began to close. */
  readonly isDraining: () => boolean;
}

/**
 * Ready means started and not draining. All instances share the stores: if a slow store made them not
 * ready, a balancer would take all of them out, also for requests that need no store.
 */
const sendReadiness = (reply: FastifyReply, deps: OperationsDeps): void => {
  if (deps.isDraining()) {
    const members = { checks: { ...deps.checks(), server: "draining" } };
    return sendProblem(reply, { problem: "UNAVAILABLE", members });
  }
  void reply.code(200).send({ ready: true, checks: deps.checks() });
};

const served = (path: string): ServedPath => ({ path, methods: ["GET"] });

/** Paths of operations, for `unroutedHandler`. */
export const operationPaths = ["/healthz", "/readyz", "/openapi.json"].map(served);
export const metricsPath = served("/metrics");

/** Serves `/metrics`. Reading the figures takes some ms, so an answer is kept for a second. */
const serveMetrics = (
  server: FastifyInstance,
  text: () => Promise<string>,
  checkKey: OperationsDeps["metricsKey"],
): void => {
  const lastText = loadingCache({
    load: text,
    maxAgeMs: 1_000,
    nowMs: () => performance.now(),
    entriesMax: 1,
  });
  const onRequest = checkKey === null ? [] : [checkKey];
  server.get("/metrics", { onRequest }, async (_request, reply) => {
    reply.header("cache-control", "no-store");
    reply.header("content-type", "text/plain; version=0.0.4; charset=utf-8");
    return reply.send(await lastText.get("text"));
  });
};

/**
 * Serves `/healthz`, `/readyz`, `/metrics`, `/openapi.json` and `/problems/{name}`. The server never
 * sheds these.
 */
export const serveOperations = (server: FastifyInstance, deps: OperationsDeps): void => {
  const document = Buffer.from(JSON.stringify(deps.document));
  const documentFile = staticFile("application/json; charset=utf-8", document, {
    gzip: gzipSync(document),
  });
  const byType = new Map(
    (Object.keys(problems) as ProblemCode[]).map((code) => [problemType(code), code]),
  );

  server.get("/healthz", (_request, reply) => {
    void reply.header("cache-control", "no-store").send({ status: "ok" });
  });
  server.get("/readyz", (_request, reply) => {
    reply.header("cache-control", "no-store");
    sendReadiness(reply, deps);
  });
  if (deps.metricsText !== null) serveMetrics(server, deps.metricsText, deps.metricsKey);
  server.get("/openapi.json", (request, reply) => {
    sendStaticFile(request, reply, documentFile, revalidated);
  });
  server.get<{ Params: { name: string } }>("/problems/:name", (request, reply) => {
    const type = `/problems/${request.params.name}`;
    const code = byType.get(type);
    if (code === undefined) sendProblem(reply, { problem: "NOT_FOUND" });
    else void reply.send({ type, code, ...problems[code] });
  });
};
