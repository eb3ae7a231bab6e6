import { createHash } from "node:crypto";

/**
 * The value as JSON with the members of every object sorted by name (by UTF-16 unit) and arrays in
 * their order, so that equal values have one spelling. For parsed JSON, at most 32 deep.
 */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(",")}}`;
};

/**
 * SHA-256 in hex over method, path and parsed body: what makes two requests with one Idempotency-Key
 * the same request. The path is without query and with its ids in lower case.
 */
export const fingerprintOf = (method: string, path: string, body: unknown): string =>
  createHash("sha256")
    .update(`${method}\n${path}\n${canonicalJson(body)}`)
    .digest("hex");
