import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import ts from "typescript";

// Words that say nothing about a thing. As the last word of a name they stand for a better one.

const root = join(import.meta.dirname, "../..");
const banned = /(?:^|[a-z0-9_])(?:Manager|Helper|Util|Utils|Service|Impl|Base|Data|Info)$/;
// Not `service`: alone it is Docker Compose's own word.
const bannedAlone = /^(?:manager|helper|util|utils|impl|base|data|info)$/;
const bannedFirst = /^(?:Base|Abstract)[A-Z]/;

const isBanned = (name: string): boolean =>
  banned.test(name) || bannedAlone.test(name) || bannedFirst.test(name);

/** Names that a file gives: variables, parameters, functions, classes, types; not members of others. */
const namesGiven = (file: string, text: string): string[] => {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    const gives =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isClassDeclaration(node) ||
      ts.isInterfaceDeclaration(node) ||
      ts.isTypeAliasDeclaration(node);
    if (gives && node.name !== undefined && ts.isIdentifier(node.name)) names.push(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.ES2024, true));
  return names;
};

test("no name ends in a word that says nothing", () => {
  const files = globSync("{src,scripts,tools,test}/**/*.ts", {
    cwd: root,
    exclude: ["test/architecture/controls/**"],
  });
  assert(files.length > 150, `${files.length} files`);
  const faults = files.flatMap((file) =>
    namesGiven(file, readFileSync(join(root, file), "utf8"))
      .filter(isBanned)
      .map((name) => `${file}: ${name}`),
  );
  assert.deepEqual(faults, []);
});

test("the rule about names finds what it bans", () => {
  const text = `
    class SeatManager {}
    interface BaseSeat {}
    type SeatInfo = 1;
    function seatHelper(data) {}
    const { seatData } = x, seatService = 1, database = 2, dataDir = 3, information = 4;
  `;
  assert.deepEqual(namesGiven("a.ts", text).filter(isBanned), [
    "SeatManager",
    "BaseSeat",
    "SeatInfo",
    "seatHelper",
    "data",
    "seatData",
    "seatService",
  ]);
});

test("no file is named by such a word", () => {
  const files = globSync("{src,scripts,tools,test}/**/*.{ts,lua}", { cwd: root });
  const word =
    /(?:^|[-/])(?:managers?|helpers?|utils?|services?|impl|base|data|info|common)(?:\.|\/)/;
  assert.deepEqual(
    files.filter((file) => word.test(file)),
    [],
  );
});
