import type { Static, TSchema } from "typebox";
import type { UserId } from "#kernel/ids.ts";
import type { Intent } from "#kernel/idempotency.ts";
import type { Operator, OperatorPermission } from "#kernel/operator.ts";
import type { QueueClaims } from "#kernel/place.ts";
import type { Example } from "./examples.ts";
import type { ProblemCode } from "./problems.ts";
import type { SharedBody } from "./static-files.ts";

/**
 * The kind of token that a route requires.
 * - `queue`: a genuine queue token in any state, also WAITING or ENDED
 * - `queue-active`: a queue token whose place is ACTIVE; the server checks it before the handler runs
 * - `queue-or-access`: either kind; an invalid token is ACCESS_TOKEN_INVALID
 */
export type RouteAuth =
  | "none"
  | "access"
  | "queue"
  | "queue-active"
  | "queue-or-access"
  | "operator";

/** The caller, as the token proves. */
export type Caller =
  | { readonly kind: "nobody" }
  | { readonly kind: "user"; readonly userId: UserId }
  | { readonly kind: "place"; readonly userId: UserId; readonly claims: QueueClaims }
  | { readonly kind: "operator"; readonly actor: string; readonly role: Operator["role"] };

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

/** The request of a handler: validated parts with lower-case ids, and nothing of Fastify. */
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
  /** Null unless the route takes an Idempotency-Key and the client sent one. */
  readonly intent: Intent | null;
  /** The `Challenge-Response` of a route with `challenge`; null when the client sent none. */
  readonly challengeResponse: string | null;
}

export type SuccessStatus = 200 | 201 | 204;

/** A success as the engine sends it. Routes return the narrower `SuccessOf` their own `answers`. */
export interface Success {
  readonly status: SuccessStatus;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Chunks that are sent instead of `body`. */
  readonly stream?: AsyncIterable<string>;
}

export interface Problem {
  readonly problem: ProblemCode;
  /** One sentence for the developer of the client; never a stack trace, SQL or the id of another user. */
  readonly detail?: string;
  /** Members beside the standard ones, named as in the contract (`seatNumbers`, `balance`, …). */
  readonly members?: Readonly<Record<string, unknown>>;
  /** Retry-After of a 429 or 503, in whole seconds; 1 when it is left out. */
  readonly retryAfterSeconds?: number;
}

export type Answer = Success | Problem;

/** The schema of the body for each success status of a route; null for a status without a body. */
export type Answers = Readonly<Partial<Record<SuccessStatus, TSchema | null>>>;

/** The type with no member that can be changed. */
export type Frozen<T> = { readonly [K in keyof T]: Frozen<T[K]> };

type Content<S, MediaType> = S extends TSchema
  ? MediaType extends string
    ? { readonly stream: AsyncIterable<string> }
    : { readonly body: Frozen<Static<S>> | SharedBody }
  : { readonly body?: never };

/**
 * The successes that a route with these `answers` may return: each body holds every field of its
 * schema.
 */
export type SuccessOf<R extends Answers, MediaType = undefined> = {
  [Status in SuccessStatus]: Pick<Success, "headers"> & { readonly status: Status } & (R extends {
      readonly [S in Status]: infer Schema;
    }
      ? Content<Schema, MediaType>
      : never);
}[SuccessStatus];

/** The return type of the handler of a route with these `answers`. */
export type AnswerOf<R extends Answers, MediaType = undefined> = SuccessOf<R, MediaType> | Problem;

/** One route as data. Registration, the OpenAPI document and the tests read it. */
export interface Route {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** From the root, with `{name}` parameters: `/api/v1/concerts/{concertId}`. */
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly auth: RouteAuth;
  /** The permission of an operator that the route needs; without it a key is FORBIDDEN. Only for `auth: "operator"`. */
  readonly permission?: OperatorPermission;
  readonly params?: TSchema;
  /** Values arrive as text, so numbers are declared as text with a pattern, as in `ListQuery`. */
  readonly query?: TSchema;
  /** When no member is required, a missing or empty body counts as `{}`. */
  readonly body?: TSchema;
  readonly idempotency?: "required" | "optional";
  /** Size of the body, where the bound of the server is too small. */
  readonly bodyBytesMax?: number;
  /** Time for the handler to answer, where the bound of the server is too short. */
  readonly answerWithinMs?: number;
  /** Whether the route takes a `Challenge-Response`. */
  readonly challenge?: boolean;
  /** Whether a call creates an account: it counts at the limit of new users of its address. */
  readonly makesUser?: boolean;
  /** The problem that answers a wrong secret code: it counts at the limit of wrong codes of address and user. */
  readonly guess?: ProblemCode;
  /**
   * Whether caches in front may keep the answers (`Cache-Control: public`). The address then has one
   * spelling, and any other one is INVALID_REQUEST. Only for routes without a token.
   */
  readonly isCacheable?: boolean;
  /** Whether the fast lane answers requests of the route. Not for streams and answers without a body. */
  readonly isHot?: boolean;
  readonly answers: Answers;
  /** Description of a success status, where the default of the document is too general. */
  readonly meanings?: Readonly<Record<number, string>>;
  /** Named examples of a success by status; by default the document derives one from the schema. */
  readonly examples?: Readonly<Record<number, Readonly<Record<string, Example>>>>;
  /** Media type of a success that is streamed (`text/event-stream`); without it a success is JSON. */
  readonly answerType?: string;
  /** Codes that the handler answers. The document adds the codes of all routes (shape, token, 503). */
  readonly problems: readonly ProblemCode[];
  readonly handle: (request: never) => Answer | Promise<Answer>;
}

/** A route for operators names its permission, and no other route has one. */
type PermissionOf<A extends RouteAuth> = A extends "operator"
  ? { readonly permission: OperatorPermission }
  : { readonly permission?: never };

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
  declaration: Omit<
    Route,
    "auth" | "permission" | "params" | "query" | "body" | "answers" | "handle"
  > & {
    readonly auth: A;
    readonly answers: R;
    readonly answerType?: M;
    readonly params?: P;
    readonly query?: Q;
    readonly body?: B;
    readonly handle: (
      request: RouteRequest<A, Part<P>, Part<Q>, Part<B>>,
    ) => AnswerOf<R, M> | Promise<AnswerOf<R, M>>;
  } & PermissionOf<A>,
): Route => declaration as Route;

/** Whether requests of the route have a body. */
export const takesBody = ({ method }: Pick<Route, "method">): boolean =>
  method === "POST" || method === "PATCH";

/** Checks tokens for the HTTP engine; `wire` composes it from the features. */
export interface Authenticators {
  /** Returns the user of an access token, or null for an invalid one. May reject with Unavailable. */
  access(token: string): Promise<UserId | null> | UserId | null;
  /** Returns the claims of a queue token, or null for an invalid one. Asks no store. */
  queue(token: string): QueueClaims | null;
  /** Returns the operator whose key it is, or null. */
  operator(key: string): Operator | null;
  /** Whether an operator who may read has opened this session of the console, and the key is still valid. */
  consoleSession(token: string): boolean;
  /**
   * Returns the state of the place. Called on `queue-active` routes after the checks of shape and
   * concert.
   */
  active(claims: QueueClaims): Promise<"active" | "waiting" | "ended">;
}
