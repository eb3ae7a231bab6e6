import Fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { formats } from "./formats.ts";
import { readJsonBody } from "./json-body.ts";
import { malformedRequest, Refusal, sendProblem } from "./refusal.ts";
import { answerBrokenRequest } from "./unrouted.ts";

const keepAliveTimeoutMs = 72_000;
const idleSocketTimeoutMs = 120_000;
const paramCharsMax = 2000;
const apiPolicy = "default-src 'none'; frame-ancestors 'none'";

/** What every answer carries, whoever writes it. */
export const setStandardHeaders = (reply: FastifyReply): void => {
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

/** How the framework is set; none of it is left to its defaults where those are lax. */
export interface FrameworkOptions {
  readonly bodyBytesMax: number;
  readonly requestTimeoutMs: number;
  readonly trustProxy: boolean | string | string[];
}

/** A bare server: strict validation, bounded in size and time, problems for what never becomes a request. */
export const createEngine = (options: FrameworkOptions): FastifyInstance => {
  const { requestTimeoutMs: requestTimeout } = options;
  return Fastify({
    logger: false,
    bodyLimit: options.bodyBytesMax,
    requestTimeout,
    connectionTimeout: idleSocketTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    forceCloseConnections: "idle",
    return503OnClosing: false,
    trustProxy: options.trustProxy,
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
        return done(new Refusal({ problem: "UNSUPPORTED_MEDIA_TYPE" }));
      case "malformed":
        return done(new Refusal(malformedRequest([{ pointer: "", message: reading.message }])));
    }
  });
};
