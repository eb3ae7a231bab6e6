import { Validator } from "@seriousme/openapi-schema-validator";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

// House rules for the OpenAPI document beyond its validity. Each rule lists the places that break it;
// test/docs/openapi.test.ts plants a fault for each.

export type Json = Record<string, unknown>;

interface Media {
  readonly schema?: Json;
  readonly example?: unknown;
  readonly examples?: Record<string, { readonly summary?: string; readonly value: unknown }>;
}

interface Operation {
  readonly name: string;
  readonly path: string;
  readonly method: string;
  readonly spec: Json;
}

const verbs = new Set(["get", "post", "put", "patch", "delete"]);
const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const operationsOf = (document: Json): Operation[] =>
  Object.entries(document["paths"] as Record<string, Json>).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => verbs.has(method))
      .map(([method, spec]) => ({
        name: `${method.toUpperCase()} ${path}`,
        path,
        method,
        spec: spec as Json,
      })),
  );

const follow = (document: Json, node: unknown): Json => {
  const reference = isObject(node) ? node["$ref"] : undefined;
  if (typeof reference !== "string") return node as Json;
  const parts = reference.replace(/^#\//, "").split("/");
  return follow(
    document,
    parts.reduce<unknown>((at, part) => (at as Json)[part], document),
  );
};

interface Content {
  readonly at: string;
  readonly type: string;
  readonly media: Media;
}

const contentsOf = (at: string, holder: unknown): Content[] =>
  Object.entries(((holder ?? {}) as Json)["content"] ?? {}).map(([type, media]) => ({
    at: `${at} ${type}`,
    type,
    media: media as Media,
  }));

const responsesOf = ({ spec }: Operation): [status: string, response: Json][] =>
  Object.entries((spec["responses"] ?? {}) as Record<string, Json>);

const allContents = (operation: Operation): Content[] => [
  ...contentsOf(`${operation.name} body`, operation.spec["requestBody"]),
  ...responsesOf(operation).flatMap(([status, response]) =>
    contentsOf(`${operation.name} ${status}`, response),
  ),
];

const parametersOf = (document: Json, { spec }: Operation): Json[] =>
  ((spec["parameters"] ?? []) as unknown[]).map((parameter) => follow(document, parameter));

const described = (node: Json, word = "description"): boolean =>
  typeof node[word] === "string" && node[word].trim() !== "";

type Rule = (document: Json, operations: readonly Operation[]) => string[];

const wordsMissing: Rule = (_document, operations) =>
  operations.flatMap(({ name, spec }) =>
    ["summary", "description", "operationId"]
      .filter((word) => !described(spec, word))
      .map((word) => `${name} has no ${word}`),
  );

const summariesUnlikely: Rule = (_document, operations) =>
  operations
    .filter(({ spec }) => /\.$|^[a-z]|.{90}/.test(String(spec["summary"])))
    .map(({ name, spec }) => `${name}: "${String(spec["summary"])}" is no headline`);

const idsRepeated: Rule = (_document, operations) => {
  const seen = new Set<unknown>();
  return operations.flatMap(({ name, spec }) => {
    const id = spec["operationId"];
    const fault = seen.has(id) || !/^[a-z][A-Za-z]+$/.test(String(id));
    seen.add(id);
    return fault ? [`${name}: operationId ${String(id)} is taken or no name`] : [];
  });
};

const tagsAstray: Rule = (document, operations) => {
  const tags = (document["tags"] ?? []) as { name: string; description?: string }[];
  const used = new Set(operations.flatMap(({ spec }) => (spec["tags"] ?? []) as string[]));
  return [
    ...operations
      .filter(({ spec }) => (spec["tags"] as unknown[] | undefined)?.length !== 1)
      .map(({ name }) => `${name} has not one tag`),
    ...[...used]
      .filter((name) => !tags.some((tag) => tag.name === name))
      .map((it) => `tag ${it} is not declared`),
    ...tags.filter(({ name }) => !used.has(name)).map(({ name }) => `tag ${name} has no operation`),
    ...tags.filter((tag) => !described(tag)).map(({ name }) => `tag ${name} is not described`),
  ];
};

const examplesMissing: Rule = (_document, operations) =>
  operations
    .flatMap(allContents)
    .filter(({ media }) => !("example" in media) && Object.keys(media.examples ?? {}).length === 0)
    .map(({ at }) => `${at} has no example`);

const problemsUnlikely: Rule = (_document, operations) =>
  operations.flatMap((operation) =>
    responsesOf(operation)
      .filter(([status]) => Number(status) >= 400)
      .flatMap(([status, response]) => {
        const at = `${operation.name} ${status}`;
        const [content] = contentsOf(at, response);
        if (content?.type !== "application/problem+json") return [`${at} is no problem`];
        const examples = Object.entries(content.media.examples ?? {});
        const named = new Set(
          [...String(response["description"]).matchAll(/`([A-Z_]+)`/g)].map((found) => found[1]),
        );
        return [
          ...examples
            .filter(([code, { value }]) => {
              const problem = value as Json;
              return problem["code"] !== code || String(problem["status"]) !== status;
            })
            .map(([code]) => `${at} ${code} shows another code or status`),
          ...[...named]
            .filter((code) => !examples.some(([it]) => it === code))
            .map((code) => `${at} ${code} has no example`),
        ];
      }),
  );

const headersMissing: Rule = (document, operations) =>
  operations.flatMap((operation) => {
    const keyed = parametersOf(document, operation).some(({ name }) => name === "Idempotency-Key");
    return responsesOf(operation).flatMap(([status, response]) => {
      const required = [
        "X-Request-Id",
        ...(status === "401" ? ["WWW-Authenticate"] : []),
        ...(status === "429" || status === "503" ? ["Retry-After"] : []),
        ...(keyed && status.startsWith("2") ? ["Idempotent-Replayed"] : []),
      ];
      const there = (response["headers"] ?? {}) as Json;
      return required
        .filter((header) => !(header in there))
        .map((header) => `${operation.name} ${status} has no ${header}`);
    });
  });

const parametersAstray: Rule = (document, operations) =>
  operations.flatMap((operation) => {
    const parameters = parametersOf(document, operation);
    const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map((found) => found[1]);
    const declared = parameters.filter((it) => it["in"] === "path").map((it) => it["name"]);
    const differing = inPath
      .filter((name) => !declared.includes(name))
      .concat(declared.filter((name) => !inPath.includes(String(name))) as string[]);
    return [
      ...differing.map((name) => `${operation.name}: ${name} is in the path or declared, not both`),
      ...parameters
        .filter((it) => !described(it))
        .map((it) => `${operation.name}: ${String(it["name"])} is not described`),
      ...parameters
        .filter((it) => {
          const examples = (it["schema"] as Json)["examples"];
          return !("example" in it) && !(Array.isArray(examples) && examples.length > 0);
        })
        .map((it) => `${operation.name}: ${String(it["name"])} has no example`),
    ];
  });

const securityAstray: Rule = (_document, operations) =>
  operations.flatMap(({ name, spec }) => {
    const security = spec["security"];
    if (!Array.isArray(security)) return [`${name} does not say whether it needs a token`];
    const refuses = "401" in ((spec["responses"] ?? {}) as Json);
    // A credential in the body is refused with 401 too, without a token.
    const takesCredential = JSON.stringify(spec["responses"]).includes("CREDENTIAL_INVALID");
    return (security.length > 0 || takesCredential) === refuses
      ? []
      : [`${name}: its tokens and its 401 disagree`];
  });

const partsUnused: Rule = (document) => {
  const text = JSON.stringify(document);
  const components = (document["components"] ?? {}) as Record<string, Json>;
  return Object.entries(components).flatMap(([kind, parts]) =>
    Object.keys(parts)
      .filter((name) =>
        kind === "securitySchemes"
          ? !text.includes(`{"${name}":[]}`)
          : !text.includes(`"#/components/${kind}/${name}"`),
      )
      .map((name) => `components/${kind}/${name} is not used`),
  );
};

const isChoice = (schema: Json): boolean => "anyOf" in schema || "oneOf" in schema;

/** Lists members without a description; in a choice, one branch with a description is enough. */
const membersUndescribed: Rule = (document, operations) => {
  const faults = new Set<string>();
  const isDescribed = (schema: Json): boolean => {
    const target = follow(document, schema);
    if (described(schema) || described(target)) return true;
    return (
      isChoice(target) &&
      ((target["anyOf"] ?? target["oneOf"]) as Json[]).some((branch) => isDescribed(branch))
    );
  };
  const visit = (schema: unknown, at: string): void => {
    if (!isObject(schema) || "$ref" in schema) return;
    for (const [name, member] of Object.entries((schema["properties"] ?? {}) as Json)) {
      if (!isDescribed(member as Json)) faults.add(`${at}.${name} is not described`);
      visit(member, `${at}.${name}`);
    }
    visit(schema["items"], `${at}[]`);
    for (const branch of (schema["anyOf"] ?? []) as unknown[]) visit(branch, at);
  };
  const { schemas } = document["components"] as { schemas: Record<string, Json> };
  for (const [name, schema] of Object.entries(schemas)) visit(schema, name);
  for (const operation of operations)
    for (const { at, media } of allContents(operation)) visit(media.schema, at);
  return [...faults];
};

/** Lists examples that their schema refuses. */
const examplesWrong: Rule = (document, operations) => {
  const ajv = new Ajv2020.Ajv2020({ strict: false, allErrors: true, logger: false });
  addFormats.default(ajv);
  ajv.addFormat("plain-text", true);
  const faultsOf = (at: string, schema: Json, values: readonly unknown[]): string[] => {
    const check = ajv.compile({ ...schema, components: document["components"] });
    return values.flatMap((value) =>
      check(value) ? [] : [`${at}: its example is refused (${ajv.errorsText(check.errors)})`],
    );
  };
  const ofMedia = operations.flatMap(allContents).flatMap(({ at, media }) => {
    const named = Object.values(media.examples ?? {}).map(({ value }) => value);
    const values = "example" in media ? [media.example, ...named] : named;
    return media.schema === undefined
      ? [`${at} has no schema`]
      : faultsOf(at, media.schema, values);
  });
  const ofParameters = operations.flatMap((operation) =>
    parametersOf(document, operation).flatMap((it) => {
      const schema = it["schema"] as Json;
      const listed = (schema["examples"] ?? []) as unknown[];
      const values = "example" in it ? [it["example"], ...listed] : listed;
      return faultsOf(`${operation.name} ${String(it["name"])}`, schema, values);
    }),
  );
  return [...ofMedia, ...ofParameters];
};

const rules: Readonly<Record<string, Rule>> = {
  wordsMissing,
  summariesUnlikely,
  idsRepeated,
  tagsAstray,
  examplesMissing,
  problemsUnlikely,
  headersMissing,
  parametersAstray,
  securityAstray,
  partsUnused,
  membersUndescribed,
  examplesWrong,
};

export const ruleNames: readonly string[] = Object.keys(rules);

/** Lists the faults of the document by all style rules, or by the one named. */
export const styleFaults = (document: Json, name?: string): string[] =>
  Object.entries(rules)
    .filter(([rule]) => name === undefined || rule === name)
    .flatMap(([, rule]) => rule(document, operationsOf(document)));

/** Lists the faults of the document by the schema of OpenAPI 3.1. */
export const formFaults = async (document: Json): Promise<string[]> => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(document));
  if (!valid) return [typeof errors === "string" ? errors : JSON.stringify(errors)];
  return validator.version === "3.1" ? [] : [`it is OpenAPI ${validator.version}, not 3.1`];
};
