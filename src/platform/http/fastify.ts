import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { proxyCheck } from "./client-address.ts";
import { readJsonBody } from "./json-body.ts";
import { malformedRequest, sendProblem } from "./refusal.ts";
import type { Problem } from "./route.ts";
import { answerBrokenRequest } from "./unrouted.ts";

export const idleSocketTimeoutMs = 120_000;
const paramCharsMax = 2000;
const apiPolicy = "default-src 'none'; frame-ancestors 'none'";

/** Sets the headers that every answer carries. */
const setStandardHeaders = (reply: FastifyReply): void => {
  reply.header("x-request-id", reply.request.id);
  reply.header("x-content-type-options", "nosniff");
  reply.header("content-security-policy", apiPolicy);
  reply.header("referrer-policy", "no-referrer");
};

const acceptedRequestId = /^[\w.:-]{1,64}$/;

export type RequestIds = (request: Pick<IncomingMessage, "headers">) => string;

/** Takes the caller's `X-Request-Id` when it matches `acceptedRequestId`, else creates a short id. */
export const requestIds = (): RequestIds => {
  const prefix = randomBytes(5).toString("hex");
  let count = 0;
  return (request) => {
    const given = request.headers["x-request-id"];
    if (typeof given === "string" && acceptedRequestId.test(given)) return given;
    count += 1;
    return `${prefix}-${count.toString(36)}`;
  };
};

/** Settings of Fastify that the caller chooses. */
export interface FrameworkOptions {
  readonly bodyBytesMax: number;
  readonly requestTimeoutMs: number;
  readonly keepAliveMs: number;
  /** The proxies whose `X-Forwarded-For` is believed; true: every peer. */
  readonly trustProxy: boolean | readonly string[];
  readonly requestId: RequestIds;
  /** Called first on every request, whatever its path. False: the request is answered already. */
  admit(request: FastifyRequest, reply: FastifyReply): boolean;
}

/** The first step of every request, whatever its path. */
export const entryStep =
  ({ admit }: FrameworkOptions) =>
  (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    setStandardHeaders(reply);
    if (admit(request, reply)) done();
  };

/**
 * Creates a bare server with strict validation and bounds of size and time. Broken requests get
 * problems.
 */
export const createEngine = (options: FrameworkOptions): FastifyInstance => {
  const { requestTimeoutMs: requestTimeout, trustProxy } = options;
  const server = Fastify({
    logger: false,
    bodyLimit: options.bodyBytesMax,
    requestTimeout,
    connectionTimeout: idleSocketTimeoutMs,
    keepAliveTimeout: options.keepAliveMs,
    forceCloseConnections: "idle",
    return503OnClosing: false,
    trustProxy: typeof trustProxy === "boolean" ? trustProxy : proxyCheck(trustProxy),
    genReqId: options.requestId as (request: unknown) => string,
    routerOptions: { maxParamLength: paramCharsMax },
    http: {
      headersTimeout: requestTimeout,
      // Node checks for late requests every 30 s by default.
      connectionsCheckingInterval: Math.min(2000, requestTimeout),
      requireHostHeader: false,
    },
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (_error, request, reply) => {
      setStandardHeaders(reply);
      if (!options.admit(request, reply)) return;
      const detail = "The URL's percent-encoding is malformed.";
      sendProblem(reply, { problem: "INVALID_REQUEST", detail });
    },
  });
  server.addHook("onRequest", entryStep(options));
  return server;
};

/** Stands for a body that cannot be read until its answer is due. */
class RefusedBody {
  readonly problem: Problem;

  constructor(problem: Problem) {
    this.problem = problem;
  }
}

/** Reads all bodies with one parser, whatever their media type. Routes without a body ignore them. */
export const readBodies = (server: FastifyInstance): void => {
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
        return done(null, new RefusedBody({ problem: "UNSUPPORTED_MEDIA_TYPE" }));
      case "malformed":
        return done(
          null,
          new RefusedBody(malformedRequest([{ pointer: "", message: reading.message }])),
        );
    }
  });
  // Fastify would close the connection after an error of the parser; this body was read whole.
  server.addHook("preValidation", (request, reply, done) => {
    if (request.body instanceof RefusedBody) sendProblem(reply, request.body.problem);
    else done();
  });
};
