import { createHash } from "node:crypto";

/**
 * Writes a value as JSON with the members of every object sorted by name (by UTF-16 unit), so that
 * equal values have one spelling. Arrays keep their order. For parsed JSON of at most 32 levels.
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
 * Returns the SHA-256 in hex of method, path and parsed body. Two requests with one Idempotency-Key
 * are the same request when their fingerprints are equal. The path has no query and lower-case ids.
 */
export const fingerprintOf = (method: string, path: string, body: unknown): string =>
  createHash("sha256")
    .update(`${method}\n${path}\n${canonicalJson(body)}`)
    .digest("hex");
