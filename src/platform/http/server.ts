import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Log } from "../log.ts";
import type { HttpMeters } from "../metrics.ts";
import { addressLimit, type AddressLimit } from "./address-limit.ts";
import { serveDocs } from "./docs.ts";
import { authenticationHook, handlerOf, sendThrown, type EngineDeps } from "./engine.ts";
import { formats } from "./formats.ts";
import { readJsonBody } from "./json-body.ts";
import { openApiDocument, type DocumentOptions } from "./openapi.ts";
import { operationPaths, serveOperations, type Readiness } from "./operations.ts";
import { malformedRequest, Refusal, sendProblem } from "./refusal.ts";
import type { Authenticators, Caller, Route } from "./route.ts";
import {
  closedShape,
  mayBeEmpty,
  openShape,
  pathParameters,
  serialiserShape,
  validatorShape,
  type Schema,
} from "./shapes.ts";
import { createStreams, type Streams } from "./streams.ts";
import { createTraffic, wireFault, type Traffic } from "./traffic.ts";
import { answerBrokenRequest, unroutedHandler } from "./unrouted.ts";

export type { Readiness } from "./operations.ts";

/** Bounds of the server; each has a default. */
export interface ServerLimits {
  /** 16 KiB. */
  readonly bodyBytesMax?: number;
  /** For a request to arrive whole: 10 s. */
  readonly requestTimeoutMs?: number;
  /** Requests being answered at once; one more is refused with 503: 2000. */
  readonly inFlightMax?: number;
  /** Event streams open at once: 20,000. */
  readonly streamsMax?: number;
  /** Requests a second of one address; without it there is no limit. */
  readonly requestsPerSecondPerAddress?: number;
  /** Requests of one address at once: twice the rate, at least 10. */
  readonly burstPerAddress?: number;
  /** How long `close` lets requests in flight go on: 10 s. */
  readonly drainMs?: number;
  /** How long `close` goes on taking requests while `/readyz` says no already, for balancers: 0. */
  readonly drainDelayMs?: number;
}

export interface ServerOptions {
  readonly routes: readonly Route[];
  readonly authenticators: Authenticators;
  readonly log: Log;
  readonly meters: HttpMeters;
  readonly readiness: () => Promise<Readiness>;
  readonly metricsText: () => Promise<string>;
  readonly limits?: ServerLimits;
  /** Whose `X-Forwarded-For` is believed: nobody's, unless told. As Fastify's option. */
  readonly trustProxy?: boolean | string | string[];
  readonly publicUrl?: string;
  readonly document?: Omit<DocumentOptions, "publicUrl">;
}

const addressesMax = 100_000;
const keepAliveTimeoutMs = 72_000;
const idleSocketTimeoutMs = 120_000;
const paramCharsMax = 2000;
const apiPolicy = "default-src 'none'; frame-ancestors 'none'";
const nobody: Caller = { kind: "nobody" };

const setStandardHeaders = (reply: FastifyReply): void => {
  reply.header("x-request-id", reply.request.id);
  reply.header("x-content-type-options", "nosniff");
  reply.header("content-security-policy", apiPolicy);
  reply.header("referrer-policy", "no-referrer");
};

const knownRequestId = /^[\w.:-]{1,64}$/;

/** The caller's own id for the request when it is a decent one, else a short one of ours. */
const requestIds = (): ((request: IncomingMessage) => string) => {
  const prefix = randomBytes(5).toString("hex");
  let count = 0;
  return (request) => {
    const given = request.headers["x-request-id"];
    if (typeof given === "string" && knownRequestId.test(given)) return given;
    count += 1;
    return `${prefix}-${count.toString(36)}`;
  };
};

const createEngine = (options: ServerOptions): FastifyInstance => {
  const limits = options.limits ?? {};
  const requestTimeout = limits.requestTimeoutMs ?? 10_000;
  return Fastify({
    logger: false,
    bodyLimit: limits.bodyBytesMax ?? 16_384,
    requestTimeout,
    connectionTimeout: idleSocketTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    forceCloseConnections: "idle",
    return503OnClosing: false,
    trustProxy: options.trustProxy ?? false,
    genReqId: requestIds() as (request: unknown) => string,
    routerOptions: { maxParamLength: paramCharsMax },
    http: {
      headersTimeout: requestTimeout,
      // Node looks for requests that are late every 30 s unless told.
      connectionsCheckingInterval: Math.min(2000, requestTimeout),
      requireHostHeader: false,
    },
    ajv: {
      customOptions: {
        coerceTypes: false,
        removeAdditional: false,
        useDefaults: false,
        allErrors: true,
        strictTypes: false,
      },
      plugins: [
        // By this name the compiler knows not to load formats of its own.
        function formatsPlugin(ajv: { addFormat(name: string, check: unknown): unknown }) {
          for (const [name, check] of Object.entries(formats)) ajv.addFormat(name, check);
          return ajv;
        } as never,
      ],
    },
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (_error, _request, reply) => {
      setStandardHeaders(reply);
      const detail = "The URL's percent-encoding is malformed.";
      sendProblem(reply, { problem: "INVALID_REQUEST", detail });
    },
  });
};

/** Bodies are read by one parser whatever they call themselves; routes that take none ignore them. */
const readBodies = (server: FastifyInstance): void => {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "buffer" }, (request, bytes: Buffer, done) => {
    if (request.is404 || request.method === "DELETE") return done(null, undefined);
    const { "content-type": type, "content-encoding": encoding } = request.headers;
    const reading = readJsonBody(bytes, { type, encoding });
    switch (reading.kind) {
      case "none":
        return done(null, undefined);
      case "object":
        return done(null, reading.value);
      case "unsupported-type":
        return done(new Refusal({ problem: "UNSUPPORTED_MEDIA_TYPE" }));
      case "malformed":
        return done(new Refusal(malformedRequest([{ pointer: "", message: reading.message }])));
    }
  });
};

interface Gate {
  readonly traffic: Traffic;
  readonly meters: HttpMeters;
  readonly inFlightMax: number;
  readonly addresses: AddressLimit | null;
}

type Hook = (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;

/** The first thing that a request of the API meets. */
const gateHook = (route: Route, gate: Gate): Hook => {
  const meter = gate.meters.route(route.method, route.path);
  const isPrivate = route.auth !== "none" || route.method !== "GET";
  return (request, reply, done) => {
    request.caller = nobody;
    setStandardHeaders(reply);
    const isFull = gate.meters.live.requests >= gate.inFlightMax;
    gate.traffic.enter(reply.raw, meter);
    if (isFull) {
      gate.meters.shed("in-flight");
      return sendProblem(reply, { problem: "UNAVAILABLE", detail: "The server is full." }, 1);
    }
    const waitSeconds = gate.addresses?.take(request.ip) ?? 0;
    if (waitSeconds > 0) {
      gate.meters.shed("address");
      return sendProblem(reply, { problem: "RATE_LIMITED" }, waitSeconds);
    }
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

const addRoute = (server: FastifyInstance, route: Route, gate: Gate, deps: EngineDeps): void => {
  const { body, schema } = shapesOf(route);
  const onRequest: Hook[] = [gateHook(route, gate)];
  if (route.auth !== "none") onRequest.push(authenticationHook(route, deps));
  const nothingIsEmpty: Hook = (request, _reply, done) => {
    request.body ??= {};
    done();
  };
  server.route({
    method: route.method,
    url: route.path.replaceAll(/\{(\w+)\}/g, ":$1"),
    schema,
    onRequest,
    ...(body !== undefined && mayBeEmpty(body) ? { preValidation: nothingIsEmpty } : {}),
    handler: handlerOf(route, deps),
  });
};

/** `close` says not ready at once, ends streams, and bounds what is still running. */
const drainOnClose = (
  server: FastifyInstance,
  limits: ServerLimits,
  streams: Streams,
  beginDraining: () => void,
): void => {
  const close = server.close.bind(server) as () => Promise<undefined>;
  let closing: Promise<undefined> | undefined;
  const drain = async (): Promise<undefined> => {
    beginDraining();
    const delayMs = limits.drainDelayMs ?? 0;
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    streams.endAll();
    const timer = setTimeout(() => server.server.closeAllConnections(), limits.drainMs ?? 10_000);
    try {
      return await close();
    } finally {
      clearTimeout(timer);
    }
  };
  server.close = (() => (closing ??= drain())) as typeof server.close;
};

/**
 * An HTTP server of the routes, not listening yet. Each request passes, in this order: the bound of
 * requests in flight, the limit by address, the URL's encoding, the token's signature and kind, the
 * shape (parameters, body, query, Idempotency-Key), the token's concert and the path's user, ACTIVE where
 * the route wants it, the handler. Whatever refuses answers a problem with a stable code.
 *
 * `close()` says not ready at once, ends streams, stops accepting, and lets requests in flight end
 * within `limits.drainMs`.
 */
export const buildServer = async (options: ServerOptions): Promise<FastifyInstance> => {
  const limits = options.limits ?? {};
  const { meters, log } = options;
  const traffic = createTraffic(meters);
  const streams = createStreams((open) => {
    meters.live.streams = open;
  });
  let draining = false;
  const rate = limits.requestsPerSecondPerAddress;
  const gate: Gate = {
    traffic,
    meters,
    inFlightMax: limits.inFlightMax ?? 2000,
    addresses:
      rate === undefined
        ? null
        : addressLimit({
            requestsPerSecond: rate,
            burst: limits.burstPerAddress ?? Math.max(10, rate * 2),
            addressesMax,
            nowMs: () => performance.now(),
          }),
  };
  const deps: EngineDeps = {
    authenticators: options.authenticators,
    log,
    traffic,
    streams,
    streamsMax: limits.streamsMax ?? 20_000,
    onShed: () => meters.shed("streams"),
  };
  const document = openApiDocument(options.routes, {
    ...options.document,
    publicUrl: options.publicUrl,
  });

  const server = createEngine(options);
  server.decorateRequest("caller", null as never);
  readBodies(server);
  for (const route of options.routes) addRoute(server, route, gate, deps);
  const unrouted = unroutedHandler([
    ...options.routes.map(({ path, method }) => ({ path, methods: [method] })),
    ...operationPaths,
  ]);
  server.setNotFoundHandler((request, reply) => {
    setStandardHeaders(reply);
    unrouted(request, reply);
  });
  server.setErrorHandler((error, request, reply) => {
    setStandardHeaders(reply);
    // The body was read whole before it was refused, so the connection can go on.
    if (error instanceof Refusal) reply.removeHeader("connection");
    if (request.is404) unrouted(request, reply);
    else sendThrown(reply, error, log);
  });
  await server.register(async (scope) => {
    scope.addHook("onRequest", (_request, reply, done) => {
      setStandardHeaders(reply);
      done();
    });
    const { readiness, metricsText } = options;
    serveOperations(scope, { readiness, metricsText, document, isDraining: () => draining });
    await serveDocs(scope, document);
  });
  // An expectation that we do not know may be ignored, which is friendlier than a bare 417.
  server.server.on("checkExpectation", (request, response) => {
    server.server.emit("request", request, response);
  });
  drainOnClose(server, limits, streams, () => {
    draining = true;
  });
  await server.ready();
  return server;
};
