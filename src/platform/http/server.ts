import type { FastifyInstance } from "fastify";
import type { Log } from "../log.ts";
import type { HttpMeters } from "../metrics.ts";
import { inTime } from "./deadline.ts";
import { serveDocs } from "./docs.ts";
import { sendThrown, type EngineDeps } from "./engine.ts";
import { failedKeys } from "./failed-keys.ts";
import { createEngine, readBodies } from "./fastify.ts";
import { admit, warnOfUntrustedProxy, type AddressLimits, type Gate } from "./gate.ts";
import { openApiDocument, type DocumentOptions } from "./openapi.ts";
import { operationPaths, serveOperations } from "./operations.ts";
import { pagePaths, servePages, type Pages } from "./pages.ts";
import { Refusal } from "./refusal.ts";
import { addRoute } from "./registration.ts";
import type { Authenticators, Route } from "./route.ts";
import { createStreams, type Streams } from "./streams.ts";
import { createTraffic } from "./traffic.ts";
import { answerConnect, unroutedHandler } from "./unrouted.ts";

/** Bounds of the server. Each comment ends with the default. */
export interface ServerLimits {
  /** Size of a request's body: 16 KiB. */
  readonly bodyBytesMax?: number;
  /** Time for a request to arrive whole: 10 s. */
  readonly requestTimeoutMs?: number;
  /** Time for a handler to answer; after it the server answers 503: 2.7 s. */
  readonly answerWithinMs?: number;
  /** Requests in flight (received whole, not answered yet); the server answers 503 to one more: 2000. */
  readonly inFlightMax?: number;
  /** Open event streams: 20,000. */
  readonly streamsMax?: number;
  /** Time that `close` gives to requests in flight: 10 s. */
  readonly drainMs?: number;
  /** Time in which `close` still accepts requests while `/readyz` answers 503, for load balancers: 0. */
  readonly drainDelayMs?: number;
  /** Time for which an idle connection stays open: 72 s. */
  readonly keepAliveMs?: number;
}

export interface ServerOptions {
  readonly routes: readonly Route[];
  readonly authenticators: Authenticators;
  readonly log: Log;
  readonly meters: HttpMeters;
  /** Returns the state of each store in one word, for the body of `/readyz`. */
  readonly checks: () => Readonly<Record<string, string>>;
  readonly metricsText: () => Promise<string>;
  readonly limits?: ServerLimits;
  /** Limits by address: none. */
  readonly addressLimits?: AddressLimits;
  /** Addresses and CIDR ranges of the proxies whose `X-Forwarded-For` the server believes: none. */
  readonly trustProxy?: boolean | readonly string[];
  readonly publicUrl?: string;
  readonly document?: Omit<DocumentOptions, "publicUrl">;
  /** Pages for browsers; without them the server answers the API only. */
  readonly pages?: Pages | null;
}

/**
 * Accepts the connections that wait in the kernel's backlog, because closing the listener would reset
 * them. Node accepts one in each turn of the event loop; three turns without one mean an empty backlog.
 * Ends after at most 1 s.
 */
const acceptBacklog = async ({ server }: FastifyInstance): Promise<void> => {
  const untilMs = performance.now() + 1000;
  let hasAccepted = false;
  const note = (): void => {
    hasAccepted = true;
  };
  server.on("connection", note);
  for (let quietTurns = 0; quietTurns < 3 && performance.now() < untilMs; quietTurns += 1) {
    hasAccepted = false;
    await new Promise((resolve) => setImmediate(resolve));
    if (hasAccepted) quietTurns = -1;
  }
  server.off("connection", note);
};

/** Makes `close` report "not ready" at once, end the streams and bound the time of requests in flight. */
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
    // The client of a request answered from now on sends its next request to another instance.
    server.server.prependListener("request", (_request, response) => {
      response.shouldKeepAlive = false;
    });
    const delayMs = limits.drainDelayMs ?? 0;
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    await acceptBacklog(server);
    streams.endAll();
    const timer = setTimeout(() => server.server.closeAllConnections(), limits.drainMs ?? 10_000);
    // The connection of a request that was in flight stays open and idle; Node does not end it.
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

const noAddressLimits: AddressLimits = { requests: null, newUsers: null, failedKeys: null };

/**
 * Serves everything beside the API's routes: unknown paths, failures, health, metrics, documents,
 * pages.
 */
const serveBesideApi = async (
  server: FastifyInstance,
  options: ServerOptions,
  isDraining: () => boolean,
): Promise<void> => {
  const { log, checks, metricsText } = options;
  const document = openApiDocument(options.routes, {
    ...options.document,
    publicUrl: options.publicUrl,
  });
  const unrouted = unroutedHandler([
    ...options.routes.map(({ path, method }) => ({ path, methods: [method] })),
    ...operationPaths,
    ...(options.pages ? pagePaths(options.pages) : []),
  ]);
  server.setNotFoundHandler((request, reply) => unrouted(request, reply));
  server.setErrorHandler((error, request, reply) => {
    // The body was read whole before the refusal, so the connection stays usable.
    if (error instanceof Refusal) reply.removeHeader("connection");
    if (request.is404) unrouted(request, reply);
    else sendThrown(reply, error, log);
  });
  await server.register(async (scope) => {
    serveOperations(scope, { checks, metricsText, document, isDraining });
    await serveDocs(scope, document);
    if (options.pages) servePages(scope, options.pages);
  });
};

/** Limits by address count a proxy as one client, so the operator is warned of one that is not trusted. */
const proxyWarning = ({ addresses }: Gate, { trustProxy, log }: ServerOptions) => {
  const isLimited = Object.values(addresses).some((limit) => limit !== null);
  return isLimited && !trustProxy ? warnOfUntrustedProxy(log) : null;
};

/**
 * Builds an HTTP server of the routes, not listening yet. Each check answers a problem with a stable
 * code, in this order:
 * 1. on every path: the unread answers of the connection, then the limit by address;
 * 2. the bound of requests in flight;
 * 3. the encoding of the URL;
 * 4. the signature and kind of the token;
 * 5. the shape: parameters, body, query, Idempotency-Key;
 * 6. the concert of the token and the user of the path;
 * 7. ACTIVE, where the route requires it;
 * 8. the handler.
 *
 * `close()` reports "not ready" at once, ends streams, stops accepting connections and gives requests
 * in flight `limits.drainMs` to end.
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
    addresses: options.addressLimits ?? noAddressLimits,
  };
  const deps: EngineDeps = {
    authenticators,
    log,
    traffic,
    streams,
    failedKeys: failedKeys(gate, log),
    streamsMax: limits.streamsMax ?? 20_000,
    onShed: () => meters.shed("streams"),
    inTime: inTime({
      answerWithinMs: limits.answerWithinMs ?? 2700,
      onLate: () => meters.shed("deadline"),
      log,
    }),
  };
  const warnOfProxy = proxyWarning(gate, options);
  const server = createEngine({
    bodyBytesMax: limits.bodyBytesMax ?? 16_384,
    requestTimeoutMs: limits.requestTimeoutMs ?? 10_000,
    keepAliveMs: limits.keepAliveMs ?? 72_000,
    trustProxy: options.trustProxy ?? false,
    admit: (request, reply) => {
      warnOfProxy?.(request);
      return admit(gate, request, reply);
    },
  });
  server.decorateRequest("caller", null as never);
  readBodies(server);
  let draining = false;
  // An error handler applies to the routes that are added after it.
  await serveBesideApi(server, options, () => draining);
  for (const route of options.routes) addRoute(server, route, gate, deps);
  // RFC 9110 lets a server ignore an unknown expectation; without a listener Node answers a bare 417.
  server.server.on("checkExpectation", (request, response) => {
    server.server.emit("request", request, response);
  });
  // Without a listener Node closes the connection of a CONNECT without an answer.
  server.server.on("connect", (request, socket) => answerConnect(request.url ?? "", socket));
  drainOnClose(server, limits, streams, () => {
    draining = true;
  });
  await server.ready();
  return server;
};
