import type { Problem, ProblemMembers } from "./generated/index.ts";
import { linkAbort } from "./abort.ts";
import type { Operation } from "./operation.ts";
import { defaultRetry, pause, retryAfterMs, waitMs, type RetryPolicy } from "./wait.ts";

export interface Success<Value> {
  readonly ok: true;
  readonly status: number;
  readonly value: Value;
  /** True for the stored answer of an earlier request with the same key. */
  readonly replayed: boolean;
  /** Time of the server, to the second, from its Date header; null without one. */
  readonly dateMs: number | null;
}

/** A refusal by the server. `problem` has the members of its `code`. */
export type Refused<Code extends string> = {
  readonly [C in Code]: {
    readonly ok: false;
    readonly code: C;
    readonly status: number;
    readonly problem: Problem & (C extends keyof ProblemMembers ? ProblemMembers[C] : unknown);
    /** The wait before a retry that the server asks for; null when it names none. */
    readonly retryAfterMs: number | null;
  };
}[Code];

/** No answer of this API arrived: no network, no server, an answer of something in between, or an abort. */
export interface Unanswered {
  readonly ok: false;
  readonly code: "NO_ANSWER";
  /** HTTP status of the answer; 0 without an answer. */
  readonly status: number;
  readonly retryAfterMs: number | null;
}

export type Failure<Code extends string = string> = Refused<Code> | Unanswered;
export type Result<Value, Code extends string> = Success<Value> | Failure<Code>;

export interface ClientOptions {
  /** Address of the server without a final slash; empty in a page that the server itself serves. */
  readonly url?: string;
  readonly fetch?: typeof fetch;
  /** Time limit of one try in ms; default 10,000. */
  readonly timeoutMs?: number;
  readonly retry?: Partial<RetryPolicy>;
  /** Returns evenly spread numbers from 0 to 1; default Math.random. */
  readonly random?: () => number;
}

export interface CallOptions {
  /** The access token, queue token or operator key that the operation needs. */
  readonly token?: string;
  /** Idempotency-Key: identifies the intent, so that a retry has no second effect. */
  readonly key?: string;
  /** The answer to a challenge of the operator; see `withChallenge`. */
  readonly challengeResponse?: string | null;
  /** Ends the call, also between two tries; the result is then NO_ANSWER. */
  readonly signal?: AbortSignal;
  readonly retry?: Partial<RetryPolicy>;
  /** Called before each wait with its reason and length. */
  readonly onWait?: (failure: Failure, ms: number) => void;
}

export interface Client {
  /**
   * Sends one request without a retry, for streams and for callers that schedule their own retries.
   * Null without an answer.
   */
  send(method: string, path: string, options: RequestOptions): Promise<Response | null>;
  /**
   * Calls an operation. Retries with growing, random waits that honour Retry-After:
   * - after 503, 429 and a key in progress;
   * - after a lost answer, when a retry is safe (GET, DELETE, or a call with a key).
   *
   * Never rejects.
   */
  call<Input extends object, Value, Code extends string>(
    operation: Operation<Input, Value, Code>,
    input: Input,
    options?: CallOptions,
  ): Promise<Result<Value, Code>>;
}

export interface RequestOptions extends Pick<
  CallOptions,
  "token" | "key" | "challengeResponse" | "signal"
> {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Time limit in ms; 0 for none. */
  readonly timeoutMs?: number;
}

type Members = Readonly<Record<string, unknown>>;

/** Fills the parameters into the path and appends the other members of the input as the query. */
export const addressOf = (path: string, input: Members): string => {
  const inPath = new Set<string>();
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    inPath.add(name);
    return encodeURIComponent(String(input[name]));
  });
  const inQuery = Object.entries(input).filter(
    ([name, value]) => name !== "body" && !inPath.has(name) && value !== undefined,
  );
  if (inQuery.length === 0) return filled;
  const query = new URLSearchParams(
    inQuery.map(([name, value]): [string, string] => [name, String(value)]),
  );
  return `${filled}?${query.toString()}`;
};

const retriedCodes = new Set(["UNAVAILABLE", "RATE_LIMITED", "IDEMPOTENCY_IN_PROGRESS"]);

const isSafeToRetry = (operation: Operation<never, unknown, string>, key: string | undefined) =>
  operation.method === "GET" || operation.method === "DELETE" || key !== undefined;

export const unanswered = (status = 0, retryAfter: number | null = null): Unanswered => ({
  ok: false,
  code: "NO_ANSWER",
  status,
  retryAfterMs: retryAfter,
});

const parsed = async (answer: Response): Promise<unknown> => {
  try {
    return (await answer.json()) as unknown;
  } catch {
    return undefined; // The connection broke, or the answer is not of this API.
  }
};

const isProblem = (content: unknown): content is Problem =>
  typeof content === "object" && content !== null && "code" in content;

/** Reads the result of an answer and its body. */
export const readAnswer = async (answer: Response | null): Promise<Result<unknown, string>> => {
  if (answer === null) return unanswered();
  const { status, headers } = answer;
  const dateMs = Date.parse(headers.get("date") ?? "");
  const retryAfter = retryAfterMs(headers.get("retry-after"), Date.now());
  const content = status === 204 ? null : await parsed(answer);
  if (!answer.ok) {
    if (!isProblem(content)) return unanswered(status, retryAfter);
    return { ok: false, code: content.code, status, problem: content, retryAfterMs: retryAfter };
  }
  if (content === undefined) return unanswered(status);
  return {
    ok: true,
    status,
    value: content ?? undefined,
    replayed: headers.get("idempotent-replayed") === "true",
    dateMs: Number.isNaN(dateMs) ? null : dateMs,
  };
};

/** Creates a client of one installation. It has no state beside its options. */
export const createClient = (options: ClientOptions = {}): Client => {
  const { url = "", timeoutMs = 10_000, random = Math.random } = options;

  const exchange = async (
    method: string,
    path: string,
    request: RequestOptions,
    signal: AbortSignal,
  ): Promise<Response | null> => {
    const { body, token, key, challengeResponse = null } = request;
    try {
      return await (options.fetch ?? fetch)(url + path, {
        method,
        // The API uses no cookies.
        credentials: "omit",
        signal,
        headers: {
          ...request.headers,
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(key === undefined ? {} : { "idempotency-key": key }),
          ...(challengeResponse === null ? {} : { "challenge-response": challengeResponse }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch {
      return null;
    }
  };

  const send: Client["send"] = (method, path, request) => {
    const link = linkAbort([request.signal], request.timeoutMs ?? timeoutMs);
    return exchange(method, path, request, link.signal);
  };

  const call = async (
    operation: Operation<never, unknown, string>,
    input: Members,
    { onWait, ...given }: CallOptions = {},
  ): Promise<Result<unknown, string>> => {
    const retry = { ...defaultRetry, ...options.retry, ...given.retry };
    const path = addressOf(operation.path, input);
    const safe = isSafeToRetry(operation, given.key);
    const isAborted = (): boolean => given.signal?.aborted === true;
    for (let tries = 1; ; tries += 1) {
      const link = linkAbort([given.signal], timeoutMs);
      const request = { ...given, body: input["body"] };
      const result = await readAnswer(await exchange(operation.method, path, request, link.signal));
      link.abort();
      if (result.ok || isAborted() || tries >= retry.triesMax) return result;
      const mayRetry = result.code === "NO_ANSWER" ? safe : retriedCodes.has(result.code);
      if (!mayRetry) return result;
      const ms = waitMs(retry, tries, result.retryAfterMs, random());
      onWait?.(result, ms);
      await pause(ms, given.signal);
      if (isAborted()) return result;
    }
  };

  return { send, call: call as Client["call"] };
};
