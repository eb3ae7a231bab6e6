import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { retiredWords, type RetiredWord } from "./retired-words.ts";

// The glossary of docs/architecture.md and the code use the same words: no name holds a word that the
// glossary has replaced, and every noun of the domain that several files share has a row.

const root = join(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** `queueToken`, `queue-token` and `QUEUE_TOKEN` are each "queue token". */
const wordsOf = (name: string): string =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .replaceAll(/[^A-Za-z]+/g, " ")
    .trim()
    .toLowerCase();

/** Names that a script declares: variables, functions, types, parameters, members. */
const declaredIn = (file: string, text: string): string[] => {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    const { name } = node as { name?: ts.Node };
    const isUse = ts.isPropertyAccessExpression(node) || ts.isMetaProperty(node);
    if (name !== undefined && !isUse && (ts.isIdentifier(name) || ts.isStringLiteral(name)))
      names.push(name.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, false));
  return names;
};

const luaNames = (text: string): string[] =>
  text.replaceAll(/--[^\n]*|"[^"\n]*"|'[^'\n]*'/g, " ").match(/[A-Za-z_]\w*/g) ?? [];

const withoutBlocks = (page: string): string => page.replaceAll(/```[\s\S]*?```/g, "");

/** Headings of a page, tables and columns of its diagrams, and names that open a row of its tables. */
const pageNames = (page: string): string[] => [
  ...[...withoutBlocks(page).matchAll(/^#+ (.*)$/gm)].map((it) => it[1] ?? ""),
  ...[...page.matchAll(/```mermaid\nerDiagram[\s\S]*?```/g)].flatMap(([it]) =>
    [...it.matchAll(/^ {2}(\w+) \{|^ {4}\w+ (\w+)/gm)].map((row) => row[1] ?? row[2] ?? ""),
  ),
  ...[...page.matchAll(/^\| `(\w+)` \|/gm)].map((it) => it[1] ?? ""),
];

const namesIn = (file: string, text: string): string[] => {
  const inside = /\.(?:ts|tsx|mjs)$/.test(file)
    ? declaredIn(file, text)
    : file.endsWith(".lua")
      ? luaNames(text)
      : file.endsWith(".css")
        ? [...text.matchAll(/\.([a-z][\w-]*)(?=[^{}]*\{)/g)].map((it) => it[1] ?? "")
        : file.endsWith(".md")
          ? pageNames(text)
          : [];
  return [...new Set([basename(file).replace(/\.\w+$/, ""), ...inside])];
};

const isMatch = ({ words, names }: RetiredWord, name: string): boolean =>
  names?.includes(name) === true ||
  (words ?? []).some((word) => ` ${wordsOf(name)} `.includes(` ${word} `));

/** Every name of a file that holds a retired word outside of its exceptions. */
const retiredIn = (file: string, text: string): string[] =>
  namesIn(file, text).flatMap((name) =>
    retiredWords
      .filter((entry) => isMatch(entry, name))
      .filter(({ except = [] }) => !except.some((it) => it.holds(file, name)))
      .map(({ instead }) => `${file}: ${name} (say ${instead})`),
  );

const files = globSync(
  ["{src,web,sdk,scripts,tools,bench,test,docs}/**/*.{ts,tsx,mjs,lua,css,md}", "*.md"],
  { cwd: root, exclude: ["web/dist/**", "test/architecture/controls/**"] },
);

test("no identifier, file name or heading holds a word that the glossary has replaced", () => {
  assert.ok(files.length > 700, `${files.length} files`);
  assert.deepEqual(
    files.flatMap((file) => retiredIn(file, read(file))),
    [],
  );
});

/** A file of each kind with one retired word, in a folder that has no exception for it. */
const planted: readonly (readonly [place: string, file: string, text: string])[] = [
  ["a variable of src", "src/sale/domain/a.ts", "const turnstile = 1;"],
  ["a part of a variable", "src/queue/index.ts", "const openTurnstiles = 1;"],
  ["a function of web", "web/fan/a.tsx", "function TurnstilePage() { return <p />; }"],
  ["a member of the SDK", "sdk/a.ts", "interface A { readonly turnstile: string }"],
  ["a parameter of a tool", "tools/a.ts", "const go = (turnstile: string) => turnstile.length;"],
  ["a type of a script", "scripts/a.mjs", "class Turnstile {}"],
  ["an import of the bench", "bench/a.ts", 'import { turnstile } from "./b.ts";'],
  ["a binding of a test", "test/e2e/a.ts", "const { a: turnstile } = b;"],
  ["a property with quotes", "src/app/a.ts", 'const a = { "turnstile-a": 1 };'],
  ["a file's name", "src/queue/adapters/turnstile-a.test.ts", ""],
  ["the name of a Lua part", "src/queue/adapters/redis/scripts/parts/turnstile.lua", ""],
  ["a local of Lua", "src/queue/adapters/redis/scripts/a.lua", "local turnstile = 1"],
  ["a function of Lua", "src/queue/adapters/redis/scripts/a.lua", "local function ask_turnstile()"],
  ["a style", "web/fan/a.css", ".shop > .turnstile-open { color: red; }"],
  ["a heading", "docs/a.md", "# A page\n\n## The turnstile\n"],
  ["a heading of the README", "README.md", "## Turnstiles"],
  ["a table of the schema", "docs/schema.md", "```mermaid\nerDiagram\n  turnstile {\n```"],
  [
    "a column",
    "docs/schema.md",
    "```mermaid\nerDiagram\n  a {\n    uuid turnstile_id PK\n  }\n```",
  ],
  ["a key of Redis", "docs/redis-keys.md", "| `turnstile` | hash | |"],
];

for (const [place, file, text] of planted)
  test(`a retired word is found in ${place}`, () => {
    const faults = retiredIn(file, text);
    assert.equal(faults.length, 1, faults.join("\n"));
    assert.match(faults[0] ?? "", /\(say queue gate\)$/);
  });

test("a retired word is not found in text, in a longer word or in a use of another's name", () => {
  const text = `
    // A turnstile in a comment.
    const turnstiled = "turnstile" + other.turnstile;
  `;
  assert.deepEqual(retiredIn("src/a.ts", text), []);
  assert.deepEqual(retiredIn("a.lua", "local a = 'turnstile' -- turnstile"), []);
  assert.deepEqual(retiredIn("docs/a.md", "A turnstile.\n\n```sh\n# turnstile\n```\n"), []);
});

test("every exception for a retired word is used, and gives its reason", () => {
  const names = files.flatMap((file) => namesIn(file, read(file)).map((name) => ({ file, name })));
  const idle = retiredWords.flatMap((entry) =>
    (entry.except ?? [])
      .filter(
        (it) =>
          it.reason === "" ||
          !names.some(({ file, name }) => isMatch(entry, name) && it.holds(file, name)),
      )
      .map((it) => `${entry.instead}: ${it.reason}`),
  );
  assert.deepEqual(idle, []);
});
/** The terms of the glossary: the words in bold that open its rows. */
const glossaryTerms = (page: string): string[] => {
  const section = page.split("\n## Glossary\n")[1]?.split("\n## ")[0] ?? "";
  return [...section.matchAll(/^\| (\*\*[^|]*\*\*) \|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/\*\*([^*]+)\*\*/g)].map(([, term = ""]) => term.toLowerCase()),
  );
};

const singular = (word: string): string =>
  word.length < 4 ? word : word.replace(/(?<=ss|x|ch|sh)es$|(?<![su])s$/, "").replace(/ie$/, "y");
const headNoun = (term: string): string => singular(term.split(" ").at(-1) ?? "");

/** Words that mean in a type's name the same as in any program, and the verbs of commands. */
const generalWords = new Set(
  (
    "attempt cache change clock command control count counter decision entry event fault " +
    "figure finder hash hex history hmac id identity input kind list mark monitor ms note number " +
    "observer of outcome page plan point promise provider published query random reading reason record recorded " +
    "report result setting slice stat state status store subject success sum switch term time view " +
    "violation word " +
    "cancel join leave paid pay refunded reserve"
  ).split(" "),
);

/** Head nouns of the types that kernel, domains and ports export, with the files of src that use them. */
const domainNouns = (
  sources: readonly { file: string; text: string }[],
): Map<string, Set<string>> => {
  const users = new Map<string, Set<string>>();
  const core = sources.filter(({ file }) =>
    /^src\/(?:kernel|[\w/]+\/(?:domain|ports))\//.test(file),
  );
  for (const { text } of core)
    for (const [, name = ""] of text.matchAll(/^export (?:interface|type|class) (\w+)/gm)) {
      const noun = headNoun(wordsOf(name));
      const isUsed = new RegExp(`\\b${name}\\b`);
      const own = users.get(noun) ?? new Set();
      for (const { file, text: other } of sources) if (isUsed.test(other)) own.add(file);
      users.set(noun, own);
    }
  return users;
};

const missingTerms = (
  page: string,
  sources: readonly { file: string; text: string }[],
): readonly string[] => {
  const known = new Set([...glossaryTerms(page).map(headNoun), ...generalWords]);
  return [...domainNouns(sources)]
    .filter(([noun, own]) => own.size > 2 && !known.has(noun))
    .map(([noun, own]) => `${noun}: ${own.size} files`);
};

test("the glossary has every noun of the domain that more than two files use", () => {
  const page = read("docs/architecture.md");
  const sources = files
    .filter((file) => /^src\/.*(?<!\.test|\.contract)\.ts$/.test(file))
    .map((file) => ({ file, text: read(file) }));
  assert.ok(glossaryTerms(page).length > 40 && sources.length > 200);
  assert.deepEqual(missingTerms(page, sources), []);
});

test("a noun without a row of the glossary is found once three files use it", () => {
  const page = "# A\n\n## Glossary\n\n| word | meaning |\n| --- | --- |\n| **seat map** | x |\n";
  const port = {
    file: "src/sale/ports/a.ts",
    text: "export interface OldTurnstiles {}\nexport type SeatMap = 1;",
  };
  const users = ["b", "c"].map((name) => ({
    file: `src/sale/${name}.ts`,
    text: "OldTurnstiles SeatMap",
  }));
  assert.deepEqual(missingTerms(page, [port, ...users]), ["turnstile: 3 files"]);
  assert.deepEqual(missingTerms(page, [port, ...users.slice(1)]), []);
});
