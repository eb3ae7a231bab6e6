import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { queueKeyNames, queueKeys, seatLockKey } from "../../src/queue/adapters/redis/keys.ts";
import { toId } from "../../src/kernel/ids.ts";

// Claims of single pages: which test defends an invariant, what a setting's default is, how long a
// decision may be. Codes, keys, variables and links are compared in documents.test.ts.

const root = join(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");

const rowsOf = (page: string): string[][] =>
  page
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) => line.split("|").slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));

/** The tests that a row of the page names, as file and title. */
const defencesOf = (cell: string): { file: string; title: string }[] =>
  [...cell.matchAll(/`([^`]+)`: "([^"]+)"/g)].map(([, file = "", title = ""]) => ({ file, title }));

const missingDefences = (page: string): string[] =>
  rowsOf(page)
    .flatMap(([, , cell]) => defencesOf(cell ?? ""))
    .filter(({ file, title }) => !existsSync(join(root, file)) || !read(file).includes(title))
    .map(({ file, title }) => `${file}: ${title}`);

test("every test that docs/invariants.md names is there, under that title", () => {
  assert.deepEqual(missingDefences(read("docs/invariants.md")), []);
});

test("control: an invariant with an invented test is found", () => {
  const row = '| INV-99 | Pigs fly. | `LICENSE`: "pigs fly" and `no-such.test.ts`: "they do" |';
  assert.deepEqual(missingDefences(row), ["LICENSE: pigs fly", "no-such.test.ts: they do"]);
});

test("every invariant has a number of its own, and at least one test", () => {
  const rows = rowsOf(read("docs/invariants.md")).filter(([name]) => name?.startsWith("INV-"));
  const expected = rows.map((_, index) => `INV-${String(index + 1).padStart(2, "0")}`);
  assert.deepEqual(rows.map(([name]) => name).sort(), expected.sort());
  assert.ok(rows.length > 30);
  const bare = rows.filter(([, , cell]) => defencesOf(cell ?? "").length === 0);
  assert.deepEqual(bare, []);
});

/** Variables with their defaults; `–` in a table is nothing in the file. */
const settingsOf = (page: string): Map<string, string> =>
  new Map(
    rowsOf(page).flatMap(([name = "", value = ""]) => {
      const variable = /^`([A-Z][A-Z_]+)`$/.exec(name)?.[1];
      return variable === undefined
        ? []
        : [[variable, value === "–" ? "" : value.replaceAll("`", "")] as const];
    }),
  );

for (const page of ["docs/operating.md", "README.md", "README.ko.md"])
  test(`the settings in ${page} are those of .env.example, with the same defaults`, () => {
    const example = [...read(".env.example").matchAll(/^([A-Z][A-Z_]+)=(.*)$/gm)];
    const expected = example.map(([, name, value]) => `${name}=${value}`).sort();
    const written = [...settingsOf(read(page))].map(([name, value]) => `${name}=${value}`).sort();
    // The READMEs may leave some out; what they say must be so.
    if (page.startsWith("docs/")) assert.deepEqual(written, expected);
    else assert.ok(written.length >= 8 && written.every((setting) => expected.includes(setting)));
  });

test("docs/redis-keys.md spells the keys as the code does", () => {
  const page = read("docs/redis-keys.md");
  const concertId = toId<"concert">("0199aaaa-0000-7000-8000-000000000001");
  const spelt = (name: string) => `queue:{<concertId>}:${name}`.replace("<concertId>", concertId);
  assert.ok(page.includes("`queue:{<concertId>}:<name>`"));
  assert.deepEqual(
    queueKeys(concertId),
    queueKeyNames.map((name) => spelt(name)),
  );
  assert.ok(page.includes("`lock:<date>:<seatNumber>`"));
  assert.equal(seatLockKey(concertId, "2026-12-24", 7), spelt("lock:2026-12-24:7"));
});

test("a decision has at most 60 lines, a number of its own, and a row in the list", () => {
  const files = globSync("docs/adr/[0-9]*.md", { cwd: root }).sort();
  assert.ok(files.length >= 18);
  const list = read("docs/adr/README.md");
  for (const [index, file] of files.entries()) {
    const text = read(file);
    const number = String(index + 1).padStart(4, "0");
    assert.match(file, new RegExp(`/${number}-[a-z0-9-]+\\.md$`));
    assert.ok(text.trimEnd().split("\n").length <= 60, `${file} is too long`);
    assert.ok(text.startsWith(`# ${number}. `), file);
    const title = text.slice(8).split("\n")[0] ?? "";
    assert.ok(list.includes(`[${number}](${file.split("/").at(-1)}) | ${title} |`), title);
    for (const part of ["Accepted", "## Decision", "## Consequences", "**Revisit when**"])
      assert.ok(text.includes(part), `${file} lacks ${part}`);
  }
});

test("every picture that a page shows is there, and no other", () => {
  const pages = [...globSync("*.md", { cwd: root }), ...globSync("docs/**/*.md", { cwd: root })];
  const shown = pages.flatMap((page) => {
    const links = [...read(page).matchAll(/(?:!\[[^\]]*\]\(|src=")([^)"\s]+\.(?:png|svg))/g)];
    return links.map(([, path = ""]) => join(dirname(page), path));
  });
  assert.deepEqual(
    [...new Set(shown)].sort(),
    globSync("docs/**/*.{png,svg}", { cwd: root }).sort(),
  );
});

test("no page speaks of a file or of a machine that only its writer had", () => {
  const pages = [...globSync("*.md", { cwd: root }), ...globSync("docs/**/*.md", { cwd: root })];
  const strange = pages.filter((page) => /\/(?:work|root|tmp|home)\//.test(read(page)));
  assert.deepEqual(strange, []);
});
