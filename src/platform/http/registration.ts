import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { spellingFaults } from "./cacheable.ts";
import { authenticationHook, handlerOf, type EngineDeps } from "./engine.ts";
import { countedName, shedAddress, shedInFlight, type Gate } from "./gate.ts";
import { malformedRequest, sendProblem, type Fault } from "./refusal.ts";
import { takesBody, type Caller, type Route } from "./route.ts";
import {
  asSchema,
  closedShape,
  mayBeEmpty,
  openShape,
  pathParameters,
  propertiesOf,
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

/** Refuses a request whose address or user has sent too many wrong codes. */
const guessHook =
  (deps: EngineDeps): Hook =>
  (request, reply, done) => {
    if (!deps.failedCodes.refuse(request, reply)) done();
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

const spellingCheck = (route: Route): ((target: string) => Fault[]) => {
  const names = new Set(propertiesOf(route.query).map(([name]) => name));
  return (target) => spellingFaults(target, names);
};

/** Runs on each request of the API that the gate has admitted. */
const enterHook = (route: Route, gate: Gate): Hook => {
  const meter = gate.meters.route(route.method, route.path);
  // Operators must be able to act while the server sheds fans; their requests are few.
  const isOperator = route.auth === "operator";
  const isPrivate = route.auth !== "none" || route.method !== "GET";
  const spellingFaultsOf = route.isCacheable === true ? spellingCheck(route) : null;
  return (request, reply, done) => {
    request.caller = anonymous;
    gate.traffic.enter(reply.raw, meter);
    if (!isOperator && gate.traffic.isFull()) return shedInFlight(reply, gate);
    const fault = wireFault(request.raw);
    if (fault !== null) return sendProblem(reply, { problem: "INVALID_REQUEST", detail: fault });
    const faults = spellingFaultsOf?.(request.raw.url ?? "") ?? [];
    if (faults.length > 0) return sendProblem(reply, malformedRequest(faults));
    if (isPrivate) reply.header("cache-control", "no-store");
    done();
  };
};

const emptyBody: Schema = { type: "object", properties: {}, additionalProperties: false };

const shapesOf = (route: Route) => {
  const body = takesBody(route) ? asSchema(route.body ?? emptyBody) : undefined;
  const declared = propertiesOf(route.params).map(([name]) => name);
  const missing = pathParameters(route.path).filter((name) => !declared.includes(name));
  if (missing.length > 0) {
    throw new Error(`${route.operationId} does not describe its parameters ${missing.join(", ")}`);
  }
  const answers = Object.entries(route.answers).flatMap(([status, schema]) =>
    schema === null ? [] : [[status, serialiserShape(asSchema(schema))] as const],
  );
  return {
    body,
    schema: {
      ...(route.params === undefined ? {} : { params: validatorShape(asSchema(route.params)) }),
      ...(route.query === undefined
        ? {}
        : { querystring: openShape(validatorShape(asSchema(route.query))) }),
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
  if (route.auth !== "none") onRequest.push(authenticationHook(route, deps));
  const useEmptyObject: Hook = (request, _reply, done) => {
    request.body ??= {};
    done();
  };
  server.route({
    method: route.method,
    url: route.path.replaceAll(/\{(\w+)\}/g, ":$1"),
    schema,
    onRequest,
    ...(route.bodyBytesMax === undefined ? {} : { bodyLimit: route.bodyBytesMax }),
    ...(body !== undefined && mayBeEmpty(body) ? { preValidation: useEmptyObject } : {}),
    preHandler: [
      ...(route.makesUser === true ? [addressHook(gate)] : []),
      ...(route.guess === undefined ? [] : [guessHook(deps)]),
      beginHook(route, gate),
    ],
    handler: handlerOf(route, deps),
  });
};
