import type { FastifyInstance, FastifyReply } from "fastify";
import { problems, type ProblemCode } from "./problems.ts";
import { problemType, sendProblem } from "./refusal.ts";

export interface OperationsDeps {
  /** Returns the state of each store in one word, as last known. */
  readonly checks: () => Readonly<Record<string, string>>;
  readonly metricsText: () => Promise<string>;
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

/** Paths of operations, for `unroutedHandler`. */
export const operationPaths = ["/healthz", "/readyz", "/metrics", "/openapi.json"].map((path) => ({
  path,
  methods: ["GET"],
}));

/**
 * Serves `/healthz`, `/readyz`, `/metrics`, `/openapi.json` and `/problems/{name}`. The server never
 * sheds these.
 */
export const serveOperations = (server: FastifyInstance, deps: OperationsDeps): void => {
  const documentText = JSON.stringify(deps.document);
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
  server.get("/metrics", async (_request, reply) => {
    const text = await deps.metricsText();
    return reply.header("content-type", "text/plain; version=0.0.4; charset=utf-8").send(text);
  });
  server.get("/openapi.json", (_request, reply) => {
    void reply.header("content-type", "application/json; charset=utf-8").send(documentText);
  });
  server.get<{ Params: { name: string } }>("/problems/:name", (request, reply) => {
    const type = `/problems/${request.params.name}`;
    const code = byType.get(type);
    if (code === undefined) sendProblem(reply, { problem: "NOT_FOUND" });
    else void reply.send({ type, code, ...problems[code] });
  });
};
