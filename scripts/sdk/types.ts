/** A JSON Schema of the document. */
export type Schema = Readonly<Record<string, unknown>>;

const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const plainName = /^[A-Za-z_$][\w$]*$/;
const keyOf = (name: string): string => (plainName.test(name) ? name : JSON.stringify(name));

/** Writes a documentation comment on its own line, or nothing without a text. */
export const comment = (text: unknown, indent: string): string =>
  typeof text === "string" && text !== ""
    ? `${indent}/** ${text.replaceAll("*/", "* /").replaceAll(/\s+/g, " ")} */\n`
    : "";

const inParentheses = (type: string): string => (/[ |&]/.test(type) ? `(${type})` : type);

const objectType = (schema: Schema, indent: string): string => {
  const properties = isSchema(schema["properties"]) ? Object.entries(schema["properties"]) : [];
  if (properties.length === 0) {
    return schema["additionalProperties"] === false
      ? "Readonly<Record<string, never>>"
      : "Readonly<Record<string, unknown>>";
  }
  const required = new Set(
    Array.isArray(schema["required"]) ? (schema["required"] as string[]) : [],
  );
  const inner = `${indent}  `;
  const lines = properties.map(([name, property]) => {
    const mark = required.has(name) ? "" : "?";
    const note = isSchema(property) ? comment(property["description"], inner) : "";
    return `${note}${inner}readonly ${keyOf(name)}${mark}: ${typeOf(property, inner)};`;
  });
  return `{\n${lines.join("\n")}\n${indent}}`;
};

const arrayType = (schema: Schema, indent: string): string => {
  const item = inParentheses(typeOf(schema["items"], indent));
  const { minItems, maxItems } = schema;
  const isPair = minItems === 2 && maxItems === 2;
  return isPair ? `readonly [${item}, ${item}]` : `readonly ${item}[]`;
};

const scalars: Readonly<Record<string, string>> = {
  string: "string",
  integer: "number",
  number: "number",
  boolean: "boolean",
  null: "null",
};

/** Writes the TypeScript type of the values that a schema describes. */
export const typeOf = (schema: unknown, indent = ""): string => {
  if (!isSchema(schema)) return "unknown";
  const { $ref: ref, enum: names, const: constant, anyOf, type } = schema;
  if (typeof ref === "string") return ref.split("/").at(-1) ?? "unknown";
  if (Array.isArray(names)) return names.map((name) => JSON.stringify(name)).join(" | ");
  if (constant !== undefined) return JSON.stringify(constant);
  if (Array.isArray(anyOf)) {
    return [...new Set(anyOf.map((choice) => typeOf(choice, indent)))].join(" | ");
  }
  if (type === "array") return arrayType(schema, indent);
  if (type === "object") return objectType(schema, indent);
  return scalars[String(type)] ?? "unknown";
};

/** Writes the TypeScript type of an example value. */
export const typeOfExample = (value: unknown): string => {
  if (Array.isArray(value)) return `readonly ${typeOfExample(value[0])}[]`;
  if (value === null || typeof value === "object") return "unknown";
  return typeof value;
};
