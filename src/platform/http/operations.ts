import type { FastifyInstance, FastifyReply } from "fastify";
import { problems, type ProblemCode } from "./problems.ts";
import { problemType, sendProblem } from "./refusal.ts";

export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, string>>;
}

export interface OperationsDeps {
  readonly readiness: () => Promise<Readiness>;
  readonly metricsText: () => Promise<string>;
  readonly document: object;
  /** True from when the server began to close. */
  readonly isDraining: () => boolean;
}

const readinessTimeoutMs = 2000;

/** Runs the readiness check. A check that throws or takes over 2 s counts as failed. */
const judgeReadiness = async (deps: OperationsDeps): Promise<Readiness> => {
  if (deps.isDraining()) return { ready: false, checks: { server: "draining" } };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Readiness>((resolve) => {
    const verdict = { ready: false, checks: { readiness: "no answer in time" } };
    timer = setTimeout(() => resolve(verdict), readinessTimeoutMs);
  });
  try {
    return await Promise.race([deps.readiness(), late]);
  } catch {
    return { ready: false, checks: { readiness: "failed" } };
  } finally {
    clearTimeout(timer);
  }
};

const sendReadiness = async (reply: FastifyReply, deps: OperationsDeps): Promise<void> => {
  const { ready, checks } = await judgeReadiness(deps);
  if (ready) void reply.code(200).send({ ready, checks });
  else sendProblem(reply, { problem: "UNAVAILABLE", members: { checks } });
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
    void sendReadiness(reply, deps);
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
