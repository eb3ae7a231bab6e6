import { Type } from "typebox";
import { exampleProblems, problems, type ProblemCode } from "./problems.ts";
import { problemBody } from "./refusal.ts";
import type { Route, RouteAuth } from "./route.ts";
import { ProblemBody } from "./schemas.ts";
import { closedShape, mayBeEmpty, pathParameters, type Schema } from "./shapes.ts";

export interface DocumentOptions {
  readonly title?: string;
  readonly version?: string;
  readonly description?: string;
  /** Where the API is reached from outside; relative to the document when not told. */
  readonly publicUrl?: string | undefined;
}

type Json = Record<string, unknown>;

const asSchema = (schema: unknown): Schema => schema as Schema;
const emptyBody = asSchema(Type.Object({}, { description: "Nothing" }));

const securityOf: Readonly<Record<RouteAuth, readonly Json[]>> = {
  none: [],
  access: [{ accessToken: [] }],
  queue: [{ queueToken: [] }],
  "queue-active": [{ queueToken: [] }],
  "queue-or-access": [{ queueToken: [] }, { accessToken: [] }],
  operator: [{ operatorKey: [] }],
};

const authProblems: Readonly<Record<RouteAuth, readonly ProblemCode[]>> = {
  none: [],
  access: ["ACCESS_TOKEN_INVALID"],
  queue: ["QUEUE_TOKEN_INVALID"],
  "queue-active": ["QUEUE_TOKEN_INVALID", "QUEUE_TOKEN_ENDED", "QUEUE_NOT_ACTIVE"],
  "queue-or-access": ["ACCESS_TOKEN_INVALID"],
  operator: ["OPERATOR_KEY_INVALID"],
};

const takesBody = (route: Route): boolean => route.method === "POST" || route.method === "PATCH";

/** Every code that a route can answer: its own, and those of the engine in front of it. */
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
    ...route.problems,
    "RATE_LIMITED",
    "INTERNAL",
    "UNAVAILABLE",
  ]);
  return [...codes];
};

/** Schemas with an `$id` become components, and references where they stood. */
const componentCollector = () => {
  const schemas: Record<string, Json> = {};
  const spellings = new Map<string, string>();

  const referenced = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(referenced);
    if (typeof value !== "object" || value === null) return value;
    const { $id: id, ...rest } = value as Json;
    const content = Object.fromEntries(
      Object.entries(rest).map(([keyword, child]) => [keyword, referenced(child)]),
    );
    if (typeof id !== "string") return content;
    const spelling = JSON.stringify(content);
    const known = spellings.get(id);
    if (known !== undefined && known !== spelling) {
      throw new Error(`two schemas have the $id ${id}`);
    }
    spellings.set(id, spelling);
    schemas[id] = content;
    return { $ref: `#/components/schemas/${id}` };
  };
  return { schemas, referenced: (schema: Schema) => referenced(schema) as Json };
};

type Referenced = (schema: Schema) => Json;

const parametersOf = (route: Route, referenced: Referenced): Json[] => {
  const from = (place: "path" | "query", schema: unknown): Json[] => {
    if (schema === undefined) return [];
    const { properties, required } = asSchema(schema);
    const needed = new Set(Array.isArray(required) ? (required as string[]) : []);
    return Object.entries(properties as Record<string, Schema>).map(([name, property]) => {
      const { description, ...rest } = referenced(property);
      return {
        name,
        in: place,
        required: place === "path" || needed.has(name),
        ...(typeof description === "string" ? { description } : {}),
        schema: rest,
      };
    });
  };
  const key: Json = { $ref: `#/components/parameters/IdempotencyKey` };
  return [
    ...from("path", route.params),
    ...from("query", route.query),
    ...(route.idempotency === "optional" ? [key] : []),
    ...(route.idempotency === "required"
      ? [{ $ref: "#/components/parameters/RequiredIdempotencyKey" }]
      : []),
  ];
};

const headerRefs = (...names: string[]): Json =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

const successesOf = (route: Route, referenced: Referenced): Json =>
  Object.fromEntries(
    Object.entries(route.answers).map(([status, schema]) => {
      const headers = headerRefs(
        "X-Request-Id",
        ...(route.idempotency === undefined ? [] : ["Idempotent-Replayed"]),
      );
      const description = { 200: "Done", 201: "Made", 204: "Done; no content" }[status] ?? "Done";
      if (schema === null) return [status, { description, headers }];
      const type = route.answerType ?? "application/json";
      const content = { [type]: { schema: referenced(asSchema(schema)) } };
      return [status, { description, headers, content }];
    }),
  );

const instanceOf = (route: Route): string =>
  route.path.replaceAll(/\{\w+\}/g, "0199aaaa-0000-7000-8000-000000000001");

const refusalsOf = (route: Route): Json => {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of problemCodesOf(route)) {
    const { status } = problems[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const answers = [...byStatus].map(([status, codes]) => {
    const examples = Object.fromEntries(
      codes.map((code) => {
        const problem = { problem: code, ...exampleProblems[code] };
        return [
          code,
          { summary: problems[code].title, value: problemBody(problem, instanceOf(route)) },
        ];
      }),
    );
    const headers = headerRefs(
      "X-Request-Id",
      ...(status === 401 ? ["WWW-Authenticate"] : []),
      ...(status === 429 || status === 503 ? ["Retry-After"] : []),
    );
    const schema = { $ref: "#/components/schemas/Problem" };
    const description = codes.map((code) => `\`${code}\`: ${problems[code].title}`).join("  \n");
    const content = { "application/problem+json": { schema, examples } };
    return [String(status), { description, headers, content }] as const;
  });
  return Object.fromEntries(answers);
};

const authNotes: Readonly<Record<RouteAuth, string>> = {
  none: "",
  access: "Needs an access token.",
  queue: "Needs a queue token, in any state of its place.",
  "queue-active": "Needs a queue token whose place is ACTIVE.",
  "queue-or-access": "Takes a queue token or an access token of the owner.",
  operator: "Needs the operator key.",
};

const operationOf = (route: Route, referenced: Referenced): Json => {
  const body = asSchema(route.body ?? emptyBody);
  const description = [route.description, authNotes[route.auth]].filter(Boolean).join("\n\n");
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    ...(description === "" ? {} : { description }),
    security: securityOf[route.auth],
    parameters: parametersOf(route, referenced),
    ...(takesBody(route)
      ? {
          requestBody: {
            required: !mayBeEmpty(body),
            content: { "application/json": { schema: referenced(closedShape(body)) } },
          },
        }
      : {}),
    responses: { ...successesOf(route, referenced), ...refusalsOf(route) },
  };
};

const keyParameter = (required: boolean): Json => ({
  name: "Idempotency-Key",
  in: "header",
  required,
  description:
    "Names the intent: the same key with the same request gives the stored answer again. 1 to 255 printable characters, bare or quoted; kept at least 24 hours.",
  schema: { type: "string", minLength: 1, maxLength: 512 },
  example: "0199aaaa-0000-7000-8000-00000000abcd",
});

const bearer = (description: string, bearerFormat?: string): Json => ({
  type: "http",
  scheme: "bearer",
  ...(bearerFormat === undefined ? {} : { bearerFormat }),
  description,
});

const sharedComponents = {
  parameters: {
    IdempotencyKey: keyParameter(false),
    RequiredIdempotencyKey: keyParameter(true),
  },
  headers: {
    "X-Request-Id": {
      description: "Names this request in the server's log",
      schema: { type: "string" },
    },
    "Idempotent-Replayed": {
      description: "`true` when this is the stored answer of an earlier request with the same key",
      schema: { type: "string", enum: ["true"] },
    },
    "Retry-After": {
      description: "Whole seconds after which asking again makes sense",
      schema: { type: "integer", minimum: 1 },
    },
    "WWW-Authenticate": {
      description: "Which kind of token is wanted",
      schema: { type: "string" },
    },
  },
  securitySchemes: {
    accessToken: bearer("Who you are: from `POST /api/v1/users`, or from the identity provider."),
    queueToken: bearer(
      "Your place in one concert's line, and your right to buy once it is ACTIVE: from `POST …/queue/tokens`.",
      "JWT",
    ),
    operatorKey: bearer("The operator's key, as configured."),
  },
};

/** The OpenAPI 3.1 document of the very routes that are served. Throws when two schemas share an `$id`. */
export const openApiDocument = (routes: readonly Route[], options: DocumentOptions): Json => {
  const { schemas, referenced } = componentCollector();
  referenced(asSchema(ProblemBody));
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const item = (paths[route.path] ??= {});
    item[route.method.toLowerCase()] = operationOf(route, referenced);
  }
  const tags = [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name }));
  return {
    openapi: "3.1.0",
    info: {
      title: options.title ?? "Frontrow",
      version: options.version ?? "1",
      description:
        options.description ??
        "A fair line, seats that cannot be sold twice, a prepaid balance, one payment that settles everything.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: options.publicUrl ?? "/" }],
    tags,
    paths,
    components: { schemas, ...sharedComponents },
  };
};
