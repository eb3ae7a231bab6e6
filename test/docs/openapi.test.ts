import assert from "node:assert/strict";
import { test } from "node:test";
import { readDocument } from "../../scripts/sdk/document.ts";
import { formFaults, styleFaults, ruleNames, type Json } from "#test/support/openapi-lint.ts";

// The document that the whole application publishes. It needs no store, so none runs.

const document = (await readDocument()) as unknown as Json;

test("the document is valid by the schema of OpenAPI 3.1", async () => {
  assert.deepEqual(await formFaults(document), []);
});

test("the document breaks no style rule", () => {
  assert.deepEqual(styleFaults(document), []);
});

test("the tags are in the order in which a buyer needs them", () => {
  const names = (document["tags"] as { name: string }[]).map(({ name }) => name);
  assert.deepEqual(names, [
    "Users",
    "Balance",
    "Concerts",
    "Queue",
    "Dates and seats",
    "Reservations",
    "Payments",
    "Tickets",
    "Goods",
    "Operator",
    "Operations",
  ]);
});

test("the description explains the steps, both kinds of token and how to authorize", () => {
  const { description, version } = document["info"] as { description: string; version: string };
  for (const word of ["access token", "queue token", "Authorize", "pollAfterMs", "Idempotency-Key"])
    assert.ok(description.includes(word), word);
  assert.match(version, /^\d+\.\d+\.\d+$/);
});

test("every path in the description is a path of the document", () => {
  const { description } = document["info"] as { description: string };
  const paths = Object.keys(document["paths"] as object);
  const named = [...description.matchAll(/(?:GET|POST) (\/api\/v1[^\s`]*)/g)].map((it) => it[1]);
  assert.ok(named.length >= 6);
  for (const path of named) assert.ok(paths.includes(path ?? ""), path);
});

const reserve = (it: Json): Json => {
  const item = (it["paths"] as Record<string, { post: Json }>)["/api/v1/reservations"];
  assert.ok(item);
  return item.post;
};
type Content = Record<string, { example: Json; examples: Record<string, { value: Json }> }>;
const answerOf = (it: Json, status: string) =>
  (reserve(it)["responses"] as Record<string, { headers: Json; content: Content }>)[status] as {
    headers: Json;
    content: Content;
  };
const partsOf = (it: Json, kind: string) =>
  (it["components"] as Record<string, Record<string, Json>>)[kind] as Record<string, Json>;

type Plant = [fault: string, rule: string, plant: (document: Json) => void, found: RegExp];
const plants: Plant[] = [
  [
    "an operation without a summary",
    "wordsMissing",
    (it) => delete reserve(it)["summary"],
    /has no summary/,
  ],
  [
    "an operation without a description",
    "wordsMissing",
    (it) => delete reserve(it)["description"],
    /has no description/,
  ],
  [
    "a summary that is a sentence",
    "summariesUnlikely",
    (it) => (reserve(it)["summary"] = "It holds."),
    /no headline/,
  ],
  [
    "an operationId twice",
    "idsRepeated",
    (it) => (reserve(it)["operationId"] = "createUser"),
    /is taken/,
  ],
  ["an undeclared tag", "tagsAstray", (it) => (reserve(it)["tags"] = ["Other"]), /is not declared/],
  [
    "a tag without an operation",
    "tagsAstray",
    (it) => (it["tags"] as Json[]).push({ name: "Empty", description: "Empty" }),
    /has no operation/,
  ],
  [
    "a tag without a description",
    "tagsAstray",
    (it) => delete (it["tags"] as Json[])[0]?.["description"],
    /tag Users is not described/,
  ],
  [
    "a request without an example",
    "examplesMissing",
    (it) =>
      delete (reserve(it)["requestBody"] as { content: Record<string, Partial<Content[string]>> })
        .content["application/json"]?.example,
    /POST \/api\/v1\/reservations body .* has no example/,
  ],
  [
    "a success without an example",
    "examplesMissing",
    (it) => {
      const media = answerOf(it, "201").content["application/json"] as Partial<Content[string]>;
      delete media.example;
      delete media.examples;
    },
    /reservations 201 .* has no example/,
  ],
  [
    "a code without an example",
    "problemsUnlikely",
    (it) =>
      delete answerOf(it, "409").content["application/problem+json"]?.examples["SEAT_UNAVAILABLE"],
    /409 SEAT_UNAVAILABLE has no example/,
  ],
  [
    "an example of another code",
    "problemsUnlikely",
    (it) => {
      const shown = answerOf(it, "409").content["application/problem+json"]?.examples;
      Object.assign(shown?.["SEAT_UNAVAILABLE"]?.value ?? {}, { code: "SOLD_OUT" });
    },
    /shows another code/,
  ],
  [
    "503 without Retry-After",
    "headersMissing",
    (it) => delete answerOf(it, "503").headers["Retry-After"],
    /503 has no Retry-After/,
  ],
  [
    "401 without WWW-Authenticate",
    "headersMissing",
    (it) => delete answerOf(it, "401").headers["WWW-Authenticate"],
    /401 has no WWW-Authenticate/,
  ],
  [
    "a success with an Idempotency-Key but without Idempotent-Replayed",
    "headersMissing",
    (it) => delete answerOf(it, "201").headers["Idempotent-Replayed"],
    /201 has no Idempotent-Replayed/,
  ],
  [
    "an undeclared parameter of the path",
    "parametersAstray",
    (it) => {
      const paths = it["paths"] as Record<string, { get: Json }>;
      (paths["/api/v1/concerts/{concertId}"] as { get: Json }).get["parameters"] = [];
    },
    /concertId is in the path or declared, not both/,
  ],
  [
    "a parameter without a description",
    "parametersAstray",
    (it) => delete partsOf(it, "parameters")["IdempotencyKey"]?.["description"],
    /Idempotency-Key is not described/,
  ],
  [
    "a parameter without an example",
    "parametersAstray",
    (it) => Object.assign(partsOf(it, "parameters")["IdempotencyKey"] ?? {}, { schema: {} }),
    /Idempotency-Key has no example/,
  ],
  [
    "an operation without security",
    "securityAstray",
    (it) => delete reserve(it)["security"],
    /whether it needs a token/,
  ],
  [
    "a route open by mistake",
    "securityAstray",
    (it) => (reserve(it)["security"] = []),
    /its 401 disagree/,
  ],
  [
    "a schema that nothing uses",
    "partsUnused",
    (it) => (partsOf(it, "schemas")["Left"] = { type: "object" }),
    /schemas\/Left is not used/,
  ],
  [
    "a member without a description",
    "membersUndescribed",
    (it) => {
      const { properties } = partsOf(it, "schemas")["Reservation"] as { properties: Json };
      properties["more"] = { type: "string" };
    },
    /Reservation\.more is not described/,
  ],
  [
    "an example that its schema refuses",
    "examplesWrong",
    (it) => {
      const media = (reserve(it)["requestBody"] as { content: Content }).content[
        "application/json"
      ];
      (media as { example: Json }).example = { date: "2026-12-24", seatNumbers: [60_001] };
    },
    /its example is refused/,
  ],
];
for (const [fault, rule, plant, found] of plants) {
  test(`the style rules find ${fault}`, () => {
    const spoilt = structuredClone(document);
    plant(spoilt);
    const faults = styleFaults(spoilt, rule);
    assert.ok(
      faults.some((it) => found.test(it)),
      faults.join("\n") || "nothing was found",
    );
  });
}

test("every style rule has a planted fault", () => {
  assert.deepEqual([...new Set(plants.map(([, rule]) => rule))].sort(), [...ruleNames].sort());
});

test("the schema of OpenAPI 3.1 refuses a broken document", async () => {
  const spoilt = structuredClone(document);
  delete reserve(spoilt)["responses"];
  reserve(spoilt)["parameters"] = "none";
  assert.notDeepEqual(await formFaults(spoilt), []);
});
