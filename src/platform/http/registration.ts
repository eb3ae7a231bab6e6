import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { authenticationHook, handlerOf, type EngineDeps } from "./engine.ts";
import { countedName, shedAddress, shedInFlight, type Gate } from "./gate.ts";
import { sendProblem } from "./refusal.ts";
import type { Caller, Route } from "./route.ts";
import {
  closedShape,
  mayBeEmpty,
  openShape,
  pathParameters,
  serialiserShape,
  validatorShape,
  type Schema,
} from "./shapes.ts";
import { wireFault } from "./traffic.ts";

const anonymous: Caller = { kind: "nobody" };

type Hook = (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;

/** Counts a request whose shape is right at the limit of its route. */
const addressHook =
  (gate: Gate): Hook =>
  (request, reply, done) => {
    const waitSeconds = gate.addresses.newUsers?.take(countedName(request)) ?? 0;
    if (waitSeconds > 0) shedAddress(reply, gate, "new-users", waitSeconds);
    else done();
  };

/** Runs right before the handler: other requests may have filled the server while this body arrived. */
const beginHook = (route: Route, gate: Gate): Hook => {
  const isOperator = route.auth === "operator";
  return (_request, reply, done) => {
    if (!isOperator && gate.traffic.isFull()) return shedInFlight(reply, gate);
    gate.traffic.begin(reply.raw);
    done();
  };
};

/** Runs on each request of the API that the gate has admitted. */
const enterHook = (route: Route, gate: Gate): Hook => {
  const meter = gate.meters.route(route.method, route.path);
  // Operators must be able to act while the server sheds fans; their requests are few.
  const isOperator = route.auth === "operator";
  const isPrivate = route.auth !== "none" || route.method !== "GET";
  return (request, reply, done) => {
    request.caller = anonymous;
    gate.traffic.enter(reply.raw, meter);
    if (!isOperator && gate.traffic.isFull()) return shedInFlight(reply, gate);
    const fault = wireFault(request.raw);
    if (fault !== null) return sendProblem(reply, { problem: "INVALID_REQUEST", detail: fault });
    if (isPrivate) reply.header("cache-control", "no-store");
    done();
  };
};

const emptyBody: Schema = { type: "object", properties: {}, additionalProperties: false };

const shapesOf = (route: Route) => {
  const takesBody = route.method === "POST" || route.method === "PATCH";
  const body = takesBody ? ((route.body as Schema | undefined) ?? emptyBody) : undefined;
  const declared = Object.keys(
    ((route.params as Schema | undefined)?.["properties"] ?? {}) as object,
  );
  const missing = pathParameters(route.path).filter((name) => !declared.includes(name));
  if (missing.length > 0) {
    throw new Error(`${route.operationId} does not describe its parameters ${missing.join(", ")}`);
  }
  const answers = Object.entries(route.answers).flatMap(([status, schema]) =>
    schema === null ? [] : [[status, serialiserShape(schema as Schema)] as const],
  );
  return {
    body,
    schema: {
      ...(route.params === undefined ? {} : { params: validatorShape(route.params as Schema) }),
      ...(route.query === undefined
        ? {}
        : { querystring: openShape(validatorShape(route.query as Schema)) }),
      ...(body === undefined ? {} : { body: validatorShape(closedShape(body)) }),
      response: Object.fromEntries(answers),
    },
  };
};

/**
 * Registers a route with its bounds, token check, schemas and handler. Throws when a path parameter has
 * no schema.
 */
export const addRoute = (
  server: FastifyInstance,
  route: Route,
  gate: Gate,
  deps: EngineDeps,
): void => {
  const { body, schema } = shapesOf(route);
  const onRequest: Hook[] = [enterHook(route, gate)];
  if (route.auth !== "none") onRequest.push(authenticationHook(route.auth, deps));
  const useEmptyObject: Hook = (request, _reply, done) => {
    request.body ??= {};
    done();
  };
  server.route({
    method: route.method,
    url: route.path.replaceAll(/\{(\w+)\}/g, ":$1"),
    schema,
    onRequest,
    ...(body !== undefined && mayBeEmpty(body) ? { preValidation: useEmptyObject } : {}),
    preHandler: [...(route.makesUser === true ? [addressHook(gate)] : []), beginHook(route, gate)],
    handler: handlerOf(route, deps),
  });
};
