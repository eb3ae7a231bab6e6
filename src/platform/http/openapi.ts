import { Type } from "typebox";
import { rolesWith } from "#kernel/operator.ts";
import { exampleOf } from "./examples.ts";
import { refusalsOf, successesOf } from "./openapi-answers.ts";
import { componentCollector, usedComponents } from "./openapi-components.ts";
import type { Json, Referenced } from "./openapi-components.ts";
import { operationItems, operationsTag } from "./openapi-operations.ts";
import { takesBody, type Route, type RouteAuth } from "./route.ts";
import { ProblemBody } from "./schemas.ts";
import { asSchema, closedShape, mayBeEmpty, propertiesOf } from "./shapes.ts";

/** A tag of the document. Tags keep the order in which they are given. */
export interface DocumentTag {
  readonly name: string;
  readonly description: string;
}

/** The parts of the document beside its routes. */
export interface DocumentOptions {
  readonly title?: string;
  readonly version?: string;
  /** Markdown. */
  readonly description?: string;
  readonly tags?: readonly DocumentTag[];
  /** Public address of the API; by default it is relative to the document. */
  readonly publicUrl?: string | undefined;
}

const emptyBody = asSchema(Type.Object({}, { description: "No body, or `{}`" }));

const securityOf: Readonly<Record<RouteAuth, readonly Json[]>> = {
  none: [],
  access: [{ accessToken: [] }],
  queue: [{ queueToken: [] }],
  "queue-active": [{ queueToken: [] }],
  "queue-or-access": [{ queueToken: [] }, { accessToken: [] }],
  operator: [{ operatorKey: [] }],
};

const authNotes: Readonly<Record<RouteAuth, string>> = {
  none: "Needs no token.",
  access: "Needs an **access token**.",
  queue: "Needs a **queue token** in any state, also after its place has ended.",
  "queue-active": "Needs an **ACTIVE queue token**.",
  "queue-or-access": "Needs the owner's **queue token** or **access token**.",
  operator: "Needs the **operator key**.",
};

/**
 * Says which token a route needs. A `queue` route that answers QUEUE_NOT_ACTIVE checks the place
 * itself.
 */
const authNoteOf = ({ auth, permission, problems }: Route): string => {
  if (auth === "queue" && problems.includes("QUEUE_NOT_ACTIVE"))
    return `${authNotes["queue-active"]} A stored answer is returned whatever the state of the token.`;
  const roles = permission === undefined ? [] : rolesWith(permission);
  return roles.length === 0 ? authNotes[auth] : `${authNotes[auth]} Roles: ${roles.join(", ")}.`;
};

const parametersOf = (route: Route, referenced: Referenced): Json[] => {
  const from = (place: "path" | "query", schema: unknown): Json[] => {
    const { required } = asSchema(schema ?? {});
    const needed = new Set(Array.isArray(required) ? (required as string[]) : []);
    return propertiesOf(schema).map(([name, property]) => {
      const { description, ...rest } = referenced(property);
      return {
        name,
        in: place,
        required: place === "path" || needed.has(name),
        ...(typeof description === "string" ? { description } : {}),
        // Not the parameter's `example`: Swagger UI would fill it in, and no resource has that id.
        schema: { ...rest, examples: [exampleOf(property, name)] },
      };
    });
  };
  const key = { required: "RequiredIdempotencyKey", optional: "IdempotencyKey" } as const;
  return [
    ...from("path", route.params),
    ...from("query", route.query),
    ...(route.idempotency === undefined
      ? []
      : [{ $ref: `#/components/parameters/${key[route.idempotency]}` }]),
    ...(route.challenge === true ? [{ $ref: "#/components/parameters/ChallengeResponse" }] : []),
  ];
};

const requestBodyOf = (route: Route, referenced: Referenced): Json => {
  const body = asSchema(route.body ?? emptyBody);
  const schema = referenced(closedShape(body));
  return {
    required: !mayBeEmpty(body),
    content: { "application/json": { schema, example: exampleOf(body) } },
  };
};

const operationOf = (route: Route, referenced: Referenced): Json => ({
  operationId: route.operationId,
  tags: [route.tag],
  summary: route.summary,
  description: [route.description, authNoteOf(route)].filter(Boolean).join("\n\n"),
  security: securityOf[route.auth],
  parameters: parametersOf(route, referenced),
  ...(takesBody(route) ? { requestBody: requestBodyOf(route, referenced) } : {}),
  responses: { ...successesOf(route, referenced), ...refusalsOf(route) },
});

/** Lists the tags in use: first the described ones in their given order, then the others. */
const tagsOf = (routes: readonly Route[], described: readonly DocumentTag[]): Json[] => {
  const used = new Set([...routes.map(({ tag }) => tag), operationsTag]);
  const known = described.filter(({ name }) => used.has(name));
  const rest = [...used].filter((name) => !known.some((tag) => tag.name === name));
  return [...known.map((tag) => ({ ...tag })), ...rest.map((name) => ({ name }))];
};

/** Returns the OpenAPI 3.1 document of the routes. Throws when two different schemas have one `$id`. */
export const openApiDocument = (routes: readonly Route[], options: DocumentOptions): Json => {
  const { schemas, referenced } = componentCollector();
  referenced(asSchema(ProblemBody));
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const item = (paths[route.path] ??= {});
    item[route.method.toLowerCase()] = operationOf(route, referenced);
  }
  Object.assign(paths, operationItems());
  return {
    openapi: "3.1.0",
    info: {
      title: options.title ?? "Frontrow",
      version: options.version ?? "1",
      description:
        options.description ??
        "A fair queue, seats that cannot be sold twice, a prepaid balance and one payment for the whole reservation.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: options.publicUrl ?? "/", description: "This installation" }],
    tags: tagsOf(routes, options.tags ?? []),
    paths,
    components: usedComponents(schemas, paths),
  };
};
