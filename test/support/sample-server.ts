import { Type } from "typebox";
import { toId, type ConcertId, type UserId } from "#kernel/ids.ts";
import { operatorRoles } from "#kernel/operator.ts";
import type { QueueClaims } from "#kernel/place.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { Log } from "#platform/log.ts";
import { createMeters } from "#platform/metrics.ts";
import type { AddressLimits } from "#platform/http/gate.ts";
import type { ReadRequest } from "#platform/http/lane/grammar.ts";
import { route, type Authenticators, type Route } from "#platform/http/route.ts";
import { CalendarDate, ListQuery, Nullable, Text, Uuid } from "#platform/http/schemas.ts";
import { SharedBody } from "#platform/http/static-files.ts";
import { buildServer, type OperatorPages, type ServerLimits } from "#platform/http/server.ts";

// A server of a few routes that stand for every kind, for the tests of the engine itself.

export const me = toId<"user">("0199aaaa-0000-7000-8000-00000000000a") as UserId;
export const other = toId<"user">("0199aaaa-0000-7000-8000-00000000000b") as UserId;
export const concert = toId<"concert">("0199aaaa-0000-7000-8000-00000000000c") as ConcertId;

const claims = (placeId: string): QueueClaims => ({
  userId: me,
  concertId: concert,
  placeId,
  epoch: 1,
  seq: 7,
});

/** Tokens are words: `access-me`, `queue-active`, `queue-waiting`, `queue-ended`, `operator`, `operator-viewer`. */
export const authenticators: Authenticators = {
  access: (token) => {
    if (token === "access-later") return Promise.resolve(me);
    if (token === "access-away") return Promise.reject(new Unavailable("keys are away"));
    return token === "access-me" ? me : null;
  },
  queue: (token) => (token.startsWith("queue-") ? claims(token.slice(6)) : null),
  operator: (key) => {
    const role = operatorRoles.find(
      (it) => key === (it === "admin" ? "operator" : `operator-${it}`),
    );
    return role === undefined ? null : { name: "boss", role };
  },
  consoleSession: (token) => token === "session",
  active: (place) => {
    if (place.placeId === "away") return Promise.reject(new Unavailable("away"));
    const known = ["active", "waiting", "ended"] as const;
    return Promise.resolve(known.find((state) => state === place.placeId) ?? "ended");
  },
};

const ConcertParams = Type.Object({ concertId: Uuid("The concert") });
const Seats = Type.Object({
  date: CalendarDate("When"),
  seatNumbers: Type.Array(Type.Integer({ minimum: 1, maximum: 50 }), {
    minItems: 1,
    maxItems: 4,
    uniqueItems: true,
  }),
  note: Type.Optional(Text({ maxLength: 20 })),
  who: Type.Optional(Type.Object({ userId: Uuid("Who") })),
});
const Echo = Type.Object(
  {
    caller: Type.String(),
    params: Type.Record(Type.String(), Type.String()),
    query: Type.Record(Type.String(), Type.String()),
    body: Nullable(Type.Object({}, { additionalProperties: true })),
    key: Nullable(Type.String()),
    fingerprint: Nullable(Type.String()),
  },
  { $id: "Echo" },
);

/** Answers what the handler was given; counts its calls in `handled`. */
export const handled: string[] = [];
const echo = (request: {
  caller: { kind: string };
  params?: unknown;
  query?: unknown;
  body?: unknown;
  intent: { key: string; fingerprint: string } | null;
}) => {
  handled.push(request.caller.kind);
  return {
    caller: request.caller.kind,
    params: { ...(request.params as object) },
    query: { ...(request.query as object) },
    body: request.body ?? null,
    key: request.intent?.key ?? null,
    fingerprint: request.intent?.fingerprint ?? null,
    secret: "never leaves",
  };
};

export const planTag = '"plan-1"';
/** A body that is compressed once, as of a seating plan. */
const plan = SharedBody.of({ sections: Array.from({ length: 40 }, (_, at) => `구역 ${at}`) });

const common = { tag: "Sample", summary: "Sample", problems: [] } as const;
const api = "/api/v1";

export const sampleRoutes = (events?: () => AsyncIterable<string>): Route[] => [
  route({
    ...common,
    method: "GET",
    path: `${api}/concerts/{concertId}`,
    operationId: "readConcert",
    auth: "none",
    params: ConcertParams,
    query: ListQuery,
    answers: { 200: Echo },
    handle: (request) => ({
      status: 200,
      headers: { "Cache-Control": "max-age=1" },
      body: echo(request),
    }),
  }),
  route({
    ...common,
    method: "GET",
    path: `${api}/plans/{planId}`,
    operationId: "readPlan",
    isHot: true,
    auth: "none",
    params: Type.Object({ planId: Type.String() }),
    answers: { 200: Echo },
    handle: async () => ({ status: 200, headers: { ETag: planTag }, body: await plan }),
  }),
  route({
    ...common,
    method: "GET",
    path: `${api}/users/{userId}/balance`,
    operationId: "readBalance",
    isHot: true,
    auth: "access",
    params: Type.Object({ userId: Uuid("Whose") }),
    answers: { 200: Echo },
    handle: (request) => ({ status: 200, body: echo(request) }),
  }),
  route({
    ...common,
    method: "POST",
    path: `${api}/users/{userId}/balance/charges`,
    operationId: "charge",
    isHot: true,
    auth: "access",
    idempotency: "required",
    params: Type.Object({ userId: Uuid("Whose") }),
    body: Type.Object({ amount: Type.Integer({ minimum: 1, maximum: 10_000_000 }) }),
    answers: { 201: Echo },
    handle: (request) => ({ status: 201, body: echo(request) }),
  }),
  route({
    ...common,
    method: "GET",
    path: `${api}/concerts/{concertId}/queue/tokens/me`,
    operationId: "readPlace",
    isHot: true,
    auth: "queue",
    params: ConcertParams,
    answers: { 200: Echo },
    handle: (request) => ({ status: 200, body: echo(request) }),
  }),
  route({
    ...common,
    method: "DELETE",
    path: `${api}/concerts/{concertId}/queue/tokens/me`,
    operationId: "leave",
    auth: "queue",
    params: ConcertParams,
    answers: { 204: null },
    handle: (request) => {
      echo(request);
      return { status: 204 };
    },
  }),
  route({
    ...common,
    method: "GET",
    path: `${api}/concerts/{concertId}/queue/tokens/me/events`,
    operationId: "streamPlace",
    auth: "queue",
    params: ConcertParams,
    answers: { 200: Type.String() },
    answerType: "text/event-stream",
    handle: () => ({
      status: 200,
      stream:
        events?.() ??
        (async function* () {
          yield "data: 1\n\n";
          yield "data: 2\n\n";
        })(),
    }),
  }),
  route({
    ...common,
    method: "GET",
    path: `${api}/concerts/{concertId}/dates/{date}/seats`,
    operationId: "readSeats",
    isHot: true,
    auth: "queue-active",
    params: Type.Object({ concertId: Uuid("The concert"), date: CalendarDate("When") }),
    answers: { 200: Echo },
    handle: (request) => ({ status: 200, body: echo(request) }),
  }),
  route({
    ...common,
    method: "POST",
    path: `${api}/reservations`,
    operationId: "reserve",
    isHot: true,
    auth: "queue",
    idempotency: "optional",
    body: Seats,
    answers: { 201: Echo },
    problems: ["SEAT_UNAVAILABLE"],
    handle: (request) =>
      request.body.seatNumbers.includes(13)
        ? { problem: "SEAT_UNAVAILABLE", members: { seatNumbers: [13], status: 200, code: "X" } }
        : { status: 201, body: echo(request), headers: { "Idempotent-Replayed": "true" } },
  }),
  route({
    ...common,
    method: "GET",
    path: `${api}/reservations/{id}`,
    operationId: "readReservation",
    auth: "queue-or-access",
    params: Type.Object({ id: Uuid("Which") }),
    answers: { 200: Echo },
    handle: (request) => ({ status: 200, body: echo(request) }),
  }),
  route({
    ...common,
    method: "POST",
    path: `${api}/users`,
    operationId: "createUser",
    isHot: true,
    auth: "none",
    makesUser: true,
    body: Type.Object({ name: Type.Optional(Text({ maxLength: 20 })) }),
    answers: { 201: Echo },
    handle: async (request) => ({ status: 201, body: echo(request) }),
  }),
  route({
    ...common,
    method: "POST",
    path: `/admin/v1/pause`,
    operationId: "pause",
    auth: "operator",
    permission: "manage",
    answers: { 204: null },
    handle: (request) => {
      echo(request);
      return { status: 204 };
    },
  }),
  route({
    ...common,
    method: "GET",
    path: `${api}/failing/{how}`,
    operationId: "fail",
    isHot: true,
    auth: "none",
    params: Type.Object({ how: Type.String() }),
    answers: { 200: Echo },
    handle: ({ params }) => {
      if (params.how === "throws") throw new Error("secret detail");
      if (params.how === "rejects") return Promise.reject(new Error("secret detail"));
      if (params.how === "away") throw new Unavailable("secret detail", { retryAfterSeconds: 3 });
      // The compiler refuses this body; a cast or an untyped library would let it through.
      if (params.how === "shape") return { status: 200, body: { caller: "x" } as never };
      return { status: 201, body: {} } as never;
    },
  }),
];

export interface Logged {
  readonly level: string;
  readonly fields: Record<string, unknown>;
  readonly message: string;
}

const logInto = (lines: Logged[]): Log => {
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, fields: fields as Record<string, unknown>, message });
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
};

/** A server of the sample routes that is closed with the test. */
export const sampleServer = async (
  options: {
    limits?: ServerLimits;
    addressLimits?: AddressLimits;
    routes?: readonly Route[];
    operatorPages?: OperatorPages | null;
    metricsText?: () => Promise<string>;
    authenticators?: Authenticators;
    trustProxy?: boolean | readonly string[];
    checks?: () => Record<string, string>;
    fastLane?: ReadRequest;
  } = {},
) => {
  const lines: Logged[] = [];
  const meters = createMeters({ ofProcess: false });
  const server = await buildServer({
    routes: options.routes ?? sampleRoutes(),
    authenticators: options.authenticators ?? authenticators,
    log: logInto(lines),
    meters: meters.http,
    checks: options.checks ?? (() => ({ db: "ok" })),
    metricsText: options.metricsText ?? (() => meters.text()),
    ...(options.operatorPages === undefined ? {} : { operatorPages: options.operatorPages }),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    ...(options.addressLimits === undefined ? {} : { addressLimits: options.addressLimits }),
    ...(options.fastLane === undefined ? {} : { fastLane: options.fastLane }),
    ...(options.trustProxy === undefined ? {} : { trustProxy: options.trustProxy }),
  });
  return {
    server,
    lines,
    meters,
    [Symbol.asyncDispose]: async (): Promise<void> => void (await server.close()),
  };
};
