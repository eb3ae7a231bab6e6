import assert from "node:assert/strict";
import { test } from "node:test";
import { proseFaults } from "../../scripts/check/prose.ts";

// A violation in each place that the prose step of `npm run check` reads. The words are put in here,
// so that the step does not find them in this file.

const actor = "he";
const subject = "What";

/** A file of each kind with one violation, and the line on which it stands. */
const planted: readonly (readonly [place: string, file: string, text: string, line: number])[] = [
  ["a comment", "a.ts", `const a = 1; // the user, and ${actor} waits`, 1],
  ["a comment of two lines", "a.ts", `\n// The user waits.\n// ${subject} follows is a lock.`, 2],
  ["a docstring", "a.ts", `/**\n * One line.\n *\n * ${subject} it returns, in order.\n */`, 4],
  ["a tag of a docstring", "a.ts", `/**\n * One line.\n * @throws ${subject} it threw.\n */`, 3],
  ["a test's title", "a.test.ts", `test("a user pays what ${actor} owes", () => {});`, 1],
  ["a description", "a.ts", `const a = { description: "A seat. ${subject} is held." };`, 1],
  ["a template", "a.ts", `log(\`user \${id}: ${actor} left\`);`, 1],
  ["a text of a page", "a.tsx", `const a = (\n  <p>Now ${actor} waits</p>\n);`, 2],
  ["a comment after a regular expression", "a.ts", `a(/"/); // ${subject} a quote ends.`, 1],
  ["a Lua comment", "a.lua", `local a = 1\n-- ${subject} the pass does.`, 2],
  ["a SQL comment", "a.sql", `select 1; -- the buyer, and ${actor} pays`, 1],
  ["a CSS comment", "a.css", `/* ${subject} is pressed. */`, 1],
  ["a comment of settings", "a.yaml", `a: 1 # the operator, and ${actor} alone`, 1],
  ["a heading", "a.md", `# A page\n\n## ${subject} it does`, 3],
  ["a sentence of a page", "a.md", `# A page\n\nOne sentence\nhere. ${subject} else\nis there.`, 3],
  ["a list", "a.md", `Three things:\n\n- one;\n- ${subject.toLowerCase()} is left.`, 4],
  ["a cell of a table", "a.md", `| a | b |\n| --- | --- |\n| one | ${subject} it is |`, 3],
  ["a picture", "a.svg", `<svg><text>the fan, and ${actor} waits</text></svg>`, 1],
];

for (const [place, file, text, line] of planted)
  test(`the prose check finds a violation in ${place}`, () => {
    const faults = proseFaults(file, text);
    assert.equal(faults.length, 1, faults.join("\n"));
    assert.match(faults[0] ?? "", new RegExp(`^${file}:${line}: "(?:${actor}|${subject})":`, "i"));
  });

test("the prose check lets questions, quoted code and longer words be", () => {
  const text = `/** ${subject} happens to \`${actor}\`? This is the cache. A non-${actor} and whatever. */`;
  assert.deepEqual(proseFaults("a.ts", text), []);
});

test("the prose check reads every pronoun that it refuses", () => {
  for (const word of ["he", "His", "him", "himself", "somebody", "Nobody"])
    assert.equal(proseFaults("a.md", `A seat of ${word} is free.`).length, 1, word);
});
