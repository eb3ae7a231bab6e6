import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { drawValueOf } from "../../tools/verify-draw/draw.ts";

// The commands and scripts of docs/fairness are run here.

const pages = ["fairness.md", "fairness.ko.md"].map((name) => ({
  name,
  text: readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8"),
}));

const blocksOf = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map(
    ([, code = ""]) => code,
  );

for (const { name, text } of pages)
  test(`${name}: the script for a browser tells whether the seed fits, and the own value`, () => {
    const seed = "00ff".repeat(16);
    const userId = randomUUID();
    const commitment = createHash("sha256").update(Buffer.from(seed, "hex")).digest("hex");
    const [code = ""] = blocksOf(text, "js");
    const filled = (withCommitment: string) =>
      code
        .replace("SEED", seed)
        .replace("COMMITMENT", withCommitment)
        .replace("USER-ID", userId.toUpperCase());
    const folder = mkdtempSync(join(tmpdir(), "fairness-"));
    const run = (script: string): string => {
      const file = join(folder, "pasted.mjs");
      writeFileSync(file, script);
      return execFileSync(process.execPath, [file], { encoding: "utf8" });
    };
    try {
      const said = run(filled(commitment)).trim().split("\n");
      assert.match(said[0] ?? "", /: true$/);
      assert.equal(said[1]?.split(": ")[1], String(drawValueOf(seed, userId)));
      assert.match(run(filled("0".repeat(64))), /: false$/m);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

test("both languages have the same sections, tables and commands", () => {
  const [english, korean] = pages.map(({ text }) => ({
    headings: [...text.matchAll(/^(#+) /gm)].map(([, marks]) => marks),
    rows: text.split("\n").filter((line) => line.startsWith("|")).length,
    code: blocksOf(text, "js").map((code) => code.replaceAll(/console\.log\("[^"]*"/g, "")),
    options: [...text.matchAll(/--(?:user|users|commitment)\b/g)].length,
  }));
  assert.deepEqual(korean, english);
});

test("the pages name every option of the command", () => {
  const script = readFileSync(new URL("../../tools/verify-draw.ts", import.meta.url), "utf8");
  const options = [...script.matchAll(/^ {6}(\w+): \{ type: "string" \}/gm)].map(([, it]) => it);
  assert.equal(options.length, 3);
  for (const { name, text } of pages)
    for (const option of options) assert.ok(text.includes(`--${option}`), `${name}: ${option}`);
});
