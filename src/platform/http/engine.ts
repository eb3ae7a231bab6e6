import { Socket } from "node:net";
import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from "fastify";
import type { Intent } from "#kernel/idempotency.ts";
import type { Log } from "../log.ts";
import { authenticate, type Authentication } from "./authenticate.ts";
import type { InTime } from "./deadline.ts";
import type { FailedKeys } from "./failed-keys.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { readIdempotencyKey } from "./idempotency-key.ts";
import { judgeThrown, malformedRequest, sendProblem } from "./refusal.ts";
import type {
  Answer,
  Authenticators,
  Caller,
  Problem,
  Route,
  RouteAuth,
  Success,
} from "./route.ts";
import { idLowerer, pathParameters, type Schema } from "./shapes.ts";
import type { Streams } from "./streams.ts";
import type { Traffic } from "./traffic.ts";

export interface EngineDeps {
  readonly authenticators: Authenticators;
  readonly log: Log;
  readonly traffic: Traffic;
  readonly streams: Streams;
  readonly streamsMax: number;
  /** Called once for each stream that the server refuses. */
  readonly onShed: () => void;
  readonly inTime: InTime;
  readonly failedKeys: FailedKeys;
}

declare module "fastify" {
  interface FastifyRequest {
    /** The caller, authenticated before the body is read. */
    caller: Caller;
  }
}

type Members = Readonly<Record<string, unknown>>;

const isProblem = (answer: Answer): answer is Problem => "problem" in answer;

/** Sends the problem of a thrown error, and logs the error when it is INTERNAL or UNAVAILABLE. */
export const sendThrown = (reply: FastifyReply, error: unknown, log: Log): void => {
  const { problem, retryAfterSeconds } = judgeThrown(error);
  const { id, method } = reply.request;
  const fields = { err: error, requestId: id, method, url: reply.request.raw.url };
  if (problem.problem === "INTERNAL") log.error(fields, "a request failed");
  else if (problem.problem === "UNAVAILABLE") log.warn(fields, "a request could not be served");
  // A part of the answer is sent already; only closing the connection tells the client.
  if (reply.raw.headersSent) reply.raw.destroy();
  else sendProblem(reply, problem, retryAfterSeconds);
};

/** Returns the hook that checks the token before the body is read. */
export const authenticationHook = (auth: RouteAuth, deps: EngineDeps) => {
  const keys = auth === "operator" ? deps.failedKeys : null;
  const accept = (request: FastifyRequest, reply: FastifyReply, found: Authentication): boolean => {
    if (found.kind === "caller") request.caller = found.caller;
    else sendProblem(reply, { problem: found.problem });
    return found.kind === "caller";
  };
  const acceptLater = async (
    request: FastifyRequest,
    reply: FastifyReply,
    done: () => void,
    found: Promise<Authentication>,
  ): Promise<void> => {
    let later: Authentication;
    try {
      later = await found;
    } catch (error) {
      return sendThrown(reply, error, deps.log);
    }
    if (accept(request, reply, later)) done();
  };
  return (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    if (keys?.refuse(request, reply) === true) return;
    const header = request.raw.headers.authorization;
    const found = authenticate(auth, header, deps.authenticators);
    if (keys !== null && "problem" in found) keys.failed(request);
    if (found instanceof Promise) void acceptLater(request, reply, done, found);
    else if (accept(request, reply, found)) done();
  };
};

interface Parts {
  readonly params: Members;
  readonly query: Members;
  readonly body: unknown;
}

/** Returns a function that reads the validated parts of a request, with their ids in lower case. */
const partsReader = (route: Route): ((request: FastifyRequest) => Parts) => {
  const same = (value: unknown): unknown => value;
  const lowererOf = (schema: unknown) =>
    (schema === undefined ? null : idLowerer(schema as Schema)) ?? same;
  const [params, query, body] = [route.params, route.query, route.body].map(lowererOf);
  return (request) => ({
    params: params?.(request.params) as Members,
    query: query?.(request.query) as Members,
    body: route.body === undefined ? undefined : body?.(request.body),
  });
};

const routedPath = (route: Route, params: Members): string =>
  pathParameters(route.path).reduce(
    (path, name) => path.replace(`{${name}}`, encodeURIComponent(String(params[name]))),
    route.path,
  );

type IntentReading = { readonly intent: Intent | null } | Problem;

const readIntent = (route: Route, request: FastifyRequest, parts: Parts): IntentReading => {
  if (route.idempotency === undefined) return { intent: null };
  const sent = request.raw.headers["idempotency-key"];
  // Node joins two headers with a comma, but one key may contain a comma too.
  const isJoined = typeof sent === "string" && sent.includes(",");
  const values = isJoined ? request.raw.headersDistinct["idempotency-key"] : [sent ?? []].flat();
  const header = readIdempotencyKey(values);
  if (header.kind === "unusable") {
    const message = "must be 1 to 255 printable characters, bare or a quoted string";
    return malformedRequest([{ pointer: "/headers/idempotency-key", message }]);
  }
  if (header.kind === "none") {
    return route.idempotency === "required"
      ? { problem: "IDEMPOTENCY_KEY_REQUIRED" }
      : { intent: null };
  }
  const path = routedPath(route, parts.params);
  const fingerprint = fingerprintOf(route.method, path, parts.body ?? {});
  return { intent: { key: header.key, fingerprint } };
};

/** Compares the token with the path: the concert of a queue token, the user of an access token. */
const refuseForeign = (caller: Caller, params: Members): Problem | null => {
  if (caller.kind === "place" && "concertId" in params) {
    if (params["concertId"] !== caller.claims.concertId) return { problem: "QUEUE_TOKEN_MISMATCH" };
  }
  if (caller.kind === "user" && "userId" in params) {
    if (params["userId"] !== caller.userId) return { problem: "NOT_FOUND" };
  }
  return null;
};

const streamTrouble =
  (log: Log, requestId: string) =>
  (error: unknown): void =>
    log.warn({ err: error, requestId }, "a stream failed");

const sendStream = (reply: FastifyReply, answer: Success, deps: EngineDeps): void => {
  const { stream } = answer;
  if (stream === undefined) return;
  if (deps.streams.open >= deps.streamsMax) {
    deps.onShed();
    sendProblem(reply, { problem: "UNAVAILABLE", detail: "Too many event streams are open." }, 5);
    return;
  }
  const response = reply.raw;
  if (!reply.hasHeader("content-type")) reply.header("content-type", "text/event-stream");
  if (!reply.hasHeader("cache-control")) reply.header("cache-control", "no-store");
  // Without this nginx buffers events until its buffer is full.
  reply.header("x-accel-buffering", "no");
  reply.hijack();
  response.writeHead(answer.status, reply.getHeaders() as Record<string, string>);
  if (reply.request.method === "HEAD") return void response.end();
  response.flushHeaders();
  // A stream may be silent for longer than the idle timeout; the feature sends the heartbeat.
  if (response.socket instanceof Socket) response.socket.setTimeout(0);
  deps.traffic.becomeStream(response);
  // A stream may last for hours, so it holds the request's id, not Fastify's request and reply.
  void deps.streams.pump(stream, response, streamTrouble(deps.log, reply.request.id));
};

const sendSuccess = (
  route: Route,
  reply: FastifyReply,
  answer: Success,
  deps: EngineDeps,
): void => {
  if (!(answer.status in route.answers)) {
    throw new Error(`${route.operationId} answered ${answer.status}, which it does not declare`);
  }
  for (const name in answer.headers) reply.header(name, answer.headers[name]);
  if (answer.stream !== undefined) return sendStream(reply, answer, deps);
  reply.code(answer.status).send(answer.body);
};

/**
 * The request that a handler receives. A class because of its getter: few handlers use `signal`, and
 * an AbortController for every request would cost more than the rest of the engine.
 */
class HandlerRequest {
  readonly caller: Caller;
  readonly params: Members;
  readonly query: Members;
  readonly body: unknown;
  readonly intent: Intent | null;
  readonly url: string;
  readonly #reply: FastifyReply;
  readonly #traffic: Traffic;

  constructor(reply: FastifyReply, parts: Parts, intent: Intent | null, traffic: Traffic) {
    this.caller = reply.request.caller;
    this.params = parts.params;
    this.query = parts.query;
    this.body = parts.body;
    this.intent = intent;
    this.url = reply.request.raw.url ?? "";
    this.#reply = reply;
    this.#traffic = traffic;
  }

  get signal(): AbortSignal {
    return this.#traffic.signal(this.#reply.raw);
  }
}

/**
 * Returns what runs after token and shape: Idempotency-Key, concert, user, ACTIVE, then the route's
 * handler.
 */
export const handlerOf = (route: Route, deps: EngineDeps): RouteHandlerMethod => {
  const readParts = partsReader(route);
  const handle = route.handle as (request: unknown) => Answer | Promise<Answer>;

  const fail = (reply: FastifyReply, error: unknown): void => {
    deps.traffic.answered(reply.raw);
    sendThrown(reply, error, deps.log);
  };

  const send = (reply: FastifyReply, answer: Answer): void => {
    deps.traffic.answered(reply.raw);
    try {
      if (isProblem(answer)) sendProblem(reply, answer);
      else sendSuccess(route, reply, answer, deps);
    } catch (error) {
      sendThrown(reply, error, deps.log);
    }
  };

  const act = (
    reply: FastifyReply,
    parts: Parts,
    intent: Intent | null,
  ): Answer | Promise<Answer> => handle(new HandlerRequest(reply, parts, intent, deps.traffic));

  const actIfActive = async (
    reply: FastifyReply,
    parts: Parts,
    intent: Intent | null,
  ): Promise<Answer> => {
    const { caller } = reply.request;
    if (caller.kind !== "place") throw new Error("only a place can be active");
    const state = await deps.authenticators.active(caller.claims);
    if (state === "active") return act(reply, parts, intent);
    return { problem: state === "ended" ? "QUEUE_TOKEN_ENDED" : "QUEUE_NOT_ACTIVE" };
  };

  return function handleRoute(request, reply): void {
    const parts = readParts(request);
    const reading = readIntent(route, request, parts);
    if ("problem" in reading) return send(reply, reading);
    const foreign = refuseForeign(request.caller, parts.params);
    if (foreign !== null) return send(reply, foreign);
    const step = route.auth === "queue-active" ? actIfActive : act;
    const answer = step(reply, parts, reading.intent);
    if (!(answer instanceof Promise)) return send(reply, answer);
    deps.inTime(
      answer,
      (found) => send(reply, found),
      (error: unknown) => fail(reply, error),
    );
  };
};
