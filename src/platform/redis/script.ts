import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

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

/** Reads a `.lua` file. Throws when there is none. */
export const loadScript = (file: URL | string): Script => {
  const path = typeof file === "string" ? file : fileURLToPath(file);
  return scriptOf(basename(path, ".lua"), readFileSync(path, "utf8"));
};
