import assert from "node:assert/strict";
import { test } from "node:test";
import { Type } from "typebox";
import { sampleRoutes } from "#test/support/sample-server.ts";
import { problemCodesOf } from "./openapi-answers.ts";
import { openApiDocument } from "./openapi.ts";
import { problems, type ProblemCode } from "./problems.ts";
import { route, type Route } from "./route.ts";

type Json = Record<string, unknown>;
interface Operation {
  operationId: string;
  security: Json[];
  parameters: Json[];
  requestBody?: { required: boolean; content: Record<string, { schema: Json }> };
  responses: Record<string, { headers: Json; content?: Record<string, Json> }>;
}

const routes = sampleRoutes();
const document = openApiDocument(routes, {
  publicUrl: "https://tickets.example",
  version: "1.2.3",
});
const paths = document["paths"] as Record<string, Record<string, Operation>>;
const operation = (id: string): Operation => {
  const found = Object.values(paths)
    .flatMap((item) => Object.values(item))
    .find(({ operationId }) => operationId === id);
  assert.ok(found, id);
  return found;
};
const routeOf = (id: string): Route => {
  const found = routes.find(({ operationId }) => operationId === id);
  assert.ok(found);
  return found;
};
const follow = (reference: string): unknown =>
  reference
    .slice(2)
    .split("/")
    .reduce<unknown>((at, key) => (at as Json)[key], document);

test("the document is OpenAPI 3.1 with its version and server", () => {
  assert.equal(document["openapi"], "3.1.0");
  assert.equal((document["info"] as Json)["version"], "1.2.3");
  const urlsOf = (it: Json) => (it["servers"] as Json[]).map(({ url }) => url);
  assert.deepEqual(urlsOf(document), ["https://tickets.example"]);
  assert.deepEqual(urlsOf(openApiDocument(routes, {})), ["/"]);
});

test("each route is an operation with its successes and every code that it can answer", () => {
  for (const it of routes) {
    const { responses } = paths[it.path]?.[it.method.toLowerCase()] ?? operation("nothing");
    for (const status of Object.keys(it.answers)) assert.ok(responses[status], it.operationId);
    for (const code of problemCodesOf(it)) {
      const content = responses[problems[code].status]?.content?.["application/problem+json"];
      const example = (content?.["examples"] as Record<string, { value: Json }> | undefined)?.[
        code
      ];
      assert.equal(example?.value["code"], code, `${it.operationId} ${code}`);
      assert.equal(example?.value["status"], problems[code].status);
    }
  }
});

const codes: [id: string, with_: ProblemCode[], without: ProblemCode[]][] = [
  [
    "readConcert",
    ["INVALID_REQUEST", "UNAVAILABLE", "RATE_LIMITED"],
    ["NOT_FOUND", "PAYLOAD_TOO_LARGE", "ACCESS_TOKEN_INVALID"],
  ],
  [
    "readBalance",
    ["ACCESS_TOKEN_INVALID", "NOT_FOUND"],
    ["QUEUE_TOKEN_INVALID", "IDEMPOTENCY_KEY_REUSED"],
  ],
  [
    "charge",
    [
      "IDEMPOTENCY_KEY_REQUIRED",
      "IDEMPOTENCY_KEY_REUSED",
      "IDEMPOTENCY_IN_PROGRESS",
      "PAYLOAD_TOO_LARGE",
      "UNSUPPORTED_MEDIA_TYPE",
    ],
    [],
  ],
  ["readPlace", ["QUEUE_TOKEN_INVALID", "QUEUE_TOKEN_MISMATCH"], ["QUEUE_TOKEN_ENDED"]],
  ["readSeats", ["QUEUE_TOKEN_ENDED", "QUEUE_NOT_ACTIVE", "QUEUE_TOKEN_MISMATCH"], []],
  [
    "reserve",
    ["SEAT_UNAVAILABLE", "IDEMPOTENCY_KEY_REUSED"],
    ["IDEMPOTENCY_KEY_REQUIRED", "QUEUE_TOKEN_MISMATCH"],
  ],
  ["readReservation", ["ACCESS_TOKEN_INVALID"], ["QUEUE_TOKEN_INVALID"]],
  ["pause", ["OPERATOR_KEY_INVALID"], []],
];
for (const [id, present, absent] of codes) {
  test(`the codes of ${id} follow from its declaration`, () => {
    const found = problemCodesOf(routeOf(id));
    for (const code of present) assert.ok(found.includes(code), code);
    for (const code of absent) assert.ok(!found.includes(code), code);
    assert.equal(new Set(found).size, found.length);
  });
}

test("the security of an operation names the kind of token", () => {
  assert.deepEqual(operation("readConcert").security, []);
  assert.deepEqual(operation("charge").security, [{ accessToken: [] }]);
  assert.deepEqual(operation("readSeats").security, [{ queueToken: [] }]);
  assert.deepEqual(operation("readReservation").security, [
    { queueToken: [] },
    { accessToken: [] },
  ]);
  assert.deepEqual(operation("pause").security, [{ operatorKey: [] }]);
  const { securitySchemes } = document["components"] as { securitySchemes: Json };
  assert.deepEqual(Object.keys(securitySchemes), ["accessToken", "queueToken", "operatorKey"]);
});

test("parameters have their location, and path parameters are required", () => {
  const [id, limit, cursor] = operation("readConcert").parameters;
  assert.deepEqual([id?.["name"], id?.["in"], id?.["required"]], ["concertId", "path", true]);
  assert.deepEqual(
    [limit?.["name"], limit?.["in"], limit?.["required"]],
    ["limit", "query", false],
  );
  assert.equal(cursor?.["name"], "cursor");
});

test("Idempotency-Key is a header parameter, required where the route requires it, and successes name Idempotent-Replayed", () => {
  const refs = (id: string) => operation(id).parameters.map((it) => it["$ref"]);
  assert.ok(refs("charge").includes("#/components/parameters/RequiredIdempotencyKey"));
  assert.ok(refs("reserve").includes("#/components/parameters/IdempotencyKey"));
  assert.deepEqual(refs("createUser"), []);
  assert.ok(operation("reserve").responses["201"]?.headers["Idempotent-Replayed"]);
  assert.ok(!operation("createUser").responses["201"]?.headers["Idempotent-Replayed"]);
});

test("429 and 503 have Retry-After, and 401 has WWW-Authenticate", () => {
  const { responses } = operation("readSeats");
  assert.ok(responses["401"]?.headers["WWW-Authenticate"]);
  assert.ok(responses["429"]?.headers["Retry-After"]);
  assert.ok(responses["503"]?.headers["Retry-After"]);
});

test("the schema of a body is closed, and the body is required when a member is", () => {
  const body = operation("reserve").requestBody;
  assert.equal(body?.required, true);
  assert.equal(body?.content["application/json"]?.schema["additionalProperties"], false);
  assert.equal(operation("createUser").requestBody?.required, false);
  assert.equal(operation("readPlace").requestBody, undefined);
});

test("schemas with an $id are components, and every reference resolves", () => {
  const text = JSON.stringify(document);
  assert.ok(!text.includes('"$id"'));
  const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map((found) => found[1] ?? "");
  assert.ok(references.includes("#/components/schemas/Echo"));
  assert.ok(references.includes("#/components/schemas/Problem"));
  for (const reference of references) assert.ok(follow(reference), reference);
});

test("a stream has its own media type, and a 204 has no content", () => {
  const content = operation("streamPlace").responses["200"]?.content ?? {};
  assert.deepEqual(Object.keys(content), ["text/event-stream"]);
  assert.equal(operation("leave").responses["204"]?.content, undefined);
});

test("two different schemas with one $id fail the start", () => {
  const duplicate = route({
    ...routeOf("readConcert"),
    auth: "none",
    path: "/api/v1/duplicate",
    answers: { 200: Type.Object({ other: Type.String() }, { $id: "Echo" }) },
    handle: () => ({ status: 200 }),
  } as never);
  assert.throws(() => openApiDocument([...routes, duplicate], {}), /Echo/);
});

test("tags keep the given order, and a tag without a route is left out", () => {
  const tags = [
    { name: "Sample", description: "Samples" },
    { name: "Unused", description: "Nothing" },
  ];
  const topicsOf = (it: Json) => (it["tags"] as Json[]).map(({ name }) => name);
  assert.deepEqual(topicsOf(openApiDocument(routes, { tags })), ["Sample", "Operations"]);
  const reversed = [{ name: "Operations", description: "Health" }, ...tags];
  assert.deepEqual(topicsOf(openApiDocument(routes, { tags: reversed })), ["Operations", "Sample"]);
});

test("the description names the token, ACTIVE where the codes imply it", () => {
  const described = (it: Json) => String(it["description"]);
  assert.match(described(operation("readConcert") as never), /no token/);
  assert.match(described(operation("readBalance") as never), /access token/);
  assert.match(described(operation("readPlace") as never), /in any state/);
  assert.match(described(operation("readSeats") as never), /an \*\*ACTIVE queue token/);
  const reserving = { ...routeOf("reserve"), problems: ["QUEUE_NOT_ACTIVE"] } as Route;
  const published = openApiDocument([reserving], {})["paths"] as typeof paths;
  const [item] = Object.values(published);
  assert.match(described(item?.["post"] as never), /an \*\*ACTIVE queue token/);
});

test("a success shows the examples of the route, or else one derived from its schema", () => {
  const own = { 201: { first: { summary: "The first", value: { any: 1 } } } };
  const showing = openApiDocument([{ ...routeOf("createUser"), examples: own }], {});
  const media = (it: unknown) =>
    (it as Operation).responses["201"]?.content?.["application/json"] as Json;
  const items = showing["paths"] as typeof paths;
  assert.deepEqual(media(items["/api/v1/users"]?.["post"])["examples"], own[201]);
  assert.equal((media(operation("createUser"))["example"] as Json)["caller"], "text");
});

test("the instance of an example has the example parameters filled in", () => {
  const { responses } = operation("readSeats");
  const content = responses["404"] ?? responses["401"];
  const text = JSON.stringify(content);
  assert.match(text, /\/concerts\/[0-9a-f-]{36}\/dates\/2026-12-24\/seats/);
});

test("the example of INVALID_REQUEST is a fault that the route can have", () => {
  const faultIn = (id: string) =>
    /"pointer":"([^"]+)"/.exec(JSON.stringify(operation(id).responses["400"]))?.[1];
  assert.equal(faultIn("charge"), "/amount");
  assert.equal(faultIn("readBalance"), "/params/userId");
  assert.equal(faultIn("createUser"), "/nickname");
});
