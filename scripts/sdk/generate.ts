import { comment, typeOf, typeOfExample, type Schema } from "./types.ts";

type Json = Readonly<Record<string, unknown>>;

/** The parts of an OpenAPI 3.1 document that the generator reads. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly parameters: Readonly<Record<string, Json>>;
  };
}

interface Content {
  readonly schema?: Schema;
  readonly examples?: Readonly<Record<string, { readonly value: Json }>>;
}

interface ApiOperation {
  readonly operationId: string;
  readonly tags?: readonly string[];
  readonly summary: string;
  readonly security: readonly Json[];
  readonly parameters: readonly Json[];
  readonly requestBody?: { required: boolean; content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<Record<string, { content?: Readonly<Record<string, Content>> }>>;
}

const problemType = "application/problem+json";
const standardMembers = new Set([
  "type",
  "title",
  "status",
  "detail",
  "instance",
  "code",
  "errors",
]);

const operationsOf = ({ paths }: ApiDocument) =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      path,
      method: method.toUpperCase(),
      operation,
    })),
  );

const problemsOf = (operation: ApiOperation) =>
  Object.values(operation.responses).flatMap(({ content }) =>
    Object.entries(content?.[problemType]?.examples ?? {}),
  );

const keyModes: Readonly<Record<string, "optional" | "required">> = {
  "#/components/parameters/IdempotencyKey": "optional",
  "#/components/parameters/RequiredIdempotencyKey": "required",
};

const keyOf = (operation: ApiOperation): "optional" | "required" | null =>
  operation.parameters.map(({ $ref: ref }) => keyModes[String(ref)]).find(Boolean) ?? null;

const inputOf = (operation: ApiOperation): string => {
  const named = operation.parameters.filter((parameter) => "name" in parameter);
  const members = named.map((parameter) => {
    const mark = parameter["required"] === true ? "" : "?";
    const note = comment(parameter["description"], "    ");
    return `${note}    readonly ${String(parameter["name"])}${mark}: ${typeOf(parameter["schema"], "    ")};`;
  });
  const body = operation.requestBody?.content["application/json"]?.schema;
  const isBare = body !== undefined && Object.keys((body["properties"] ?? {}) as Json).length === 0;
  if (body !== undefined && !isBare) {
    const mark = operation.requestBody?.required === true ? "" : "?";
    members.push(`    readonly body${mark}: ${typeOf(body, "    ")};`);
  }
  return members.length === 0 ? "Nothing" : `{\n${members.join("\n")}\n  }`;
};

const successesOf = (operation: ApiOperation) =>
  Object.entries(operation.responses)
    .filter(([status]) => status < "300")
    .map(([, { content }]) => content);

const isJson = (content: Readonly<Record<string, Content>> | undefined): boolean =>
  content === undefined || "application/json" in content;

/** Whether the success is a file. */
const isFile = (operation: ApiOperation): boolean =>
  successesOf(operation).every(
    (content) => !isJson(content) && !("text/event-stream" in (content ?? {})),
  );

/** Whether every success is JSON, a file or without content. Streams of events have clients of their own. */
const isCallable = (operation: ApiOperation): boolean =>
  isFile(operation) || successesOf(operation).every(isJson);

const valueOf = (operation: ApiOperation): string => {
  const types = successesOf(operation).map((content) =>
    content === undefined ? "undefined" : typeOf(content["application/json"]?.schema, "  "),
  );
  return [...new Set(types)].join(" | ");
};

const operationText = (path: string, method: string, operation: ApiOperation): string => {
  const codes = [...new Set(problemsOf(operation).map(([code]) => code))].sort();
  const key = keyOf(operation);
  const isOfFile = isFile(operation);
  const type = [
    `  ${inputOf(operation)},`,
    ...(isOfFile ? [] : [`  ${valueOf(operation)},`]),
    codes.length === 0
      ? "  never"
      : `  | ${codes.map((code) => JSON.stringify(code)).join("\n  | ")}`,
  ].join("\n");
  const fields = [
    `method: ${JSON.stringify(method)}`,
    `path: ${JSON.stringify(path)}`,
    ...(key === null ? [] : [`key: ${JSON.stringify(key)}`]),
  ];
  return `${comment(operation.summary, "")}export const ${operation.operationId}: ${isOfFile ? "FileOperation" : "Operation"}<\n${type}\n> = { ${fields.join(", ")} };\n`;
};

/** Writes the type of the members that each code has beside the standard ones, from the examples. */
const problemTable = (document: ApiDocument): string => {
  const members = new Map<string, Map<string, string>>();
  for (const { operation } of operationsOf(document)) {
    for (const [code, { value }] of problemsOf(operation)) {
      const known = members.get(code) ?? new Map<string, string>();
      for (const [name, example] of Object.entries(value)) {
        if (!standardMembers.has(name)) known.set(name, typeOfExample(example));
      }
      members.set(code, known);
    }
  }
  const lines = [...members].sort().map(([code, extra]) => {
    const fields = [...extra].map(([name, type]) => `readonly ${name}: ${type}`);
    return `  readonly ${code}: ${fields.length === 0 ? "Nothing" : `{ ${fields.join("; ")} }`};`;
  });
  return `/** The members of a problem beside the standard ones, by its code. */\nexport interface ProblemMembers {\n${lines.join("\n")}\n}\n`;
};

const schemaText = (name: string, schema: Schema): string => {
  const type = typeOf(schema);
  const note = comment(schema["description"], "");
  return type.startsWith("{")
    ? `${note}export interface ${name} ${type}\n`
    : `${note}export type ${name} = ${type};\n`;
};

const banner =
  "// Generated by `node scripts/sdk.ts` from the OpenAPI document; a test compares the two.\n";

/** Writes a module of operations, with imports of the schemas that they name. */
const operationsText = (operations: readonly string[], names: readonly string[]): string => {
  const text = operations.join("\n");
  const used = names.filter((name) => new RegExp(`\\b${name}\\b`).test(text));
  const types = ["FileOperation", "Nothing", "Operation"].filter((name) =>
    new RegExp(`\\b${name}\\b`).test(text),
  );
  return [
    `${banner}import type { ${types.join(", ")} } from "../operation.ts";`,
    ...(used.length === 0 ? [] : [`import type { ${used.join(", ")} } from "./schemas.ts";`]),
    `\n${text}`,
  ].join("\n");
};

const fileOf = (tag: string): string => `${tag.toLowerCase().replaceAll(/\W+/g, "-")}.ts`;

/**
 * Generates the TypeScript modules of a document, by file name: schemas and codes as types, and each
 * operation as a value. Each tag has its own module, so that a page loads only what it calls.
 */
export const generateSdk = (document: ApiDocument): ReadonlyMap<string, string> => {
  const names = Object.keys(document.components.schemas).sort();
  const schemas = names.map((name) => schemaText(name, document.components.schemas[name] ?? {}));
  const byFile = new Map<string, string[]>();
  const callable = operationsOf(document)
    .filter(({ operation }) => isCallable(operation))
    .sort((a, b) => (a.operation.operationId < b.operation.operationId ? -1 : 1));
  for (const { path, method, operation } of callable) {
    const file = fileOf(operation.tags?.[0] ?? "other");
    byFile.set(file, [...(byFile.get(file) ?? []), operationText(path, method, operation)]);
  }
  const files = [...byFile.keys()].sort();
  return new Map([
    [
      "schemas.ts",
      `${banner}import type { Nothing } from "../operation.ts";\n\n${[problemTable(document), ...schemas].join("\n")}`,
    ],
    ...files.map((file) => [file, operationsText(byFile.get(file) ?? [], names)] as const),
    [
      "index.ts",
      `${banner}export type * from "./schemas.ts";\n${files.map((file) => `export * from "./${file}";`).join("\n")}\n`,
    ],
  ]);
};
