import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { browserFaults } from "../../scripts/check/browsers.ts";
import { platformUses } from "../../scripts/check/page-scripts.ts";
import { styleUses } from "../../scripts/check/page-styles.ts";
import { oldestBrowsers } from "../../scripts/web/browsers.ts";

// The check of used features finds planted ones that a supported browser lacks.

const folder = mkdtempSync(join(tmpdir(), "frontrow-browsers-"));
after(() => rmSync(folder, { recursive: true }));

const scriptFaults = (code: string): string[] => {
  const file = join(folder, "planted.ts");
  writeFileSync(file, code);
  return browserFaults(platformUses([file]), folder);
};

const styleFaults = (css: string): string[] => {
  const file = join(folder, "planted.css");
  writeFileSync(file, css);
  return browserFaults(styleUses([file]), folder);
};

// code | the feature that is reported; null: none
const scripts: [string, string | null][] = [
  ["AbortSignal.any([]);", "AbortSignal.any"],
  ["AbortSignal.timeout(1);", "AbortSignal.timeout"],
  ["Map.groupBy([1], (n) => n);", "Map.groupBy"],
  ["export const all = Promise.withResolvers<void>();", "Promise.withResolvers"],
  ["Array.fromAsync([1]);", "Array.fromAsync"],
  ["new Set([1]).union(new Set([2]));", "Set.union"],
  ["[1].toSorted(); [1].findLast(Boolean);", null],
  ["document.startViewTransition(() => undefined);", "Document.startViewTransition"],
  ["new WebTransport('');", "WebTransport"],
  ["[1].values().map((n) => n);", "IteratorObject.map"],
  ["const mine = { union: 1 }; export const n = mine.union;", null],
];
for (const [code, feature] of scripts)
  test(`planted in a script: ${code}`, () => {
    const faults = scriptFaults(code);
    if (feature === null) assert.deepEqual(faults, []);
    else assert.match(faults.join("\n"), new RegExp(`planted.ts:1: \\w*${feature} is too new for`));
  });

// style | the fault; null: none
const styles: [string, RegExp | null][] = [
  ["a { display: grid; }", null],
  ["a { field-sizing: content; }", /^planted\.css:1: field-sizing is too new/],
  ["a { position-area: top; }", /position-area is too new/],
  ["a {\n  colour: red; }", /^planted\.css:2: colour is unknown/],
  ["p:has(b) { margin: 0; }", null],
  ["p:open { margin: 0; }", /:open is too new/],
  ["a { color: light-dark(red, blue); }", /light-dark is too new/],
  ["/* field-sizing: content; */ a { margin: 0; }", null],
];
for (const [css, fault] of styles)
  test(`planted in a style sheet: ${css.replaceAll("\n", " ")}`, () => {
    const faults = styleFaults(css);
    if (fault === null) assert.deepEqual(faults, []);
    else assert.match(faults.join("\n"), fault);
  });

test("the list of supported browsers in the documents is the one that the build and the check use", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/browsers.md"), "utf8");
  const rows = [...page.matchAll(/^\| (?!browser|---).*? \| ([\d.]+) \| .*?`(.*?)` \|$/gm)];
  const listed = rows.flatMap(([, version, names]) =>
    String(names)
      .split(", ")
      .map((name): [string, number] => [name, Number(version)]),
  );
  assert.deepEqual(Object.fromEntries(listed), oldestBrowsers);
});
