import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { libraryFolders, unpackPackages } from "../stores/packages.ts";
import type { Program } from "../stores/process.ts";

/** One line of a composed script, and the file and line it comes from. */
interface Queue {
  readonly text: string;
  readonly file: string;
  readonly number: number;
}

/** A finding of luacheck, at its place in our files. */
interface Finding {
  readonly place: string;
  readonly message: string;
  readonly isUnused: boolean;
  readonly isInPart: boolean;
}

/** Definitions and values that this script leaves unused; another script with the same part may use them. */
const unusedCodes = new Set(["W211", "W231", "W311"]);

const isPart = (file: string): boolean => dirname(file).endsWith("/parts");

/** luacheck on PATH, or Debian's unpacked without root; null when the machine can have neither. */
const findLuacheck = (root: string): Program | null => {
  if (spawnSync("luacheck", ["--version"], { stdio: "ignore" }).status === 0) {
    return { words: ["luacheck"] };
  }
  const folder = join(root, `.data/packages/lua-check-${process.arch}`);
  if (!unpackPackages(["lua-check"], folder)) return null;
  const libraries = libraryFolders(folder);
  const modules = join(folder, "usr/share/lua/5.1");
  const program = {
    words: [join(folder, "usr/bin/lua5.1"), join(folder, "usr/bin/luacheck")],
    environment: {
      LD_LIBRARY_PATH: libraries,
      LUA_PATH: `${modules}/?.lua;${modules}/?/init.lua`,
      LUA_CPATH: libraries
        .split(":")
        .map((path) => `${path}/lua/5.1/?.so`)
        .join(";"),
    },
  };
  // Where Debian's Lua was installed already, it was not unpacked.
  const [lua = "", script = ""] = program.words;
  const unpacked = spawnSync(lua, ["-v"], { stdio: "ignore", env: program.environment });
  return unpacked.status === 0 ? program : { ...program, words: ["lua5.1", script] };
};

const linesOf = (root: string, file: string): Queue[] =>
  readFileSync(join(root, file), "utf8")
    .replace(/\n$/, "")
    .split("\n")
    .flatMap((text, at) => {
      const part = /^-- @use (\S+)$/.exec(text)?.[1];
      if (part !== undefined) return linesOf(root, join(dirname(file), "parts", `${part}.lua`));
      return [{ text, file, number: at + 1 }];
    });

/** Findings of one composed script, from luacheck's `file:line:column: (code) message`. */
const findingsIn = (output: string, composed: string, lines: readonly Queue[]): Finding[] =>
  output.split("\n").flatMap((text) => {
    if (!text.startsWith(`${composed}:`)) return [];
    const rest = text.slice(composed.length);
    const [, at, column, code, message] =
      /^:(\d+):(\d+)(?:-\d+)?: \((\w+)\) (.*)$/.exec(rest) ?? [];
    const line = lines[Number(at) - 1];
    if (line === undefined) return [{ place: text, message: "", isUnused: false, isInPart: false }];
    const place = `${line.file}:${line.number}:${column}`;
    return [
      {
        place,
        message: `${message} (${code})`,
        isUnused: unusedCodes.has(code ?? ""),
        isInPart: isPart(line.file),
      },
    ];
  });

const judge = (
  perScript: readonly { lines: readonly Queue[]; findings: readonly Finding[] }[],
): string[] => {
  const faults = new Set<string>();
  const unused = new Map<string, number>();
  for (const { findings } of perScript) {
    for (const { place, message, isUnused, isInPart } of findings) {
      if (isUnused && isInPart)
        unused.set(`${place} ${message}`, (unused.get(`${place} ${message}`) ?? 0) + 1);
      else faults.add(`${place} ${message}`);
    }
  }
  // A script may leave a definition of its part unused, but at least one script uses it.
  for (const [fault, count] of unused) {
    const [file, number] = fault.split(":");
    const holders = perScript.filter(({ lines }) =>
      lines.some((line) => line.file === file && line.number === Number(number)),
    );
    if (count === holders.length) faults.add(`${fault}, in every script that has it`);
  }
  return [...faults].sort();
};

/**
 * Checks every Lua script of `root` the way Redis runs it, with its parts in place. Throws when there
 * is no luacheck or no script, so that the check can't pass by reading nothing.
 */
export const checkLua = (root: string): { faults: string[]; scripts: number } => {
  const scripts = globSync("src/**/*.lua", { cwd: root }).filter((file) => !isPart(file));
  if (scripts.length === 0) throw new Error("no Lua script was found");
  const program = findLuacheck(root);
  if (program === null) throw new Error("no luacheck: install the package lua-check or luacheck");
  const folder = mkdtempSync(join(tmpdir(), "frontrow-lua-"));
  try {
    const composed = scripts.map((file) => ({ file, lines: linesOf(root, file) }));
    for (const { file, lines } of composed) {
      mkdirSync(join(folder, dirname(file)), { recursive: true });
      writeFileSync(join(folder, file), `${lines.map((line) => line.text).join("\n")}\n`);
    }
    const flags = [
      "--config",
      join(root, ".luacheckrc"),
      "--formatter",
      "plain",
      "--codes",
      "--ranges",
    ];
    const words = [...program.words, ...flags, "--no-cache", ...scripts];
    const result = spawnSync(words[0] ?? "", words.slice(1), {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, ...program.environment },
    });
    if (result.status === null || result.status > 2) {
      throw new Error(`luacheck did not run: ${result.stderr}${result.stdout}`);
    }
    const perScript = composed.map(({ file, lines }) => ({
      lines,
      findings: findingsIn(result.stdout, file, lines),
    }));
    return { faults: judge(perScript), scripts: scripts.length };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
