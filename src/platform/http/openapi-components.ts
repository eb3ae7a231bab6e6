import type { Schema } from "./shapes.ts";

export type Json = Record<string, unknown>;

/** Writes a schema as the document has it. */
export type Referenced = (schema: Schema) => Json;

/** Schemas with an `$id` become components, and references where they stood. */
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
      throw new Error(`two schemas have the $id ${id}`);
    }
    spellings.set(id, spelling);
    schemas[id] = content;
    return { $ref: `#/components/schemas/${id}` };
  };
  return { schemas, referenced: (schema) => referenced(schema) as Json };
};

/** References to headers of `components`, by their names. */
export const headerRefs = (...names: readonly string[]): Json =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

const keyParameter = (required: boolean, note: string): Json => ({
  name: "Idempotency-Key",
  in: "header",
  required,
  description: `Names the intent: the same key with the same request has one effect, and gives the stored answer again. 1 to 255 printable characters, bare or quoted; kept at least 24 hours. ${note}`,
  schema: { type: "string", minLength: 1, maxLength: 512, examples: ["my-first-charge"] },
  // Only what must be there is filled in by itself.
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
    IdempotencyKey: keyParameter(false, "Without one, asking again is a new request."),
    RequiredIdempotencyKey: keyParameter(true, "Take another one for another intent."),
  },
  headers: {
    "X-Request-Id": header(
      "Names this request in the server's log: the caller's own id when it sent a decent one",
      { type: "string", maxLength: 64 },
      "6f1d0c2b9a-1k",
    ),
    "Idempotent-Replayed": header(
      "There, and `true`, when this is the stored answer of an earlier request with the same key",
      { type: "string", enum: ["true"] },
      "true",
    ),
    "Retry-After": header(
      "Whole seconds after which asking again makes sense",
      { type: "integer", minimum: 1 },
      1,
    ),
    "WWW-Authenticate": header(
      "Which kind of token is wanted: its realm is `access`, `queue` or `operator`",
      { type: "string" },
      'Bearer realm="queue"',
    ),
  },
  securitySchemes: {
    accessToken: bearer(
      "**Who you are.** Paste the `accessToken` that `POST /api/v1/users` answered, or one of the operator's identity provider. Without the word Bearer: it is added.",
      "JWT",
    ),
    queueToken: bearer(
      "**Your place in one concert's queue**, and your right to buy while it is ACTIVE. Paste the newest `token` of `POST …/queue/tokens` or `GET …/queue/tokens/me`. Without the word Bearer: it is added.",
      "JWT",
    ),
    operatorKey: bearer(
      "**The operator's key**, as `OPERATOR_KEY` sets it; `npm start` without one prints its own.",
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

/** The components that `used` refers to, beside the schemas, all of which are. */
export const usedComponents = (schemas: Readonly<Record<string, Json>>, used: unknown): Json => {
  const names = namesIn(used);
  const shared = Object.entries(sharedComponents).map(([kind, members]) => {
    const kept = Object.entries(members).filter(([name]) => names.has(name));
    return [kind, Object.fromEntries(kept)] as const;
  });
  return { schemas, ...Object.fromEntries(shared) };
};
