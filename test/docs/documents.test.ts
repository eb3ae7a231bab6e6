import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { problems } from "../../src/platform/http/problems.ts";
import { contractCodes } from "#test/support/contract.ts";

// The tests compare each claim of a document about the code with the code, in both directions.

const root = join(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** Rows of all tables of a page, as their cells' text. */
const rowsOf = (page: string): string[][] =>
  page
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

test("docs/errors.md has every code of the server with its status, and no other", () => {
  const written = rowsOf(read("docs/errors.md"))
    .filter(([status, code]) => /^\d{3}$/.test(status ?? "") && /^`[A-Z_]+`$/.test(code ?? ""))
    .map(([status, code]) => `${status} ${code?.replaceAll("`", "")}`);
  const served = Object.entries(problems).map(([code, { status }]) => `${status} ${code}`);
  assert.deepEqual(written.sort(), served.sort());
});

test("the server's codes are the contract's, with the same status, and INTERNAL", () => {
  const promised = Object.entries(contractCodes).flatMap(([status, codes]) =>
    codes.map((code) => `${status} ${code}`),
  );
  const served = Object.entries(problems).map(([code, { status }]) => `${status} ${code}`);
  assert.deepEqual(served.sort(), [...promised, "500 INTERNAL"].sort());
});

test("docs/redis-keys.md has every key of the queue, and no other", async () => {
  const { queueKeyNames } = await import("../../src/queue/adapters/redis/keys.ts");
  const page = read("docs/redis-keys.md").split("## Seat locks")[0] ?? "";
  const written = rowsOf(page).flatMap(([name]) => /^`([a-z]+)`$/.exec(name ?? "")?.[1] ?? []);
  assert.deepEqual(written.sort(), [...queueKeyNames].sort());
});

test(".env.example has every variable that the server reads, and no other", () => {
  const written = [...read(".env.example").matchAll(/^([A-Z][A-Z_]+)=/gm)].map((it) => it[1]);
  const files = ["src/app/config.ts", ...globSync("src/app/config/*.ts", { cwd: root })];
  const config = files.map(read).join("\n");
  const asked = [...config.matchAll(/reader\s*\.(?:optional|required)\(\s*"([A-Z_]+)"/g)].map(
    (it) => it[1],
  );
  assert.ok(asked.length >= 8);
  assert.deepEqual(written.sort(), asked.sort());
});

test("every link between documents leads somewhere, and so does every path that they name", () => {
  const pages = [...globSync("*.md", { cwd: root }), ...globSync("docs/**/*.md", { cwd: root })];
  const broken = pages.flatMap((page) => {
    const text = read(page).replace(/```[\s\S]*?```/g, "");
    const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map((it) => it[1] ?? "");
    const local = links.filter((it) => !/^[a-z]+:/.test(it)).map((it) => join(dirname(page), it));
    const named = [
      ...text.matchAll(/`((?:src|test|scripts|tools|migrations|docs)\/[\w./-]+\.\w+)`/g),
    ].map((it) => it[1] ?? "");
    return [...local, ...named]
      .filter((it) => !existsSync(join(root, it)))
      .map((it) => `${page}: ${it}`);
  });
  assert.deepEqual(broken, []);
});
