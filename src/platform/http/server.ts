import type { FastifyInstance } from "fastify";
import type { Log } from "../log.ts";
import type { HttpMeters } from "../metrics.ts";
import { addressLimit, type AddressLimit } from "./address-limit.ts";
import { inTime } from "./deadline.ts";
import { serveDocs } from "./docs.ts";
import { sendThrown, type EngineDeps } from "./engine.ts";
import { createEngine, readBodies, setStandardHeaders } from "./fastify.ts";
import { openApiDocument, type DocumentOptions } from "./openapi.ts";
import { operationPaths, serveOperations, type Readiness } from "./operations.ts";
import { pagePaths, servePages, type Pages } from "./pages.ts";
import { Refusal } from "./refusal.ts";
import { addRoute, type Gate } from "./registration.ts";
import type { Authenticators, Route } from "./route.ts";
import { createStreams, type Streams } from "./streams.ts";
import { createTraffic } from "./traffic.ts";
import { answerConnect, unroutedHandler } from "./unrouted.ts";

export type { Readiness } from "./operations.ts";

const addressesMax = 100_000;

/** Bounds of the server; each has a default. */
export interface ServerLimits {
  /** 16 KiB. */
  readonly bodyBytesMax?: number;
  /** For a request to arrive whole: 10 s. */
  readonly requestTimeoutMs?: number;
  /** For a route's handler to answer; then the client is told 503: 2.7 s. */
  readonly answerWithinMs?: number;
  /** Requests, whole and not answered yet, at once; one more is refused with 503: 2000. */
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
  /** What people open in a browser; without it the server answers the API only. */
  readonly pages?: Pages | null;
}

/**
 * Resolves when nobody stands in the kernel's queue of new connections: they would be reset with the
 * listener. One is accepted a turn, so a few turns without any say that it is empty.
 */
const takeInQueue = async ({ server }: FastifyInstance): Promise<void> => {
  const untilMs = performance.now() + 1000;
  let came = false;
  const note = (): void => {
    came = true;
  };
  server.on("connection", note);
  for (let quietTurns = 0; quietTurns < 3 && performance.now() < untilMs; quietTurns += 1) {
    came = false;
    await new Promise((resolve) => setImmediate(resolve));
    if (came) quietTurns = -1;
  }
  server.off("connection", note);
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
    // Whoever is answered from now on brings his next request to another instance.
    server.server.prependListener("request", (_request, response) => {
      response.shouldKeepAlive = false;
    });
    const delayMs = limits.drainDelayMs ?? 0;
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    await takeInQueue(server);
    streams.endAll();
    const timer = setTimeout(() => server.server.closeAllConnections(), limits.drainMs ?? 10_000);
    // A request that was in flight before leaves its connection open and idle: nobody else ends it.
    const idle = setInterval(() => server.server.closeIdleConnections(), 50);
    try {
      return await close();
    } finally {
      clearInterval(idle);
      clearTimeout(timer);
    }
  };
  server.close = (() => (closing ??= drain())) as typeof server.close;
};

const addressLimitOf = (limits: ServerLimits): AddressLimit | null => {
  const rate = limits.requestsPerSecondPerAddress;
  if (rate === undefined) return null;
  return addressLimit({
    requestsPerSecond: rate,
    burst: limits.burstPerAddress ?? Math.max(10, rate * 2),
    addressesMax,
    nowMs: () => performance.now(),
  });
};

/** Everything that is no route of the API: unknown paths, failures, health, metrics, documents. */
const serveRest = async (
  server: FastifyInstance,
  options: ServerOptions,
  isDraining: () => boolean,
): Promise<void> => {
  const { log, readiness, metricsText } = options;
  const document = openApiDocument(options.routes, {
    ...options.document,
    publicUrl: options.publicUrl,
  });
  const unrouted = unroutedHandler([
    ...options.routes.map(({ path, method }) => ({ path, methods: [method] })),
    ...operationPaths,
    ...(options.pages ? pagePaths(options.pages) : []),
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
    serveOperations(scope, { readiness, metricsText, document, isDraining });
    await serveDocs(scope, document);
    if (options.pages) servePages(scope, options.pages);
  });
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
  const { meters, log, authenticators } = options;
  const traffic = createTraffic(meters, limits.inFlightMax ?? 2000);
  const streams = createStreams((open) => {
    meters.live.streams = open;
  });
  const gate: Gate = {
    traffic,
    meters,
    addresses: addressLimitOf(limits),
  };
  const deps: EngineDeps = {
    authenticators,
    log,
    traffic,
    streams,
    streamsMax: limits.streamsMax ?? 20_000,
    onShed: () => meters.shed("streams"),
    inTime: inTime({
      answerWithinMs: limits.answerWithinMs ?? 2700,
      onLate: () => meters.shed("deadline"),
      log,
    }),
  };
  const server = createEngine({
    bodyBytesMax: limits.bodyBytesMax ?? 16_384,
    requestTimeoutMs: limits.requestTimeoutMs ?? 10_000,
    trustProxy: options.trustProxy ?? false,
  });
  server.decorateRequest("caller", null as never);
  readBodies(server);
  let draining = false;
  // Error handlers count for the routes that are added after them.
  await serveRest(server, options, () => draining);
  for (const route of options.routes) addRoute(server, route, gate, deps);
  // An expectation that we do not know may be ignored, which is friendlier than a bare 417.
  server.server.on("checkExpectation", (request, response) => {
    server.server.emit("request", request, response);
  });
  // Node closes the connection without a word unless somebody listens.
  server.server.on("connect", (request, socket) => answerConnect(request.url ?? "", socket));
  drainOnClose(server, limits, streams, () => {
    draining = true;
  });
  await server.ready();
  return server;
};
