import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Where the built pages lie, from the repository's root. */
export const builtFolder = "web/dist";
/** In the built folder: what it was built from. */
export const stampName = ".built-from";

const sources = ["web/**/*", "sdk/**/*.ts", "scripts/web/*.ts", "scripts/build-web.ts"];
const installed = "node_modules/.package-lock.json";

/** Names everything that the built pages depend on: their sources, and the packages as installed. */
export const sourceHash = (root: string): string => {
  const files = globSync(sources, {
    cwd: root,
    withFileTypes: true,
    exclude: (entry) => entry.name === "dist" || entry.name.startsWith(".dist-"),
  })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".test.ts"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const hash = createHash("sha256");
  for (const file of [...files, join(root, installed)]) {
    if (!existsSync(file)) continue;
    hash
      .update(`${file.slice(root.length)}\0`)
      .update(readFileSync(file))
      .update("\0");
  }
  return hash.digest("hex");
};

/** Whether the pages as they are built are those of the sources as they are now. */
export const isBuilt = (root: string): boolean => {
  const stamp = join(root, builtFolder, stampName);
  return existsSync(stamp) && readFileSync(stamp, "utf8") === sourceHash(root);
};
