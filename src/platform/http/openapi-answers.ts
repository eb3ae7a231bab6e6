import { exampleId, exampleOf, type Example } from "./examples.ts";
import { headerRefs, type Json, type Referenced } from "./openapi-components.ts";
import { exampleProblems, problems, type ProblemCode } from "./problems.ts";
import { malformedRequest, problemBody, type Fault } from "./refusal.ts";
import { takesBody, type Problem, type Route, type RouteAuth } from "./route.ts";
import { asSchema, mayBeEmpty, pathParameters, propertiesOf, type Schema } from "./shapes.ts";

const authProblems: Readonly<Record<RouteAuth, readonly ProblemCode[]>> = {
  none: [],
  access: ["ACCESS_TOKEN_INVALID"],
  queue: ["QUEUE_TOKEN_INVALID"],
  "queue-active": ["QUEUE_TOKEN_INVALID", "QUEUE_TOKEN_ENDED", "QUEUE_NOT_ACTIVE"],
  "queue-or-access": ["ACCESS_TOKEN_INVALID"],
  operator: ["OPERATOR_KEY_INVALID", "FORBIDDEN"],
};

/** Lists every code that a route can answer: its own and those of the engine in front of it. */
export const problemCodesOf = (route: Route): ProblemCode[] => {
  const parameters = pathParameters(route.path);
  const byPlace = route.auth === "queue" || route.auth === "queue-active";
  const codes = new Set<ProblemCode>([
    "INVALID_REQUEST",
    ...authProblems[route.auth],
    ...(byPlace && parameters.includes("concertId") ? ["QUEUE_TOKEN_MISMATCH" as const] : []),
    ...(route.auth === "access" && parameters.includes("userId") ? ["NOT_FOUND" as const] : []),
    ...(takesBody(route) ? ["PAYLOAD_TOO_LARGE" as const, "UNSUPPORTED_MEDIA_TYPE" as const] : []),
    ...(route.idempotency === "required" ? ["IDEMPOTENCY_KEY_REQUIRED" as const] : []),
    ...(route.idempotency === undefined
      ? []
      : ["IDEMPOTENCY_IN_PROGRESS" as const, "IDEMPOTENCY_KEY_REUSED" as const]),
    ...(route.challenge === true ? ["CHALLENGE_REQUIRED" as const] : []),
    ...route.problems,
    "RATE_LIMITED",
    "INTERNAL",
    "UNAVAILABLE",
  ]);
  return [...codes];
};

/**
 * Returns a fault that a client of this route may make: a required member, an id, a pattern, or an
 * unknown member.
 */
const likelyFault = (route: Route): Fault => {
  const body = asSchema(route.body ?? {});
  const [needed] = mayBeEmpty(body) ? [] : (body["required"] as string[]);
  if (needed !== undefined) return { pointer: `/${needed}`, message: "is required" };
  const id = propertiesOf(route.params).find(([, schema]) => schema["format"] === "uuid");
  if (id !== undefined) {
    return { pointer: `/params/${id[0]}`, message: 'must match format "uuid"' };
  }
  const limit = propertiesOf(route.query).find(([, schema]) => "pattern" in schema);
  if (limit !== undefined) {
    const message = `must match pattern "${String(limit[1]["pattern"])}"`;
    return { pointer: `/query/${limit[0]}`, message };
  }
  return { pointer: "/nickname", message: "is not known" };
};

const problemOf = (route: Route, code: ProblemCode): Problem =>
  code === "INVALID_REQUEST"
    ? malformedRequest([likelyFault(route)])
    : { problem: code, ...exampleProblems[code] };

/** Returns the path of an example request, with the example values of its parameters. */
const instanceOf = (route: Route): string => {
  const properties = new Map(propertiesOf(route.params));
  return route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const schema = properties.get(name);
    return schema === undefined ? exampleId(name) : String(exampleOf(schema, name));
  });
};

/** Returns the content of one media type: the route's examples, or else one derived from the schema. */
const contentOf = (
  schema: Schema,
  referenced: Referenced,
  own: Readonly<Record<string, Example>> | undefined,
): Json => ({
  schema: referenced(schema),
  ...(own === undefined ? { example: exampleOf(schema) } : { examples: own }),
});

const meanings: Readonly<Record<string, string>> = {
  200: "Success",
  201: "Created",
  204: "Success, without content",
};

/** Returns the success responses of a route, by status. */
export const successesOf = (route: Route, referenced: Referenced): Json =>
  Object.fromEntries(
    Object.entries(route.answers).map(([status, schema]) => {
      const headers = headerRefs(
        "X-Request-Id",
        ...(route.idempotency === undefined ? [] : ["Idempotent-Replayed"]),
      );
      const description = route.meanings?.[Number(status)] ?? meanings[status] ?? "Success";
      if (schema === null) return [status, { description, headers }];
      const type = route.answerType ?? "application/json";
      const own = route.examples?.[Number(status)];
      const content = { [type]: contentOf(asSchema(schema), referenced, own) };
      return [status, { description, headers, content }];
    }),
  );

/** Returns the response of a refusal status: its codes, an example of each and the headers. */
export const refusalOf = (status: number, bodies: readonly Problem[], instance: string): Json => {
  const codes = bodies.map(({ problem }) => problem);
  const examples = Object.fromEntries(
    bodies.map((body) => [
      body.problem,
      { summary: problems[body.problem].title, value: problemBody(body, instance) },
    ]),
  );
  const headers = headerRefs(
    "X-Request-Id",
    ...(status === 401 ? ["WWW-Authenticate"] : []),
    ...(status === 429 || status === 503 ? ["Retry-After"] : []),
  );
  const description = codes.map((code) => `\`${code}\`: ${problems[code].title}`).join("  \n");
  const schema = { $ref: "#/components/schemas/Problem" };
  return {
    description,
    headers,
    content: { "application/problem+json": { schema, examples } },
  };
};

/** Returns the refusal responses of a route, by status. */
export const refusalsOf = (route: Route): Json => {
  const byStatus = new Map<number, Problem[]>();
  for (const code of problemCodesOf(route)) {
    const { status } = problems[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), problemOf(route, code)]);
  }
  const instance = instanceOf(route);
  return Object.fromEntries(
    [...byStatus].map(([status, bodies]) => [String(status), refusalOf(status, bodies, instance)]),
  );
};
