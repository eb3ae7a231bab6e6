import { refusalOf } from "./openapi-answers.ts";
import { headerRefs, type Json } from "./openapi-components.ts";
import { problems } from "./problems.ts";
import { problemType } from "./refusal.ts";

/** The tag of the paths for load balancers, monitoring and developers. */
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
  description:
    "The state of each store as last known: `ok`, `slow`, `away`, or `memory` for a queue in the process",
  additionalProperties: { type: "string" },
  examples: [checksExample],
};

const readiness = (): Json =>
  operation(
    "readReadiness",
    "Check whether this instance serves",
    "For load balancers. An instance is ready from its start until it shuts down. The stores do not change that, because all instances share them; `checks` tells their state.",
    {
      200: jsonAnswer(
        "The instance serves",
        {
          ready: { type: "boolean", description: "Always true in this answer", examples: [true] },
          checks,
        },
        { ready: true, checks: checksExample },
      ),
      503: refusalOf(
        503,
        [{ problem: "UNAVAILABLE", members: { checks: { ...checksExample, server: "draining" } } }],
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
    "The explanation",
    {
      type: shown("The `type` of the problem", example.type),
      code: shown("The stable code", code),
      status: {
        type: "integer",
        description: "The HTTP status of the problem",
        examples: [example.status],
      },
      title: shown("The meaning of the code", example.title),
    },
    example,
  );
  const unknown = refusalOf(404, [{ problem: "NOT_FOUND" }], "/problems/nonsense");
  const parameter: Json = {
    name: "name",
    in: "path",
    required: true,
    description: "The code in lower case, with `-` instead of `_`",
    schema: { type: "string", examples: ["seat-unavailable"] },
    example: "seat-unavailable",
  };
  const item = operation(
    "explainProblem",
    "Explain the type of a problem",
    "The `type` of each problem is the path of its explanation.",
    { 200: found, 404: unknown },
  );
  return { get: { ...(item["get"] as Json), parameters: [parameter] } };
};

const metrics = (): Json => {
  const item = operation("readMetrics", "Read the metrics for Prometheus", "", {
    200: answer("text/plain", "The text format of Prometheus", {
      schema: text("The text format of Prometheus, version 0.0.4", [metricsExample]),
      example: metricsExample,
    }),
    401: refusalOf(401, [{ problem: "OPERATOR_KEY_INVALID" }], "/metrics"),
    403: refusalOf(403, [{ problem: "FORBIDDEN" }], "/metrics"),
  });
  const description =
    "The metrics of this instance, at most a second old. In production it needs the **operator key**, unless operators have a port of their own.";
  return { get: { ...(item["get"] as Json), description, security: [{}, { operatorKey: [] }] } };
};

/** Returns the path items of operations: health, metrics, the document and the explanations of problems. */
export const operationItems = (): Record<string, Json> => ({
  "/healthz": operation("readHealth", "Check whether this process runs", "Asks no store.", {
    200: jsonAnswer("The process runs", { status: text("Always ok", ["ok"]) }, { status: "ok" }),
  }),
  "/readyz": readiness(),
  "/metrics": metrics(),
  "/openapi.json": operation(
    "readDocument",
    "Read this document",
    "Generated from the schemas that validate requests and serialise answers.",
    {
      200: answer("application/json", "OpenAPI 3.1", {
        schema: { type: "object", description: "An OpenAPI document", required: ["openapi"] },
        example: { openapi: "3.1.0", info: { title: "Frontrow", version: "1" }, paths: {} },
      }),
    },
  ),
  "/problems/{name}": explanation(),
});
