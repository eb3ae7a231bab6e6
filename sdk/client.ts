import type { Problem, ProblemMembers } from "./generated/index.ts";
import type { Operation } from "./operation.ts";
import { defaultPatience, pause, retryAfterMs, waitMs, type Patience } from "./wait.ts";

export interface Success<Value> {
  readonly ok: true;
  readonly status: number;
  readonly value: Value;
  /** The stored answer of an earlier request with the same key. */
  readonly replayed: boolean;
  /** Of the server, to the second, from its Date header; null when it sent none. */
  readonly dateMs: number | null;
}

/** A refusal by the server: `code` says which, and `problem` carries that code's members. */
export type Refused<Code extends string> = {
  readonly [C in Code]: {
    readonly ok: false;
    readonly code: C;
    readonly status: number;
    readonly problem: Problem & (C extends keyof ProblemMembers ? ProblemMembers[C] : unknown);
    /** When asking again makes sense, where the server told. */
    readonly retryAfterMs: number | null;
  };
}[Code];

/** No answer of this API came: no network, no server, something else in between, or given up. */
export interface Unanswered {
  readonly ok: false;
  readonly code: "NO_ANSWER";
  /** 0 when nothing came at all. */
  readonly status: number;
  readonly retryAfterMs: number | null;
}

export type Failure<Code extends string = string> = Refused<Code> | Unanswered;
export type Result<Value, Code extends string> = Success<Value> | Failure<Code>;

export interface ClientOptions {
  /** Where the server is, without a slash at the end; empty in a page that it serves itself. */
  readonly url?: string;
  readonly fetch?: typeof fetch;
  /** For one try, in ms: 10 s. */
  readonly timeoutMs?: number;
  readonly patience?: Partial<Patience>;
  /** 0 to 1, evenly spread: Math.random. */
  readonly chance?: () => number;
}

export interface CallOptions {
  /** Access token, queue token or operator key, as the operation wants. */
  readonly token?: string;
  /** Idempotency-Key: names the intent, so that asking again cannot do it twice. */
  readonly key?: string;
  /** Ends the call, also between two tries; the result is NO_ANSWER then. */
  readonly signal?: AbortSignal;
  readonly patience?: Partial<Patience>;
  /** Told before each wait: why, and for how long. */
  readonly onWait?: (failure: Failure, ms: number) => void;
}

export interface Client {
  /** One request, without trying again: for callers with a rhythm of their own, and for streams. */
  send(method: string, path: string, options: RequestOptions): Promise<Response | null>;
  /**
   * Calls an operation. What the server says may be asked again (503, 429, a key that is in progress), and a lost answer
   * where asking again does no harm (GET, DELETE, with a key), is tried again with growing, uneven
   * waits that honour Retry-After. Never rejects.
   */
  call<Input extends object, Value, Code extends string>(
    operation: Operation<Input, Value, Code>,
    input: Input,
    options?: CallOptions,
  ): Promise<Result<Value, Code>>;
}

export interface RequestOptions extends Pick<CallOptions, "token" | "key" | "signal"> {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** 0: no limit. */
  readonly timeoutMs?: number;
}

type Members = Readonly<Record<string, unknown>>;

/** The path with its parameters, and what is left as the query. */
const addressOf = (path: string, input: Members): string => {
  const inPath = new Set<string>();
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    inPath.add(name);
    return encodeURIComponent(String(input[name]));
  });
  const rest = Object.entries(input).filter(
    ([name, value]) => name !== "body" && !inPath.has(name) && value !== undefined,
  );
  if (rest.length === 0) return filled;
  const query = new URLSearchParams(
    rest.map(([name, value]): [string, string] => [name, String(value)]),
  );
  return `${filled}?${query.toString()}`;
};

const askAgain = new Set(["UNAVAILABLE", "RATE_LIMITED", "IDEMPOTENCY_IN_PROGRESS"]);

const isHarmless = (operation: Operation<never, unknown, string>, key: string | undefined) =>
  operation.method === "GET" || operation.method === "DELETE" || key !== undefined;

const unanswered = (status = 0, retryAfter: number | null = null): Unanswered => ({
  ok: false,
  code: "NO_ANSWER",
  status,
  retryAfterMs: retryAfter,
});

const parsed = async (answer: Response): Promise<unknown> => {
  try {
    return (await answer.json()) as unknown;
  } catch {
    return undefined; // The connection broke, or somebody else answered.
  }
};

const isProblem = (content: unknown): content is Problem =>
  typeof content === "object" && content !== null && "code" in content;

/** What an answer means. May wait for its body. */
const readAnswer = async (answer: Response | null): Promise<Result<unknown, string>> => {
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

/** A client of one installation. Holds no state but its options. */
export const createClient = (options: ClientOptions = {}): Client => {
  const { url = "", timeoutMs = 10_000, chance = Math.random } = options;

  const send: Client["send"] = async (method, path, request) => {
    const limitMs = request.timeoutMs ?? timeoutMs;
    const ends = [request.signal, limitMs > 0 ? AbortSignal.timeout(limitMs) : undefined];
    const { body, token, key } = request;
    try {
      return await (options.fetch ?? fetch)(url + path, {
        method,
        // The answer may be a user's own: no cookie is ever needed.
        credentials: "omit",
        signal: AbortSignal.any(ends.filter((end) => end !== undefined)),
        headers: {
          ...request.headers,
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(key === undefined ? {} : { "idempotency-key": key }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch {
      return null;
    }
  };

  const call = async (
    operation: Operation<never, unknown, string>,
    input: Members,
    { onWait, ...given }: CallOptions = {},
  ): Promise<Result<unknown, string>> => {
    const patience = { ...defaultPatience, ...options.patience, ...given.patience };
    const path = addressOf(operation.path, input);
    const harmless = isHarmless(operation, given.key);
    const isGivenUp = (): boolean => given.signal?.aborted === true;
    for (let tries = 1; ; tries += 1) {
      const result = await readAnswer(
        await send(operation.method, path, { ...given, body: input["body"] }),
      );
      if (result.ok || isGivenUp() || tries >= patience.triesMax) return result;
      const mayAsk = result.code === "NO_ANSWER" ? harmless : askAgain.has(result.code);
      if (!mayAsk) return result;
      const ms = waitMs(patience, tries, result.retryAfterMs, chance());
      onWait?.(result, ms);
      await pause(ms, given.signal);
      if (isGivenUp()) return result;
    }
  };

  return { send, call: call as Client["call"] };
};
