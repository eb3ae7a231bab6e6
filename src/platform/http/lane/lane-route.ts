import type { FastifyReply, FastifyRequest } from "fastify";
import type { Log } from "../../log.ts";
import { sendThrown } from "../engine.ts";
import { readJsonBody } from "../json-body.ts";
import { faultsOf, malformedRequest, sendProblem } from "../refusal.ts";
import type { CompiledRoute, Step } from "../registration.ts";
import { pathParameters } from "../shapes.ts";
import type { LaneReply, LaneRequest, Serialisers } from "./exchange.ts";
import type { LaneHead } from "./grammar.ts";

/** A hot route as the lane finds and runs it. */
export interface LaneRoute {
  /** The parameters of a request of the route that the lane can answer, else null. */
  match(head: LaneHead): LaneRequest["params"] | null;
  run(request: LaneRequest, reply: LaneReply): void;
  readonly serialisers: Serialisers;
}

const jsonType = /^application\/json(?:; charset=utf-8)?$/;

const matcherOf = ({ route, bodyMayBeEmpty }: CompiledRoute): LaneRoute["match"] => {
  const names = pathParameters(route.path);
  const pattern = new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, "([\\w-]{1,100})")}$`);
  return ({ method, target, headers, body }) => {
    const found = method === route.method ? pattern.exec(target) : null;
    if (found === null) return null;
    const type = headers["content-type"];
    const isEmptyAllowed = type === undefined && (method === "GET" || bodyMayBeEmpty);
    if (body.length === 0 ? !isEmptyAllowed : !jsonType.test(type ?? "")) return null;
    const params: Record<string, string> = {};
    for (const [index, name] of names.entries()) params[name] = found[index + 1] ?? "";
    return params;
  };
};

/** Reads the body, in the place in which Fastify reads it. */
const readBody: Step = (request, reply, done) => {
  const { bytes } = request as unknown as LaneRequest;
  const reading = readJsonBody(bytes, { type: "application/json", encoding: undefined });
  if (reading.kind === "malformed")
    return sendProblem(reply, malformedRequest([{ pointer: "", message: reading.message }]));
  if (reading.kind === "object") request.body = reading.value;
  done();
};

/** Checks the shapes as Fastify does. */
const checkStep =
  ({ checks }: CompiledRoute): Step =>
  (request, reply, done) => {
    for (const part of ["params", "body"] as const) {
      const judged = checks[part]?.(request[part] ?? null) ?? true;
      if (judged !== true)
        return sendProblem(reply, malformedRequest(faultsOf(judged.error, part)));
    }
    done();
  };

/**
 * Makes a route of the same parts from which Fastify's is made. `entry`: the steps of every request. Throws for a route that
 * streams or answers without a body.
 */
export const laneRoute = (compiled: CompiledRoute, entry: Step, log: Log): LaneRoute => {
  const { route, serialisers } = compiled;
  if (route.answerType !== undefined || Object.values(route.answers).includes(null))
    throw new Error(`${route.operationId} is hot, and streams or answers without a body`);
  const steps = [
    ...[entry, ...compiled.onRequest, readBody],
    ...[...compiled.preValidation, checkStep(compiled), ...compiled.preHandler],
  ];
  return {
    serialisers,
    match: matcherOf(compiled),
    run(laneRequest, laneReply) {
      const request = laneRequest as unknown as FastifyRequest;
      const reply = laneReply as unknown as FastifyReply;
      let at = 0;
      const next = (): void => {
        const step = steps[at];
        at += 1;
        try {
          if (step === undefined) compiled.handle(request, reply);
          else step(request, reply, next);
        } catch (error) {
          sendThrown(reply, error, log);
        }
      };
      next();
    },
  };
};
