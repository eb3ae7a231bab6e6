import type { Schema } from "./shapes.ts";

export type Json = Record<string, unknown>;

/** Writes a schema as it stands in the document: a schema with an `$id` becomes a reference. */
export type Referenced = (schema: Schema) => Json;

/**
 * Collects the schemas with an `$id` as components and replaces them by references. Throws when two
 * different schemas have one `$id`.
 */
export const componentCollector = (): {
  readonly schemas: Readonly<Record<string, Json>>;
  readonly referenced: Referenced;
} => {
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
      throw new Error(`two different schemas have the $id ${id}`);
    }
    spellings.set(id, spelling);
    schemas[id] = content;
    return { $ref: `#/components/schemas/${id}` };
  };
  return { schemas, referenced: (schema) => referenced(schema) as Json };
};

/** Returns references to headers of `components`, by name. */
export const headerRefs = (...names: readonly string[]): Json =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

const keyParameter = (required: boolean, note: string): Json => ({
  name: "Idempotency-Key",
  in: "header",
  required,
  description: `Identifies the intent of the client. A retry with the same key and the same request has no second effect and returns the stored answer. 1 to 255 printable ASCII characters, bare or quoted. The server keeps a key for at least 24 hours. ${note}`,
  schema: { type: "string", minLength: 1, maxLength: 512, examples: ["my-first-charge"] },
  // Swagger UI fills in an example; an optional key stays empty there.
  ...(required ? { example: "my-first-charge" } : {}),
});

const bearer = (description: string, bearerFormat?: string): Json => ({
  type: "http",
  scheme: "bearer",
  ...(bearerFormat === undefined ? {} : { bearerFormat }),
  description,
});

const header = (description: string, schema: Json, example: unknown): Json => ({
  description,
  schema,
  example,
});

const sharedComponents = {
  parameters: {
    IdempotencyKey: keyParameter(false, "Without a key, a retry is a new request."),
    RequiredIdempotencyKey: keyParameter(true, "Use a new key for each new intent."),
    ChallengeResponse: {
      name: "Challenge-Response",
      in: "header",
      required: false,
      description:
        "The answer to a challenge from `GET /api/v1/challenge`. Needed only where the operator sets a challenge.",
      schema: {
        type: "string",
        minLength: 1,
        maxLength: 4096,
        examples: ["eyJjaGFsbGVuZ2UiOnt9fQ=="],
      },
    },
  },
  headers: {
    "X-Request-Id": header(
      "Identifies the request in the server's log. The caller's own id when it matches `[\\w.:-]{1,64}`",
      { type: "string", maxLength: 64 },
      "6f1d0c2b9a-1k",
    ),
    "Idempotent-Replayed": header(
      "`true` when this is the stored answer of an earlier request with the same key; absent otherwise",
      { type: "string", enum: ["true"] },
      "true",
    ),
    "Retry-After": header(
      "Whole seconds to wait before a retry",
      { type: "integer", minimum: 1 },
      1,
    ),
    "WWW-Authenticate": header(
      "The kind of token that the call requires, as realm: `access`, `queue` or `operator`",
      { type: "string" },
      'Bearer realm="queue"',
    ),
  },
  securitySchemes: {
    accessToken: bearer(
      "**Identifies the user.** Paste the `accessToken` from `POST /api/v1/users`, or a token of the operator's identity provider. Leave out the word Bearer; this page adds it.",
      "JWT",
    ),
    queueToken: bearer(
      "**Identifies the user's place in the queue of one concert**, and permits buying while the place is ACTIVE. Paste the newest `token` from `POST …/queue/tokens` or `GET …/queue/tokens/me`. Leave out the word Bearer; this page adds it.",
      "JWT",
    ),
    operatorKey: bearer(
      "**The key of an operator**, which `OPERATOR_KEY` or `OPERATOR_KEYS` sets. Its role decides which calls are allowed. `npm start` without it creates a key and prints it.",
    ),
  },
};

const namesIn = (value: unknown): Set<string> => {
  const text = JSON.stringify(value);
  const references = [...text.matchAll(/"\$ref":"#\/components\/\w+\/([^"]+)"/g)];
  const schemes = ["accessToken", "queueToken", "operatorKey"].filter((name) =>
    text.includes(`{"${name}":[]}`),
  );
  return new Set([...references.map((found) => found[1] ?? ""), ...schemes]);
};

/** Returns all schemas, and of the other components those that `used` refers to. */
export const usedComponents = (schemas: Readonly<Record<string, Json>>, used: unknown): Json => {
  const names = namesIn(used);
  const shared = Object.entries(sharedComponents).map(([kind, members]) => {
    const kept = Object.entries(members).filter(([name]) => names.has(name));
    return [kind, Object.fromEntries(kept)] as const;
  });
  return { schemas, ...Object.fromEntries(shared) };
};
