import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import fastJsonStringify from "fast-json-stringify";
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
import { validatorCompiler } from "./validator.ts";

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

/** Runs before the handler of a route, and calls `done` unless it has answered. */
export type Step = Hook;

type Judgement = ReturnType<ReturnType<ReturnType<typeof validatorCompiler>>>;
type Part = "params" | "querystring" | "body";

/** The parts of a route, for Fastify and for the fast lane. */
export interface CompiledRoute {
  readonly route: Route;
  readonly onRequest: readonly Step[];
  readonly preValidation: readonly Step[];
  /** The checks of the parts that the route has. */
  readonly checks: Readonly<Partial<Record<Part, (value: unknown) => Judgement>>>;
  readonly preHandler: readonly Step[];
  readonly handle: (request: FastifyRequest, reply: FastifyReply) => void;
  /** The writers of the bodies, by status. */
  readonly serialisers: Readonly<Record<string, (value: unknown) => string>>;
  readonly bodyMayBeEmpty: boolean;
}

const partsOf = (route: Route): Readonly<Partial<Record<Part, Schema>>> => {
  const body = takesBody(route) ? asSchema(route.body ?? emptyBody) : undefined;
  const declared = propertiesOf(route.params).map(([name]) => name);
  const missing = pathParameters(route.path).filter((name) => !declared.includes(name));
  if (missing.length > 0) {
    throw new Error(`${route.operationId} does not describe its parameters ${missing.join(", ")}`);
  }
  return {
    ...(route.params && { params: validatorShape(asSchema(route.params)) }),
    ...(route.query && { querystring: openShape(validatorShape(asSchema(route.query))) }),
    ...(body && { body: validatorShape(closedShape(body)) }),
  };
};

/** Makes the bounds, token check, checks and handler of a route. Throws when a path parameter has no schema. */
const compile = (
  route: Route,
  gate: Gate,
  deps: EngineDeps,
  validatorOf: ReturnType<typeof validatorCompiler>,
): CompiledRoute & { readonly schema: Record<string, unknown> } => {
  const parts = partsOf(route);
  const response = Object.fromEntries(
    Object.entries(route.answers).flatMap(([status, schema]) =>
      schema === null ? [] : [[status, serialiserShape(asSchema(schema))] as const],
    ),
  );
  const bodyMayBeEmpty = takesBody(route) && mayBeEmpty(asSchema(route.body ?? emptyBody));
  const useEmptyObject: Hook = (request, _reply, done) => {
    request.body ??= {};
    done();
  };
  const mapped = <A, B>(values: Readonly<Record<string, A>>, make: (value: A) => B) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, make(value)]));
  return {
    route,
    onRequest: [
      enterHook(route, gate),
      ...(route.auth === "none" ? [] : [authenticationHook(route, deps)]),
    ],
    preValidation: bodyMayBeEmpty ? [useEmptyObject] : [],
    checks: mapped(parts as Record<string, Schema>, (schema) => validatorOf({ schema })),
    preHandler: [
      ...(route.makesUser === true ? [addressHook(gate)] : []),
      ...(route.guess === undefined ? [] : [guessHook(deps)]),
      beginHook(route, gate),
    ],
    handle: handlerOf(route, deps),
    serialisers: mapped(response, (schema) => fastJsonStringify(schema)),
    bodyMayBeEmpty,
    schema: { ...parts, response },
  };
};

/** Registers routes with the server. Returns what they are made of. */
export const addRoutes = (
  server: FastifyInstance,
  routes: readonly Route[],
  gate: Gate,
  deps: EngineDeps,
): readonly CompiledRoute[] => {
  const validatorOf = validatorCompiler();
  return routes.map((route) => {
    const { schema, ...compiled } = compile(route, gate, deps, validatorOf);
    const { checks, serialisers } = compiled;
    server.route({
      method: route.method,
      url: route.path.replaceAll(/\{(\w+)\}/g, ":$1"),
      schema,
      validatorCompiler: ({ httpPart }) => checks[httpPart as Part] as never,
      serializerCompiler: ({ httpStatus }) => serialisers[httpStatus ?? ""] as never,
      onRequest: [...compiled.onRequest],
      ...(route.bodyBytesMax === undefined ? {} : { bodyLimit: route.bodyBytesMax }),
      preValidation: [...compiled.preValidation],
      preHandler: [...compiled.preHandler],
      handler: compiled.handle,
    });
    return compiled;
  });
};
