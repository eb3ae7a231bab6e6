import { refusalOf } from "./openapi-answers.ts";
import { headerRefs, type Json } from "./openapi-components.ts";
import { problems } from "./problems.ts";
import { problemType } from "./refusal.ts";

/** The topic of what operators' programs ask. */
export const operationsTag = "Operations";

const text = (description: string, examples: readonly unknown[]): Json => ({
  type: "string",
  description,
  examples,
});

const answer = (type: string, description: string, content: Json): Json => ({
  description,
  headers: headerRefs("X-Request-Id"),
  content: { [type]: content },
});

const jsonAnswer = (description: string, properties: Record<string, Json>, example: Json): Json =>
  answer("application/json", description, {
    schema: { type: "object", required: Object.keys(properties), properties },
    example,
  });

const operation = (
  operationId: string,
  summary: string,
  description: string,
  responses: Json,
): Json => ({
  get: {
    operationId,
    tags: [operationsTag],
    summary,
    description: `${description}\n\nNeeds no token.`,
    security: [],
    parameters: [],
    responses,
  },
});

const checksExample = { postgres: "ok", redis: "ok" };
const checks: Json = {
  type: "object",
  description: "How each store is, in a word",
  additionalProperties: { type: "string" },
  examples: [checksExample],
};

const readiness = (): Json =>
  operation(
    "readReadiness",
    "Whether this instance can serve",
    "For balancers. It can while PostgreSQL answers; without Redis, people who are ACTIVE buy on. An instance that is about to end says no first.",
    {
      200: jsonAnswer(
        "It can serve",
        { ready: { type: "boolean", description: "true", examples: [true] }, checks },
        { ready: true, checks: checksExample },
      ),
      503: refusalOf(
        503,
        [{ problem: "UNAVAILABLE", members: { checks: { ...checksExample, postgres: "away" } } }],
        "/readyz",
      ),
    },
  );

const metricsExample =
  "# HELP http_requests_in_flight Requests being answered\n# TYPE http_requests_in_flight gauge\nhttp_requests_in_flight 3\n";

const explanation = (): Json => {
  const code = "SEAT_UNAVAILABLE";
  const example = { type: problemType(code), code, ...problems[code] };
  const shown = (description: string, value: unknown): Json => text(description, [value]);
  const found = jsonAnswer(
    "Known",
    {
      type: shown("The problem's `type`", example.type),
      code: shown("Its stable code", code),
      status: {
        type: "integer",
        description: "The HTTP status that it comes with",
        examples: [example.status],
      },
      title: shown("What it means", example.title),
    },
    example,
  );
  const unknown = refusalOf(404, [{ problem: "NOT_FOUND" }], "/problems/nonsense");
  const parameter: Json = {
    name: "name",
    in: "path",
    required: true,
    description: "The code in lower case, with `-` for `_`",
    schema: { type: "string", examples: ["seat-unavailable"] },
    example: "seat-unavailable",
  };
  const item = operation(
    "explainProblem",
    "What the type of a problem means",
    "The `type` of every problem is the path of its explanation.",
    { 200: found, 404: unknown },
  );
  return { get: { ...(item["get"] as Json), parameters: [parameter] } };
};

/** The paths beside the API's own: health, metrics, this document, problems explained. */
export const operationItems = (): Record<string, Json> => ({
  "/healthz": operation("readHealth", "Whether this process lives", "Asks no store.", {
    200: jsonAnswer("It lives", { status: text("ok", ["ok"]) }, { status: "ok" }),
  }),
  "/readyz": readiness(),
  "/metrics": operation(
    "readMetrics",
    "Figures for Prometheus",
    "Of this instance. Keep it from the public: it needs no token.",
    {
      200: answer("text/plain", "Prometheus' text format", {
        schema: text("Prometheus' text format, version 0.0.4", [metricsExample]),
        example: metricsExample,
      }),
    },
  ),
  "/openapi.json": operation(
    "readDocument",
    "This document",
    "Made from the very schemas that check requests and write answers.",
    {
      200: answer("application/json", "OpenAPI 3.1", {
        schema: { type: "object", description: "An OpenAPI document", required: ["openapi"] },
        example: { openapi: "3.1.0", info: { title: "Frontrow", version: "1" }, paths: {} },
      }),
    },
  ),
  "/problems/{name}": explanation(),
});
