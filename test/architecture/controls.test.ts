import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  cpSync,
  globSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

// A gate that reads nothing also finds nothing. So the real tools, with the real settings, run over a
// copy of the tree in ./controls, where every file says which rules must report it.

const root = join(import.meta.dirname, "../..");
const copy = mkdtempSync(join(tmpdir(), "frontrow-controls-"));
after(() => rmSync(copy, { recursive: true, force: true }));

cpSync(join(import.meta.dirname, "controls"), copy, { recursive: true });
const settings = [
  ".dependency-cruiser.cjs",
  ".oxlintrc.json",
  "tsconfig.json",
  "tsconfig.core.json",
];
for (const name of [...settings, "package.json"]) cpSync(join(root, name), join(copy, name));
symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));

const statement = (at: number): string => `  total += ${at};\n`;
const longFunction = (lines: number): string =>
  `export const go = (): number => {\n  let total = 0;\n${Array.from({ length: lines - 4 }, (_, at) => statement(at)).join("")}  return total;\n};\n`;
const longFile = (lines: number): string =>
  Array.from({ length: lines }, (_, at) => `export const n${at} = ${at};\n`).join("");
// The bounds themselves: the last size that is fine, and the first that is not.
const sized: Readonly<Record<string, string>> = {
  "src/sale/adapters/longest-function.ts": longFunction(70),
  "src/sale/adapters/too-long-function.ts": `// lints: eslint(max-lines-per-function)\n${longFunction(71)}`,
  "src/sale/adapters/longest-file.ts": longFile(300),
  "src/sale/adapters/too-long-file.ts": `// lints: eslint(max-lines)\n${longFile(300)}`,
  "src/sale/adapters/longest.test.ts": longFile(500),
  "src/sale/adapters/too-long.test.ts": `// lints: eslint(max-lines)\n${longFile(500)}`,
};
for (const [file, text] of Object.entries(sized)) writeFileSync(join(copy, file), text);

const files = globSync("{src,scripts,tools,test,web}/**/*.ts", { cwd: copy });

/** The reports that each file declares for itself, as "file rule". */
const declared = (kind: "breaks" | "lints" | "types"): string[] =>
  files
    .flatMap((file) => {
      const line = new RegExp(`^// ${kind}: (.*)$`, "m").exec(
        readFileSync(join(copy, file), "utf8"),
      );
      return (line?.[1]?.split(", ") ?? []).map((rule) => `${file} ${rule}`);
    })
    .sort();

const rulesOf = (pairs: readonly string[]): Set<string> =>
  new Set(pairs.map((pair) => pair.split(" ")[1] ?? ""));

const run = (program: string, args: readonly string[], cwd: string): string =>
  spawnSync(process.execPath, [join(root, "node_modules", program), ...args], {
    cwd,
    encoding: "utf8",
    timeout: 100_000,
    env: { ...process.env, NO_COLOR: "1" },
    maxBuffer: 64 * 1_048_576,
  }).stdout;

interface Cruise {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly {
      readonly from: string;
      readonly rule: { readonly name: string };
    }[];
  };
  readonly modules: readonly { readonly source: string }[];
}

const cruise = (folder: string, folders: readonly string[]): Cruise => {
  const program = "dependency-cruiser/bin/dependency-cruiser.mjs";
  const args = [...folders, "--config", ".dependency-cruiser.cjs", "--output-type", "json"];
  return JSON.parse(run(program, args, folder)) as Cruise;
};

test("every rule about imports reports its planted faults, and nothing else", () => {
  const { summary } = cruise(copy, ["src", "scripts", "tools", "test", "web"]);
  const found = summary.violations.map(({ from, rule }) => `${from} ${rule.name}`);
  assert.deepEqual([...new Set(found)].sort(), declared("breaks"));
});

test("every rule about imports has a planted fault", () => {
  const require = createRequire(import.meta.url);
  const config = require(join(root, ".dependency-cruiser.cjs")) as {
    forbidden: { name: string }[];
  };
  const rules = config.forbidden.map(({ name }) => name).sort();
  assert.deepEqual([...rulesOf(declared("breaks"))].sort(), rules);
});

interface Lint {
  readonly diagnostics: readonly {
    readonly code: string;
    readonly filename: string;
    readonly message: string;
  }[];
}

const lint = (
  JSON.parse(
    run("oxlint/bin/oxlint", ["src", "scripts", "tools", "test", "-f", "json"], copy),
  ) as Lint
).diagnostics;

test("every lint rule reports its planted faults, and nothing else", () => {
  const found = lint.map(({ filename, code }) => `${filename} ${code}`);
  assert.deepEqual([...new Set(found)].sort(), declared("lints"));
});

test("every lint rule that we set has a planted fault", () => {
  const config = JSON.parse(readFileSync(join(root, ".oxlintrc.json"), "utf8")) as {
    rules: Record<string, unknown>;
    overrides: { rules: Record<string, unknown> }[];
  };
  const named = [config, ...config.overrides].flatMap(({ rules }) => Object.entries(rules));
  const active = named.filter(([, setting]) => setting !== "off").map(([name]) => name);
  const codes = active.map((name) =>
    name.includes("/") ? name.replace(/^(.*)\/(.*)$/, "$1($2)") : `eslint(${name})`,
  );
  const planted = rulesOf(declared("lints"));
  assert.deepEqual(
    codes.filter((code) => !planted.has(code)),
    [],
  );
});

test("the core may name no clock, chance, environment, network or output", () => {
  const said = lint.filter(({ filename }) => filename === "src/sale/domain/impure.ts");
  const messages = said.map(({ message }) => message).join("\n");
  const globals = ["process", "performance", "crypto", "setTimeout", "setInterval", "setImmediate"];
  for (const name of [...globals, "fetch", "console", "Date.now", "Math.random"]) {
    assert.match(messages, new RegExp(`\\b${name.replace(".", "\\.")}\\b`));
  }
  assert.equal(said.length, 10);
});

test("the core does not compile with anything of Node or the browser", () => {
  // By themselves: one that imports an adapter brings Node's types in for all (check.ts asks for that).
  const planted = [...new Set(declared("types").map((pair) => pair.split(" ")[0]))];
  const project = { extends: "./tsconfig.core.json", files: planted, include: [] };
  writeFileSync(join(copy, "tsconfig.planted.json"), JSON.stringify(project));
  const args = ["-p", "tsconfig.planted.json", "--pretty", "false"];
  const output = run("@typescript/native/bin/tsc", args, copy);
  const found = [...output.matchAll(/^(\S+?)\(\d+,\d+\): error (TS\d+)/gm)];
  const pairs = found.map(([, file, code]) => `${file} ${code}`);
  assert.deepEqual([...new Set(pairs)].sort(), declared("types"));
});

test("the real run reads the whole source", () => {
  const { summary, modules } = cruise(root, ["src"]);
  const sources = new Set(modules.map(({ source }) => source));
  const unread = globSync("src/**/*.ts", { cwd: root }).filter((file) => !sources.has(file));
  assert.deepEqual(unread, []);
  assert(summary.totalCruised > 150, `${summary.totalCruised} modules`);
});
