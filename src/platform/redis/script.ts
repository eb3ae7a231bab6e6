import { createHash } from "node:crypto";

/** A Lua script, and the SHA-1 digest by which Redis caches it. */
export interface Script {
  readonly name: string;
  readonly source: string;
  readonly sha: string;
}

/** Returns the script of a source text. */
export const scriptOf = (name: string, source: string): Script => ({
  name,
  source,
  sha: createHash("sha1").update(source).digest("hex"),
});
