import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import ts from "typescript";

// The core names the error that it expects. Any other error reaches the HTTP edge, which logs it, or
// goes to a dependency that reports it.

const root = join(import.meta.dirname, "../..");

const coreFiles = (): string[] =>
  globSync("src/{kernel,**/{domain,ports,presenters,streams,use-cases}}/**/*.ts", {
    cwd: root,
    exclude: ["**/*.test.ts", "**/*.contract.ts"],
  });

/** Catch clauses that neither name the error's class and rethrow, nor report it; and calls of `.catch`. */
const swallowing = (file: string, text: string): string[] => {
  const found: string[] = [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2024, true);
  const visit = (node: ts.Node): void => {
    const at = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    if (ts.isCatchClause(node)) {
      const block = node.block.getText();
      const isRethrown = / instanceof \w+/.test(block) && /\bthrow error;/.test(block);
      const isReported = /\bdeps\.on\w+\([^)]*\berror\)/.test(block);
      if (!isRethrown && !isReported) found.push(`${file}:${at}`);
    }
    if (ts.isPropertyAccessExpression(node) && node.name.text === "catch")
      found.push(`${file}:${at}`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};

test("a catch in the core rethrows or reports every error that it does not name", () => {
  const files = coreFiles();
  assert(files.length > 40, `${files.length} files`);
  assert.deepEqual(
    files.flatMap((file) => swallowing(file, readFileSync(join(root, file), "utf8"))),
    [],
  );
});

test("the check reports a catch that swallows an error", () => {
  const text = `
    try { a(); } catch (error) { if (error instanceof Unavailable) return null; throw error; }
    try { a(); } catch (error) { deps.onFailed(1, error); return false; }
    try { a(); } catch { return null; }
    try { a(); } catch (error) { if (error instanceof Unavailable) return null; }
    const b = a().catch(() => null);
  `;
  assert.deepEqual(swallowing("a.ts", text), ["a.ts:4", "a.ts:5", "a.ts:6"]);
});

/** Files of the core that catch Unavailable, each with its source for going on without the store. */
const catchers: Readonly<Record<string, string>> = {
  "src/kernel/unavailable.ts": "the one that the caller of `ifUnavailable` names",
  "src/queue/admission/use-cases/find-place-status.ts":
    "the claims of the token, and the places in PostgreSQL",
  "src/queue/admission/use-cases/leave-queue.ts":
    "the outbox, which ends the place in the queue's store later",
  "src/queue/admission/use-cases/queue-gate.ts":
    "the outcome away: the token and PostgreSQL decide",
  "src/queue/history/use-cases/read-all-places.ts": "the places that the database has",
  "src/queue/history/use-cases/read-history.ts": "the parts of the history that can be read",
  "src/queue/push/streams/stream-places.ts":
    "a message to the client that the queue is unavailable",
};

const catchesUnavailable = (text: string): boolean =>
  /\binstanceof Unavailable\b|\bifUnavailable\(/.test(text);

test("Unavailable is caught in the core only by the listed files", () => {
  const found = coreFiles().filter((file) =>
    catchesUnavailable(readFileSync(join(root, file), "utf8")),
  );
  assert.deepEqual(found.sort(), Object.keys(catchers).sort());
});

test("a catch of Unavailable is found", () => {
  assert.ok(catchesUnavailable("if (!(error instanceof Unavailable)) throw error;"));
  assert.ok(catchesUnavailable("const found = await ifUnavailable(read(), () => null);"));
  assert.ok(!catchesUnavailable('throw new Unavailable("away");'));
});
