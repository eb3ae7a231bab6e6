import { createHash } from "node:crypto";
import { asSchema, propertiesOf, type Schema } from "./shapes.ts";

/** A named example value of the document. */
export interface Example {
  readonly summary: string;
  readonly description?: string;
  readonly value: unknown;
}

/** An instant in the form of the API: RFC 3339 in UTC with milliseconds. */
const someInstant = "2026-11-22T10:00:00.000Z";

/** Derives an id from a member's name, so that `concertId` is the same id in all examples. */
export const exampleId = (name: string): string => {
  const hex = createHash("sha256").update(name).digest("hex");
  return `0198c4f2-7c1e-7${hex.slice(0, 3)}-9${hex.slice(3, 6)}-${hex.slice(6, 18)}`;
};

const arrayOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const ofText = (schema: Schema, name: string): string => {
  const { format } = schema;
  if (format === "uuid") return exampleId(name);
  if (format === "date-time") return someInstant;
  return "text";
};

const ofType = (schema: Schema, name: string): unknown => {
  switch (schema["type"]) {
    case "object":
      return Object.fromEntries(
        propertiesOf(schema).map(([member, child]) => [member, exampleOf(child, member)]),
      );
    case "array":
      return [exampleOf(asSchema(schema["items"] ?? {}), name)];
    case "integer":
    case "number":
      return Number(schema["minimum"] ?? 0);
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return ofText(schema, name);
  }
};

/**
 * Returns a value of the schema: its first example, its constant, its first choice, or else a value
 * made of the examples of its parts. Ids are derived from `name`, the name of the member.
 */
export const exampleOf = (schema: Schema, name = ""): unknown => {
  const [example] = arrayOf(schema["examples"]);
  if (example !== undefined) return example;
  if ("const" in schema) return schema["const"];
  const [value] = arrayOf(schema["enum"]);
  if (value !== undefined) return value;
  const choices = arrayOf(schema["anyOf"]).map(asSchema);
  const choice = choices.find((one) => one["type"] !== "null") ?? choices[0];
  return choice === undefined ? ofType(schema, name) : exampleOf(choice, name);
};
