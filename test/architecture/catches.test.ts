import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import ts from "typescript";

// The core names the error that it expects. Any other error reaches the HTTP edge, which logs it.

const root = join(import.meta.dirname, "../..");

/** Catch clauses that do not test the error's class or do not rethrow it, and calls of `.catch`. */
const swallowing = (file: string, text: string): string[] => {
  const found: string[] = [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2024, true);
  const visit = (node: ts.Node): void => {
    const at = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    if (ts.isCatchClause(node)) {
      const block = node.block.getText();
      if (!/ instanceof \w+/.test(block) || !/\bthrow error;/.test(block))
        found.push(`${file}:${at}`);
    }
    if (ts.isPropertyAccessExpression(node) && node.name.text === "catch")
      found.push(`${file}:${at}`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};

test("a catch in the core names the error's class and rethrows any other error", () => {
  const files = globSync("src/{kernel,*/domain,*/ports,*/use-cases}/**/*.ts", {
    cwd: root,
    exclude: ["**/*.test.ts", "**/*.contract.ts"],
  });
  assert(files.length > 40, `${files.length} files`);
  assert.deepEqual(
    files.flatMap((file) => swallowing(file, readFileSync(join(root, file), "utf8"))),
    [],
  );
});

test("the check reports a catch that swallows an error", () => {
  const text = `
    try { a(); } catch (error) { if (error instanceof Unavailable) return null; throw error; }
    try { a(); } catch { return null; }
    try { a(); } catch (error) { if (error instanceof Unavailable) return null; }
    const b = a().catch(() => null);
  `;
  assert.deepEqual(swallowing("a.ts", text), ["a.ts:3", "a.ts:4", "a.ts:5"]);
});
