import { isUtf8 } from "node:buffer";

export type BodyReading =
  | { readonly kind: "none" }
  | { readonly kind: "object"; readonly value: Readonly<Record<string, unknown>> }
  | { readonly kind: "unsupported-type" }
  | { readonly kind: "malformed"; readonly message: string };

const depthMax = 32;
const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;

/** Counts the members that the text names (each has one colon outside strings) and its nesting depth. */
const surveyText = (text: string): { members: number; depth: number } => {
  let members = 0;
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === backslash) index += 1;
      else if (code === quote) inString = false;
    } else if (code === quote) inString = true;
    else if (code === colon) members += 1;
    else if (code === 0x7b || code === 0x5b) deepest = Math.max(deepest, (depth += 1));
    else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
  return { members, depth: deepest };
};

const countMembers = (value: unknown): number => {
  if (typeof value !== "object" || value === null) return 0;
  const children: unknown[] = Array.isArray(value) ? value : Object.values(value);
  const own = Array.isArray(value) ? 0 : children.length;
  return children.reduce((sum: number, child) => sum + countMembers(child), own);
};

const namesPrototype = (value: unknown): boolean => {
  if (typeof value !== "object" || value === null) return false;
  if (!Array.isArray(value) && Object.hasOwn(value, "__proto__")) return true;
  return Object.values(value).some(namesPrototype);
};

const malformed = (message: string): BodyReading => ({ kind: "malformed", message });

/** Whether the header names JSON in UTF-8: `application/json`, with no other charset. */
export const isJsonType = (header: string | undefined): boolean => {
  const [type = "", ...parameters] = (header ?? "").toLowerCase().split(";");
  if (type.trim() !== "application/json") return false;
  return parameters.every((parameter) => {
    const [name = "", value = ""] = parameter.split("=");
    return name.trim() !== "charset" || /^\s*"?utf-8"?\s*$/.test(value);
  });
};

const readText = (text: string): BodyReading => {
  const survey = surveyText(text);
  if (survey.depth > depthMax) return malformed("is nested too deeply");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return malformed("must be JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return malformed("must be an object");
  }
  if (countMembers(value) !== survey.members) return malformed("must not name a member twice");
  if (namesPrototype(value)) return malformed("must not name __proto__");
  return { kind: "object", value: value as Record<string, unknown> };
};

/**
 * Reads the body of a request: a JSON object in UTF-8. An empty body of any type is `none`.
 *
 * Refused as malformed, in this order: bytes that are not UTF-8, nesting over 32 levels, text that is
 * not JSON, a value that is not an object, repeated names, the name `__proto__`.
 */
export const readJsonBody = (
  bytes: Uint8Array,
  headers: { readonly type: string | undefined; readonly encoding: string | undefined },
): BodyReading => {
  if (bytes.byteLength === 0) return { kind: "none" };
  const encoding = headers.encoding?.trim().toLowerCase() ?? "identity";
  if (encoding !== "identity" || !isJsonType(headers.type)) return { kind: "unsupported-type" };
  if (!isUtf8(bytes)) return malformed("must be UTF-8");
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  return readText(text);
};
