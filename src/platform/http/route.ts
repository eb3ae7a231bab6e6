import type { Static, TSchema } from "typebox";
import type { UserId } from "#kernel/ids.ts";
import type { Intent } from "#kernel/idempotency.ts";
import type { QueueClaims } from "#kernel/place.ts";
import type { Example } from "./examples.ts";
import type { ProblemCode } from "./problems.ts";

/**
 * Which token a route wants.
 * - `queue`: a genuine queue token in any state (its owner's WAITING or ENDED token too)
 * - `queue-active`: the same, and the server checks that its place is ACTIVE before the handler runs
 * - `queue-or-access`: either; a bad one is ACCESS_TOKEN_INVALID
 */
export type RouteAuth =
  | "none"
  | "access"
  | "queue"
  | "queue-active"
  | "queue-or-access"
  | "operator";

/** Who calls, as proven by the token. */
export type Caller =
  | { readonly kind: "nobody" }
  | { readonly kind: "user"; readonly userId: UserId }
  | { readonly kind: "place"; readonly userId: UserId; readonly claims: QueueClaims }
  | { readonly kind: "operator"; readonly actor: string };

type CallerOf<A extends RouteAuth> = A extends "none"
  ? Extract<Caller, { kind: "nobody" }>
  : A extends "access"
    ? Extract<Caller, { kind: "user" }>
    : A extends "queue" | "queue-active"
      ? Extract<Caller, { kind: "place" }>
      : A extends "operator"
        ? Extract<Caller, { kind: "operator" }>
        : Extract<Caller, { kind: "user" | "place" }>;

type Part<S> = S extends TSchema ? Static<S> : undefined;

/** What a handler gets: validated parts, in lower-case ids; nothing of the HTTP engine. */
export interface RouteRequest<
  A extends RouteAuth = RouteAuth,
  P = unknown,
  Q = unknown,
  B = unknown,
> {
  readonly caller: CallerOf<A>;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** Present when the route takes an Idempotency-Key and the client sent one. */
  readonly intent: Intent | null;
  /** Path and query as the client sent them: what problems name as `instance`. */
  readonly url: string;
  /** Aborted when the client has gone away (streams). */
  readonly signal: AbortSignal;
}

export type SuccessStatus = 200 | 201 | 204;

/** A success as the engine sends it. Routes return the narrower `SuccessOf` their own `answers`. */
export interface Success {
  readonly status: SuccessStatus;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Pushed instead of `body`: chunks of `text/event-stream`. */
  readonly stream?: AsyncIterable<string>;
}

export interface Problem {
  readonly problem: ProblemCode;
  /** One sentence for the client's developer; never a stack, SQL or somebody else's id. */
  readonly detail?: string;
  /** Members beside the standard ones, as the contract names them (`seatNumbers`, `balance`, …). */
  readonly members?: Readonly<Record<string, unknown>>;
}

export type Answer = Success | Problem;

/** The schema of the body for each success status of a route; null for a status without a body. */
export type Answers = Readonly<Partial<Record<SuccessStatus, TSchema | null>>>;

type Frozen<T> = { readonly [K in keyof T]: Frozen<T[K]> };

type Content<S, MediaType> = S extends TSchema
  ? MediaType extends string
    ? { readonly stream: AsyncIterable<string> }
    : { readonly body: Frozen<Static<S>> }
  : { readonly body?: never };

/** The successes that a route with these `answers` may return: each body holds every field of its schema. */
export type SuccessOf<R extends Answers, MediaType = undefined> = {
  [Status in SuccessStatus]: Pick<Success, "headers"> & { readonly status: Status } & (R extends {
      readonly [S in Status]: infer Schema;
    }
      ? Content<Schema, MediaType>
      : never);
}[SuccessStatus];

/** What the handler of a route with these `answers` returns. */
export type AnswerOf<R extends Answers, MediaType = undefined> = SuccessOf<R, MediaType> | Problem;

/** One route as data: the HTTP engine, OpenAPI, and the test of every route with every token read it. */
export interface Route {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** With `{name}` parameters, from the root: `/api/v1/concerts/{concertId}`. */
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly auth: RouteAuth;
  readonly params?: TSchema;
  /** Values arrive as text: use `queryInteger` and friends of schemas.ts. */
  readonly query?: TSchema;
  /** With no required member, no body or an empty one counts as `{}`. */
  readonly body?: TSchema;
  readonly idempotency?: "required" | "optional";
  readonly answers: Answers;
  /** What each success status means here, where the document's own word is too general. */
  readonly meanings?: Readonly<Record<number, string>>;
  /** Named examples of a success, by status; without them one is made from the schema. */
  readonly examples?: Readonly<Record<number, Readonly<Record<string, Example>>>>;
  /** Media type of a success that is streamed (`text/event-stream`); without it a success is JSON. */
  readonly answerType?: string;
  /** Codes that the handler itself answers; those of every route (shape, token, 503) are added. */
  readonly problems: readonly ProblemCode[];
  readonly handle: (request: never) => Answer | Promise<Answer>;
}

/**
 * Declares a route. The schemas beside the handler type its request and the body of each success, so
 * that a missing field is a type error.
 */
export const route = <
  A extends RouteAuth,
  R extends Answers,
  P extends TSchema | undefined = undefined,
  Q extends TSchema | undefined = undefined,
  B extends TSchema | undefined = undefined,
  M extends string | undefined = undefined,
>(
  declaration: Omit<Route, "auth" | "params" | "query" | "body" | "answers" | "handle"> & {
    readonly auth: A;
    readonly answers: R;
    readonly answerType?: M;
    readonly params?: P;
    readonly query?: Q;
    readonly body?: B;
    readonly handle: (
      request: RouteRequest<A, Part<P>, Part<Q>, Part<B>>,
    ) => AnswerOf<R, M> | Promise<AnswerOf<R, M>>;
  },
): Route => declaration as Route;

/** How the HTTP engine checks tokens; `wire` provides it from the features. */
export interface Authenticators {
  /** The user of an access token, or null for a bad one. */
  access(token: string): Promise<UserId | null> | UserId | null;
  /** The claims of a queue token, or null for a bad one. Synchronous: no store is asked. */
  queue(token: string): QueueClaims | null;
  /** The name of the operator whose key this is, or null. */
  operator(key: string): string | null;
  /** Whether the place may act now; asked for `queue-active` routes after shape and concert. */
  active(claims: QueueClaims): Promise<"active" | "waiting" | "ended">;
}
