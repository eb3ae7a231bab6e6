import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The folder of the built pages, relative to the root of the repository. */
export const builtFolder = "web/dist";
/** A file in the built folder that holds the hash of its sources. */
export const stampName = ".built-from";

const sources = [
  "web/**/*",
  "sdk/**/*.ts",
  "src/{kernel,catalogue/domain}/*.ts",
  "scripts/web/*.ts",
  "scripts/build-web.ts",
];
const installed = "node_modules/.package-lock.json";

/** Returns a hash of all inputs of the build: the sources, and the installed packages. */
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

/** Whether the built pages are up to date. */
export const isBuilt = (root: string): boolean => {
  const stamp = join(root, builtFolder, stampName);
  return existsSync(stamp) && readFileSync(stamp, "utf8") === sourceHash(root);
};
