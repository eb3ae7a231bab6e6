import type { FastifyInstance } from "fastify";
import type { Log } from "../log.ts";
import type { HttpMeters } from "../metrics.ts";
import { inTime } from "./deadline.ts";
import { drainOnClose, type DrainLimits } from "./drain.ts";
import { discardBody } from "./discard-body.ts";
import { docsPaths, serveDocs } from "./docs.ts";
import { authenticationHook, sendThrown, type EngineDeps } from "./engine.ts";
import { failedCodes } from "./failed-codes.ts";
import { failedKeys } from "./failed-keys.ts";
import { createEngine, readBodies, requestIds, type FrameworkOptions } from "./fastify.ts";
import { admit, warnOfUntrustedProxy, type AddressLimits, type Gate } from "./gate.ts";
import { openApiDocument, type DocumentOptions } from "./openapi.ts";
import { metricsPath, operationPaths, serveOperations } from "./operations.ts";
import { addLane } from "./lane/lane.ts";
import type { ReadRequest } from "./lane/grammar.ts";
import { pagesForBrowsers } from "./page-addresses.ts";
import { pagePaths, servePages, type Pages } from "./pages.ts";
import { isTooLarge } from "./refusal.ts";
import { addRoutes } from "./registration.ts";
import type { Authenticators, Route } from "./route.ts";
import { streamSlots } from "./stream-slots.ts";
import { createStreams, type Streams } from "./streams.ts";
import { createTraffic } from "./traffic.ts";
import { answerConnect, unroutedHandler } from "./unrouted.ts";

/** Bounds of the server. Each comment ends with the default. */
export interface ServerLimits extends DrainLimits {
  /** Size of a request's body: 16 KiB. */
  readonly bodyBytesMax?: number;
  /** Time for a request to arrive whole: 10 s. */
  readonly requestTimeoutMs?: number;
  /** Time for a handler to answer; after it the server answers 503: 2.7 s. */
  readonly answerWithinMs?: number;
  /** Requests in flight (received whole, not answered yet); the server answers 503 to one more: 2000. */
  readonly inFlightMax?: number;
  /** Open streams of callers with a token: 20,000. */
  readonly streamsMax?: number;
  /** Open streams of callers without a token, such as files of draws: 64. */
  readonly anonymousStreamsMax?: number;
  /** Open streams of callers without a token from one address: 8. */
  readonly anonymousStreamsPerAddressMax?: number;
  /** Time in which the client of a stream must take what was written: 30 s. */
  readonly streamWriteWithinMs?: number;
  /** Time for which an idle connection stays open: 72 s. */
  readonly keepAliveMs?: number;
}

/** How a listener protects the pages of operators that are no routes of the API. */
export interface OperatorPages {
  /** `key`: `/metrics` needs the operator key. */
  readonly metrics: "open" | "key";
  /** `session`: `/docs` needs a session of the console. */
  readonly docs: "open" | "session";
}

export interface ServerOptions {
  readonly routes: readonly Route[];
  /** The routes in `/openapi.json`: those that are served. */
  readonly documented?: readonly Route[];
  /** `/metrics` and `/docs`: open. Null: another listener serves them. */
  readonly operatorPages?: OperatorPages | null;
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
  /** How the fast lane reads requests of hot routes; see ADR 0051. Null: there is no fast lane. */
  readonly fastLane?: ReadRequest | null;
}

/** `/metrics` is no route of the API, and an operator who may read may read it. */
const metricsRoute = { auth: "operator", permission: "read" } as const;
const openPages: OperatorPages = { metrics: "open", docs: "open" };

const noAddressLimits: AddressLimits = {
  requests: null,
  newUsers: null,
  failedKeys: null,
  failedCodes: null,
};

/**
 * Serves everything beside the API's routes: unknown paths, failures, health, metrics, documents,
 * pages.
 */
const serveBesideApi = async (
  server: FastifyInstance,
  options: ServerOptions,
  deps: EngineDeps,
  isDraining: () => boolean,
): Promise<void> => {
  const { log, checks, authenticators, operatorPages = openPages } = options;
  const document = openApiDocument(options.documented ?? options.routes, {
    ...options.document,
    publicUrl: options.publicUrl,
  });
  const served = [
    ...options.routes.map(({ path, method }) => ({ path, methods: [method] })),
    ...operationPaths,
    ...(operatorPages === null ? [] : [metricsPath, ...docsPaths]),
  ];
  const { pages } = options;
  const unrouted = pages
    ? unroutedHandler([...served, ...pagePaths(pages)], pagesForBrowsers(pages, served))
    : unroutedHandler(served);
  server.setNotFoundHandler((request, reply) => unrouted(request, reply));
  server.setErrorHandler((error, request, reply) => {
    if (request.is404) unrouted(request, reply);
    else if (isTooLarge(error)) discardBody(request.raw, () => sendThrown(reply, error, log));
    else sendThrown(reply, error, log);
  });
  await server.register((scope, _options, done) => {
    serveOperations(scope, {
      checks,
      document,
      isDraining,
      metricsText: operatorPages === null ? null : options.metricsText,
      metricsKey: operatorPages?.metrics === "key" ? authenticationHook(metricsRoute, deps) : null,
    });
    if (pages) servePages(scope, pages);
    done();
  });
  if (operatorPages === null) return;
  const sessionOf = operatorPages.docs === "session" ? authenticators.consoleSession : null;
  await server.register((scope, _options, done) => {
    serveDocs(scope, sessionOf);
    done();
  });
};

/** Limits by address count a proxy as one client, so the operator is warned of one that is not trusted. */
const proxyWarning = ({ addresses }: Gate, { trustProxy, log }: ServerOptions) => {
  const isLimited = Object.values(addresses).some((limit) => limit !== null);
  return isLimited && !trustProxy ? warnOfUntrustedProxy(log) : null;
};

const engineDeps = (options: ServerOptions, gate: Gate, streams: Streams): EngineDeps => {
  const { authenticators, log, meters, limits = {} } = options;
  const within = (answerWithinMs: number) =>
    inTime({ answerWithinMs, onLate: () => meters.shed("deadline"), log });
  const inUsualTime = within(limits.answerWithinMs ?? 2700);
  return {
    authenticators,
    log,
    traffic: gate.traffic,
    streams,
    failedKeys: failedKeys(gate, log),
    failedCodes: failedCodes(gate),
    slots: streamSlots({
      max: limits.streamsMax ?? 20_000,
      anonymousMax: limits.anonymousStreamsMax ?? 64,
      anonymousPerAddressMax: limits.anonymousStreamsPerAddressMax ?? 8,
    }),
    onShed: () => meters.shed("streams"),
    inTimeOf: ({ answerWithinMs }) =>
      answerWithinMs === undefined ? inUsualTime : within(answerWithinMs),
  };
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
  const { meters } = options;
  const traffic = createTraffic(meters, limits.inFlightMax ?? 2000);
  const streams = createStreams({
    writeWithinMs: limits.streamWriteWithinMs ?? 30_000,
    onChange: (change) => {
      meters.live.streams += change;
    },
  });
  const gate: Gate = {
    traffic,
    meters,
    addresses: options.addressLimits ?? noAddressLimits,
  };
  const deps = engineDeps(options, gate, streams);
  const warnOfProxy = proxyWarning(gate, options);
  const framework: FrameworkOptions = {
    bodyBytesMax: limits.bodyBytesMax ?? 16_384,
    requestTimeoutMs: limits.requestTimeoutMs ?? 10_000,
    keepAliveMs: limits.keepAliveMs ?? 72_000,
    trustProxy: options.trustProxy ?? false,
    requestId: requestIds(),
    admit: (request, reply) => {
      warnOfProxy?.(request);
      return admit(gate, request, reply);
    },
  };
  const server = createEngine(framework);
  server.decorateRequest("caller", null as never);
  readBodies(server);
  let draining = false;
  // An error handler applies to the routes that are added after it.
  await serveBesideApi(server, options, deps, () => draining);
  const compiled = addRoutes(server, options.routes, gate, deps);
  // RFC 9110 lets a server ignore an unknown expectation; without a listener Node answers a bare 417.
  server.server.on("checkExpectation", (request, response) => {
    server.server.emit("request", request, response);
  });
  // Without a listener Node closes the connection of a CONNECT without an answer.
  server.server.on("connect", (request, socket) => answerConnect(request.url ?? "", socket));
  const { fastLane: read, log } = options;
  const isDraining = () => draining;
  const lane = read && addLane(server.server, { read, compiled, framework, log, isDraining });
  const beginDraining = (): void => {
    draining = true;
  };
  drainOnClose(server, limits, { streams, lane: lane ?? null, beginDraining });
  await server.ready();
  return server;
};
