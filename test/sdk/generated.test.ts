import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readDocument } from "../../scripts/sdk/document.ts";
import { generateSdk } from "../../scripts/sdk/generate.ts";
import { writeSdk } from "../../scripts/sdk/write.ts";

const root = join(import.meta.dirname, "../..");
const kept = join(root, "sdk/generated");

test("the generated SDK is up to date: node scripts/sdk.ts changes nothing", async (t) => {
  const draft = mkdtempSync(join(tmpdir(), "frontrow-sdk-"));
  t.after(() => rmSync(draft, { recursive: true }));
  const names = writeSdk(root, await readDocument(), draft);
  assert.deepEqual(readdirSync(kept).sort(), names.toSorted());
  for (const name of names) {
    const read = (folder: string): string => readFileSync(join(folder, name), "utf8");
    assert.equal(read(kept), read(draft), `${name} is old: run node scripts/sdk.ts`);
  }
});

const document = {
  paths: {
    "/things/{thingId}": {
      post: {
        operationId: "makeThing",
        summary: "Make */ a thing",
        tags: ["Some Things"],
        security: [],
        parameters: [
          { name: "thingId", in: "path", required: true, schema: { type: "string" } },
          { name: "limit", in: "query", required: false, schema: { type: "integer" } },
          { $ref: "#/components/parameters/RequiredIdempotencyKey" },
        ],
        requestBody: {
          required: true,
          content: {
            "application/json": {
              schema: {
                type: "object",
                required: ["pair"],
                properties: {
                  pair: { type: "array", minItems: 2, maxItems: 2, items: { type: "integer" } },
                  "odd-name": { anyOf: [{ type: "string" }, { type: "null" }] },
                },
              },
            },
          },
        },
        responses: {
          "200": { content: { "application/json": { schema: { $ref: "#/c/s/Thing" } } } },
          "204": {},
          "409": {
            content: {
              "application/problem+json": {
                examples: { TAKEN: { value: { status: 409, code: "TAKEN", ids: ["a"], n: 1 } } },
              },
            },
          },
        },
      },
    },
    "/stream": {
      get: {
        operationId: "streamThings",
        summary: "Stream",
        tags: ["Some Things"],
        security: [],
        parameters: [],
        responses: { "200": { content: { "text/event-stream": {} } } },
      },
    },
  },
  components: {
    schemas: {
      Thing: {
        type: "object",
        required: ["kind"],
        properties: {
          kind: { enum: ["A", "B"], description: "Which" },
          any: { type: "object", properties: {}, additionalProperties: true },
        },
      },
    },
    parameters: {},
  },
};

const squeezed = (text: string | undefined): string => (text ?? "").replaceAll(/\s+/g, " ");

test("an operation has its input, result, codes and kind of Idempotency-Key", () => {
  const modules = generateSdk(document);
  assert.deepEqual([...modules.keys()], ["schemas.ts", "some-things.ts", "index.ts"]);
  const operations = squeezed(modules.get("some-things.ts"));
  assert.match(
    operations,
    /\/\*\* Make \* \/ a thing \*\/ export const makeThing: Operation<\s*\{/,
  );
  assert.match(operations, /readonly thingId: string; readonly limit\?: number;/);
  assert.match(operations, /readonly body: \{ readonly pair: readonly \[number, number\];/);
  assert.match(operations, /readonly "odd-name"\?: string \| null;/);
  assert.match(operations, /Thing \| undefined, \| "TAKEN" >/);
  assert.match(operations, /method: "POST", path: "\/things\/\{thingId\}", key: "required"/);
  assert.match(operations, /import type \{ Thing \} from "\.\/schemas\.ts";/);
  assert.doesNotMatch(operations, /streamThings/);
});

test("a schema becomes a type with its descriptions; a code has the members of its example", () => {
  const schemas = squeezed(generateSdk(document).get("schemas.ts"));
  assert.match(schemas, /interface Thing \{ \/\*\* Which \*\/ readonly kind: "A" \| "B";/);
  assert.match(schemas, /readonly any\?: Readonly<Record<string, unknown>>;/);
  assert.match(
    schemas,
    /readonly TAKEN: \{ readonly ids: readonly string\[\]; readonly n: number \}/,
  );
});
