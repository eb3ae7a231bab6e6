import type { FastifyReply, FastifyRequest } from "fastify";
import type { Log } from "../../log.ts";
import { sendThrown } from "../engine.ts";
import { readJsonBody } from "../json-body.ts";
import { faultsOf, malformedRequest, sendProblem } from "../refusal.ts";
import type { CompiledRoute, Step } from "../registration.ts";
import { pathParameters } from "../shapes.ts";
import type { LaneHead } from "./grammar.ts";
import type { LaneReply, LaneRequest } from "./exchange.ts";

/** A hot route as the lane finds and runs it. */
export interface LaneRoute {
  /** The parameters of a target that is the route's path, else null. */
  match(target: string): Record<string, string> | null;
  /** Whether only the lane's own reading of the body is needed; else `node:http` takes the request. */
  takes(head: LaneHead): boolean;
  run(request: LaneRequest, reply: LaneReply, body: Buffer): void;
  readonly serialisers: CompiledRoute["serialisers"];
}

const matcherOf = (path: string): LaneRoute["match"] => {
  const names = pathParameters(path);
  const pattern = new RegExp(`^${path.replaceAll(/\{\w+\}/g, "([\\w-]{1,100})")}$`);
  return (target) => {
    const found = pattern.exec(target);
    if (found === null) return null;
    const params: Record<string, string> = {};
    for (const [index, name] of names.entries()) params[name] = found[index + 1] ?? "";
    return params;
  };
};

const jsonTypes: ReadonlySet<string | undefined> = new Set([
  "application/json",
  "application/json; charset=utf-8",
]);

/** The step that reads the body, in the place in which Fastify reads it. */
const bodyStep =
  (bytes: Buffer): Step =>
  (request, reply, done) => {
    if (bytes.length === 0) return done();
    const reading = readJsonBody(bytes, { type: "application/json", encoding: undefined });
    if (reading.kind === "malformed") {
      return sendProblem(reply, malformedRequest([{ pointer: "", message: reading.message }]));
    }
    if (reading.kind === "object") request.body = reading.value;
    done();
  };

/**
 * Makes a route of the same parts from which Fastify's is made. `entry`: the steps of every request. Throws for a route that
 * streams or answers without a body.
 */
export const laneRoute = (
  compiled: CompiledRoute,
  entry: Step,
  deps: { readonly log: Log },
): LaneRoute => {
  const { route, checks, bodyMayBeEmpty } = compiled;
  if (route.answerType !== undefined || Object.values(route.answers).includes(null))
    throw new Error(`${route.operationId} is hot, and streams or answers without a body`);
  const check: Step = (request, reply, done) => {
    for (const part of ["params", "body"] as const) {
      const judged = checks[part]?.(request[part] ?? null) ?? true;
      if (judged !== true) {
        return sendProblem(reply, malformedRequest(faultsOf(judged.error, part)));
      }
    }
    done();
  };
  const before = [entry, ...compiled.onRequest];
  const after = [...compiled.preValidation, check, ...compiled.preHandler];
  return {
    serialisers: compiled.serialisers,
    match: matcherOf(route.path),
    takes: ({ method, headers, body }) => {
      if (method !== route.method) return false;
      const type = headers["content-type"];
      if (body.length === 0) return type === undefined && (method === "GET" || bodyMayBeEmpty);
      return jsonTypes.has(type);
    },
    run(laneRequest, laneReply, body) {
      const request = laneRequest as unknown as FastifyRequest;
      const reply = laneReply as unknown as FastifyReply;
      const steps = [...before, bodyStep(body), ...after];
      let at = 0;
      const next = (): void => {
        const step = steps[at];
        at += 1;
        try {
          if (step === undefined) compiled.handle(request, reply);
          else step(request, reply, next);
        } catch (error) {
          sendThrown(reply, error, deps.log);
        }
      };
      next();
    },
  };
};
