import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { pathPattern } from "./contract.ts";

type Json = Record<string, unknown>;

export interface PublishedOperation {
  readonly method: string;
  readonly path: string;
  readonly operation: Json;
}

interface ReceivedAnswer {
  readonly asked: { readonly method?: string; readonly path: string };
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly text: string;
}

export interface PublishedDocument {
  readonly document: Json;
  readonly operations: readonly PublishedOperation[];
  /** The fault of an answer by the document, or null. Unknown paths are not judged. */
  faultOf(seen: ReceivedAnswer): string | null;
}

const methods = new Set(["get", "post", "put", "patch", "delete"]);

const operationsOf = (document: Json): PublishedOperation[] =>
  Object.entries((document["paths"] ?? {}) as Record<string, Json>).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => methods.has(method))
      .map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        operation: operation as Json,
      })),
  );

/** Follows references inside the document. */
const resolved = (document: Json, node: Json): Json => {
  const ref = node["$ref"];
  if (typeof ref !== "string") return node;
  const found = ref
    .replace(/^#\//, "")
    .split("/")
    .reduce<unknown>(
      (at, key) => (at as Json)[key.replaceAll("~1", "/").replaceAll("~0", "~")],
      document,
    );
  return resolved(document, found as Json);
};

/** Reads a server's OpenAPI document and compiles its answers' schemas when they are first needed. */
export const publishedDocument = (body: unknown): PublishedDocument => {
  const document = body as Json;
  const operations = operationsOf(document);
  const patterns = operations.map((it) => ({ ...it, pattern: pathPattern(it.path) }));
  const ajv = new Ajv2020.Ajv2020({ strict: false, allErrors: true, logger: false });
  addFormats.default(ajv);
  const compiled = new Map<object, ReturnType<typeof ajv.compile>>();

  const faultOf = ({ asked, status, headers, body: seen, text }: ReceivedAnswer): string | null => {
    const path = asked.path.split("?")[0] ?? "";
    const method = asked.method ?? "GET";
    const found = patterns.find((it) => it.method === method && it.pattern.test(path));
    if (found === undefined || status === 405) return null;
    const responses = found.operation["responses"] as Record<string, Json>;
    const declared = responses[String(status)];
    if (declared === undefined) return `status ${status} is not declared`;
    const content = resolved(document, declared)["content"] as Record<string, Json> | undefined;
    if (content === undefined) return text === "" ? null : "a body where none is declared";
    const type = String(headers["content-type"]).split(";")[0] ?? "";
    const schema = content[type]?.["schema"] as Json | undefined;
    if (schema === undefined) return `content type ${type} is not declared`;
    let check = compiled.get(schema);
    if (check === undefined) {
      check = ajv.compile({ ...schema, components: document["components"] });
      compiled.set(schema, check);
    }
    const value = type.includes("json") ? seen : text;
    return check(value) ? null : `body does not match its schema (${ajv.errorsText(check.errors)})`;
  };
  return { document, operations, faultOf };
};
