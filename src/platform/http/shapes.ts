/** JSON Schema as plain values: what validators, serialisers and the document are made of. */
export type Schema = { readonly [keyword: string]: unknown };

const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Keywords whose members are named by the user, not by JSON Schema. */
const namedChildren = new Set(["properties", "patternProperties", "$defs"]);
const values = new Set(["const", "enum", "default", "examples", "example", "required"]);

/** The schema with every schema in it changed, from the inside out. Never changes its input. */
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

/** A body's schema whose objects, nested ones too, take no member that they do not name. */
export const closedShape = (schema: Schema): Schema => rewrite(schema, closed);

/** A query's schema: parameters that it does not name are ignored. */
export const openShape = (schema: Schema): Schema => without(schema, "additionalProperties");

/** Formats whose check is at least as strict as the pattern that documents them. */
const checkedFormats = new Set<unknown>(["uuid", "date"]);

/**
 * For the validator: schemas stand where they are used, so that one may be used twice, and no value is
 * checked by a pattern that its format has checked already.
 */
export const validatorShape = (schema: Schema): Schema =>
  rewrite(schema, (inner) => {
    const bare = withoutId(inner);
    return checkedFormats.has(bare["format"]) ? without(bare, "pattern") : bare;
  });

const isNull = (schema: unknown): boolean => isSchema(schema) && schema["type"] === "null";

/** `anyOf` costs the serialiser a validation for each choice; the common kinds have cheaper spellings. */
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
  // The serialiser would write a constant whatever the value is, and hide a bug by it.
  return typeof plain["const"] === "string" ? { type: "string" } : plain;
};

/** For the serialiser of answers: the same members, spelled so that writing them is fast. */
export const serialiserShape = (schema: Schema): Schema => rewrite(schema, cheap);

/** Whether a body of this schema may be `{}`. */
export const mayBeEmpty = (schema: Schema): boolean => {
  const required = schema["required"];
  return !Array.isArray(required) || required.length === 0;
};

/** Names of the parameters in a path such as `/concerts/{concertId}`. */
export const pathParameters = (path: string): string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? "");

type Lower = (value: unknown) => unknown;

/** What lowers the case of every id (`format: uuid`) in a value of the schema; null when it has none. */
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
      // Nearly every id comes in lower case: nothing is copied then.
      if (after !== before) next = Object.assign(next ?? { ...value }, { [name]: after });
    }
    return next ?? value;
  };
};
