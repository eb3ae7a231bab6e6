/** A JSON Schema as plain values. Validators, serialisers and the document are made from it. */
export type Schema = { readonly [keyword: string]: unknown };

/** A schema of TypeBox as the JSON Schema that it is. */
export const asSchema = (schema: unknown): Schema => schema as Schema;

/** The properties of an object's schema by name; none without a schema. */
export const propertiesOf = (schema: unknown): [name: string, property: Schema][] =>
  Object.entries((asSchema(schema ?? {})["properties"] ?? {}) as Record<string, Schema>);

const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Keywords whose members are names of the API, not keywords of JSON Schema. */
const namedChildren = new Set(["properties", "patternProperties", "$defs"]);
const values = new Set(["const", "enum", "default", "examples", "example", "required"]);

/** Returns a copy of the schema with `change` applied to every schema in it, innermost first. */
const rewrite = (schema: Schema, change: (schema: Schema) => Schema): Schema => {
  const next: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (values.has(keyword)) next[keyword] = value;
    else if (Array.isArray(value)) {
      next[keyword] = value.map((item: unknown) => (isSchema(item) ? rewrite(item, change) : item));
    } else if (!isSchema(value)) next[keyword] = value;
    else if (namedChildren.has(keyword)) {
      next[keyword] = Object.fromEntries(
        Object.entries(value).map(([name, child]) => [
          name,
          isSchema(child) ? rewrite(child, change) : child,
        ]),
      );
    } else next[keyword] = rewrite(value, change);
  }
  return change(next);
};

const without = (schema: Schema, ...keywords: string[]): Schema =>
  Object.fromEntries(Object.entries(schema).filter(([keyword]) => !keywords.includes(keyword)));

const withoutId = (schema: Schema): Schema => ("$id" in schema ? without(schema, "$id") : schema);

const closed = (schema: Schema): Schema =>
  schema["type"] === "object" &&
  schema["additionalProperties"] === undefined &&
  schema["patternProperties"] === undefined
    ? { ...schema, additionalProperties: false }
    : schema;

/** Closes the schema of a body: no object in it, at any depth, takes a member that it does not name. */
export const closedShape = (schema: Schema): Schema => rewrite(schema, closed);

/** Opens the schema of a query: parameters that it does not name are ignored. */
export const openShape = (schema: Schema): Schema => without(schema, "additionalProperties");

/** Formats with a check that is at least as strict as the pattern that documents them. */
const checkedFormats = new Set<unknown>(["uuid", "date"]);

/**
 * Returns the schema for the validator. It has no `$id`, so that one schema may be used twice, and no
 * pattern where the check of a format covers it.
 */
export const validatorShape = (schema: Schema): Schema =>
  rewrite(schema, (inner) => {
    const bare = withoutId(inner);
    return checkedFormats.has(bare["format"]) ? without(bare, "pattern") : bare;
  });

const isNull = (schema: unknown): boolean => isSchema(schema) && schema["type"] === "null";

/** Rewrites `anyOf` and names into cheaper forms: the serialiser validates a value for each choice. */
const cheap = (schema: Schema): Schema => {
  const plain = without(schema, "$id", "format", "pattern", "description", "examples");
  const choices = plain["anyOf"];
  if (Array.isArray(choices)) {
    const rest: unknown[] = choices.filter((choice) => !isNull(choice));
    const [only] = rest;
    if (rest.length === 1 && rest.length < choices.length && isSchema(only)) {
      return { ...only, nullable: true };
    }
  }
  const names = plain["enum"];
  if (Array.isArray(names) && names.every((name) => typeof name === "string")) {
    return { type: "string" };
  }
  // The serialiser writes a constant whatever the value is, which would hide a bug.
  return typeof plain["const"] === "string" ? { type: "string" } : plain;
};

/** Returns the schema for the serialiser of answers: the same members in forms that are fast to write. */
export const serialiserShape = (schema: Schema): Schema => rewrite(schema, cheap);

/** Whether a body of this schema may be `{}`. */
export const mayBeEmpty = (schema: Schema): boolean => {
  const required = schema["required"];
  return !Array.isArray(required) || required.length === 0;
};

/** Lists the names of the parameters in a path such as `/concerts/{concertId}`. */
export const pathParameters = (path: string): string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? "");

type Lower = (value: unknown) => unknown;

/** Returns a function that lowers the case of every id (`format: uuid`) in a value, or null without ids. */
export const idLowerer = (schema: Schema): Lower | null => {
  if (schema["format"] === "uuid") {
    return (value) => (typeof value === "string" ? value.toLowerCase() : value);
  }
  if (isSchema(schema["items"])) {
    const lower = idLowerer(schema["items"]);
    return lower && ((value) => (Array.isArray(value) ? value.map(lower) : value));
  }
  if (!isSchema(schema["properties"])) return null;
  const members = Object.entries(schema["properties"]).flatMap(([name, child]) => {
    const lower = isSchema(child) ? idLowerer(child) : null;
    return lower === null ? [] : [{ name, lower }];
  });
  if (members.length === 0) return null;
  return (value) => {
    if (!isSchema(value)) return value;
    let next: Record<string, unknown> | undefined;
    for (const { name, lower } of members) {
      const before = value[name];
      const after = before === undefined ? before : lower(before);
      // Most ids arrive in lower case; then nothing is copied.
      if (after !== before) next = Object.assign(next ?? { ...value }, { [name]: after });
    }
    return next ?? value;
  };
};
