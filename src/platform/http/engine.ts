import type { FastifyReply, FastifyRequest } from "fastify";
import type { Intent } from "#kernel/idempotency.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { Log } from "../log.ts";
import { authenticate, type Authentication } from "./authenticate.ts";
import type { InTime } from "./deadline.ts";
import type { FailedCodes } from "./failed-codes.ts";
import type { FailedKeys } from "./failed-keys.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { readIdempotencyKey } from "./idempotency-key.ts";
import { judgeThrown, malformedRequest, sendProblem } from "./refusal.ts";
import type { Answer, Authenticators, Caller, Problem, Route, Success } from "./route.ts";
import { idLowerer, pathParameters, type Schema } from "./shapes.ts";
import { sendStream, type StreamDeps } from "./send-stream.ts";
import { sendContent, SharedBody, varyByEncoding } from "./static-files.ts";

export interface EngineDeps extends StreamDeps {
  readonly authenticators: Authenticators;
  /** Bounds the time of a route's handler. */
  readonly inTimeOf: (route: Pick<Route, "answerWithinMs">) => InTime;
  readonly failedKeys: FailedKeys;
  readonly failedCodes: FailedCodes;
}

declare module "fastify" {
  interface FastifyRequest {
    /** The caller, authenticated before the body is read. */
    caller: Caller;
  }
}

type Members = Readonly<Record<string, unknown>>;

const isProblem = (answer: Answer): answer is Problem => "problem" in answer;

const isLogged = (error: unknown): boolean => error instanceof Unavailable && error.isLogged;

/**
 * Sends the problem of a thrown error. Logs the error when it is INTERNAL, or UNAVAILABLE and not logged
 * yet.
 */
export const sendThrown = (reply: FastifyReply, error: unknown, log: Log): void => {
  const { problem, retryAfterSeconds } = judgeThrown(error);
  const { id, method } = reply.request;
  const fields = { err: error, requestId: id, method, url: reply.request.raw.url };
  if (problem.problem === "INTERNAL") log.error(fields, "a request failed");
  else if (problem.problem === "UNAVAILABLE" && !isLogged(error))
    log.warn(fields, "a request could not be served");
  // A part of the answer is sent already; only closing the connection tells the client.
  if (reply.raw.headersSent) reply.raw.destroy();
  else sendProblem(reply, problem, retryAfterSeconds);
};

/** Returns the hook that checks the token before the body is read. */
export const authenticationHook = (route: Pick<Route, "auth" | "permission">, deps: EngineDeps) => {
  const keys = route.auth === "operator" ? deps.failedKeys : null;
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
    const found = authenticate(route, header, deps.authenticators);
    if (keys !== null && "problem" in found && found.problem === "OPERATOR_KEY_INVALID")
      keys.failed(request);
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

const usableResponse = /^[\x20-\x7e]{1,4096}$/;

/** Reads the `Challenge-Response`; null without one. */
const readChallengeResponse = (request: FastifyRequest): string | null | Problem => {
  const { "challenge-response": response = "" } = request.raw.headers;
  if (response === "") return null;
  if (typeof response === "string" && usableResponse.test(response)) return response;
  const message = "must be 1 to 4096 printable characters";
  return malformedRequest([{ pointer: "/headers/challenge-response", message }]);
};

/** The headers of a request that its handler gets. */
interface Sent {
  readonly intent: Intent | null;
  readonly challengeResponse: string | null;
}

const readSent = (route: Route, request: FastifyRequest, parts: Parts): Sent | Problem => {
  const reading = readIntent(route, request, parts);
  if ("problem" in reading) return reading;
  const response = route.challenge === true ? readChallengeResponse(request) : null;
  if (typeof response === "object" && response !== null) return response;
  return { intent: reading.intent, challengeResponse: response };
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

/** Whether the client has the answer already: one of the entity tags that it names is the answer's. */
const isUnchanged = ({ raw }: FastifyRequest, { headers }: Success): boolean => {
  const tag = headers?.["ETag"];
  const named = raw.headers["if-none-match"];
  if (tag === undefined || named === undefined || raw.method !== "GET") return false;
  return named
    .split(",")
    .some((one) => one.trim().replace(/^W\//, "") === tag || one.trim() === "*");
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
  if (answer.headers?.["Cache-Control"]?.startsWith("public") && route.isCacheable !== true) {
    throw new Error(`${route.operationId} answers for caches, and is not declared cacheable`);
  }
  for (const name in answer.headers) reply.header(name, answer.headers[name]);
  if (answer.stream !== undefined) return sendStream(reply, answer, answer.stream, deps);
  const { body } = answer;
  if (body instanceof SharedBody) varyByEncoding(reply);
  if (isUnchanged(reply.request, answer)) {
    reply.code(304).send();
    return;
  }
  reply.code(answer.status);
  if (body instanceof SharedBody) sendContent(reply, body);
  else reply.send(body);
};

/**
 * Returns what runs after token and shape: Idempotency-Key, concert, user, ACTIVE, then the route's
 * handler.
 */
export const handlerOf = (
  route: Route,
  deps: EngineDeps,
): ((request: FastifyRequest, reply: FastifyReply) => void) => {
  const readParts = partsReader(route);
  const handle = route.handle as (request: unknown) => Answer | Promise<Answer>;
  const inTime = deps.inTimeOf(route);

  const fail = (reply: FastifyReply, error: unknown): void => {
    deps.traffic.answered(reply.raw);
    sendThrown(reply, error, deps.log);
  };

  const send = (reply: FastifyReply, answer: Answer): void => {
    deps.traffic.answered(reply.raw);
    try {
      if (isProblem(answer)) {
        if (answer.problem === route.guess) deps.failedCodes.failed(reply.request);
        sendProblem(reply, answer);
      } else sendSuccess(route, reply, answer, deps);
    } catch (error) {
      sendThrown(reply, error, deps.log);
    }
  };

  const act = (reply: FastifyReply, parts: Parts, sent: Sent): Answer | Promise<Answer> =>
    handle({ caller: reply.request.caller, ...parts, ...sent });

  const actIfActive = async (reply: FastifyReply, parts: Parts, sent: Sent): Promise<Answer> => {
    const { caller } = reply.request;
    if (caller.kind !== "place") throw new Error("only a place can be active");
    const state = await deps.authenticators.active(caller.claims);
    if (state === "active") return act(reply, parts, sent);
    return { problem: state === "ended" ? "QUEUE_TOKEN_ENDED" : "QUEUE_NOT_ACTIVE" };
  };

  return function handleRoute(request, reply): void {
    const parts = readParts(request);
    const sent = readSent(route, request, parts);
    if ("problem" in sent) return send(reply, sent);
    const foreign = refuseForeign(request.caller, parts.params);
    if (foreign !== null) return send(reply, foreign);
    const step = route.auth === "queue-active" ? actIfActive : act;
    const answer = step(reply, parts, sent);
    if (!(answer instanceof Promise)) return send(reply, answer);
    inTime(
      answer,
      (found) => send(reply, found),
      (error: unknown) => fail(reply, error),
    );
  };
};
