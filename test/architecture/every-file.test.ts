import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

// A file that no test loads is not in the coverage report at all: loading them here makes each count.

const root = join(import.meta.dirname, "../..");

test("every file of the core loads by itself", async () => {
  const files = globSync("src/{kernel,**/{domain,ports,presenters,streams,use-cases}}/**/*.ts", {
    cwd: root,
    exclude: ["**/*.test.ts", "**/*.contract.ts"],
  });
  assert(files.length > 40, `${files.length} files`);
  for (const file of files) await import(pathToFileURL(join(root, file)).href);
});
