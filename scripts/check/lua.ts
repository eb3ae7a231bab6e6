import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import {
  codeOf,
  composeScripts,
  functionOf,
  readLua,
  type LuaSources,
  type ScriptLine,
} from "../../src/platform/redis/compose.ts";
import { libraryFolders, unpackPackages } from "../stores/packages.ts";
import type { Program } from "../stores/process.ts";

const ownRoot = join(import.meta.dirname, "../..");

/** luacheck on PATH, or Debian's unpacked without root; null when the machine can have neither. */
const findLuacheck = (): Program | null => {
  if (spawnSync("luacheck", ["--version"], { stdio: "ignore" }).status === 0) {
    return { words: ["luacheck"] };
  }
  const folder = join(ownRoot, `.data/packages/lua-check-${process.arch}`);
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

/** A part is one function, named after its file, that takes what it needs as arguments. */
const partFaults = (file: string, code: string): string[] => {
  const outer = code.split("\n").filter((line) => /^\S/.test(line));
  const name = functionOf(basename(file, ".lua"));
  const isOne = outer.length === 2 && outer[0]?.startsWith(`local function ${name}(`);
  const faults = isOne && outer[1] === "end" ? [] : [`${file} is not the one function ${name}`];
  if (code.split(/\bfunction\b/).length > 2) faults.push(`${file} has a function in its function`);
  const read = /\b(?:ARGV|KEYS)\b/.exec(code)?.[0];
  if (read !== undefined) faults.push(`${file} reads ${read}: a step passes it what it needs`);
  return faults;
};

/** Faults of files by themselves: the names and the number of keys are bound in one place only. */
const fileFaults = (file: string, text: string): string[] => {
  const code = codeOf(text);
  const numbered = /\bKEYS\[\d+\]|\bunpack\(KEYS\b/.exec(code)?.[0];
  return [
    ...(basename(dirname(file)) === "parts" ? partFaults(file, code) : []),
    ...(numbered === undefined ? [] : [`${file} has ${numbered}: the composer binds the keys`]),
  ];
};

/** A composed script: its file, relative to the root, and its lines. */
interface Composed {
  readonly file: string;
  readonly lines: readonly ScriptLine[];
}

const composedIn = (root: string, folder: string, bound: LuaSources["bound"]): Composed[] =>
  [...composeScripts({ ...readLua(join(root, folder)), bound })].map(([name, lines]) => ({
    file: join(folder, `${name}.lua`),
    lines,
  }));

/** The findings of luacheck, from its `file:line:column: (code) message`, at its place in our files. */
const findingsIn = (output: string, composed: readonly Composed[]): string[] =>
  output.split("\n").flatMap((text) => {
    const script = composed.find(({ file }) => text.startsWith(`${file}:`));
    if (script === undefined) return [];
    const [, at, column, message = ""] =
      /^:(\d+):(\d+)(?:-\d+)?: (.*)$/.exec(text.slice(script.file.length)) ?? [];
    const line = script.lines[Number(at) - 1];
    if (line === undefined) return [text];
    return [`${join(dirname(script.file), line.file)}.lua:${line.number}:${column} ${message}`];
  });

const luacheckFaults = (composed: readonly Composed[]): string[] => {
  const program = findLuacheck();
  if (program === null) throw new Error("no luacheck: install the package lua-check or luacheck");
  const folder = mkdtempSync(join(tmpdir(), "frontrow-lua-"));
  try {
    for (const { file, lines } of composed) {
      mkdirSync(join(folder, dirname(file)), { recursive: true });
      writeFileSync(join(folder, file), `${lines.map((line) => line.text).join("\n")}\n`);
    }
    const config = ["--config", join(ownRoot, ".luacheckrc")];
    const flags = [...config, "--formatter", "plain", "--codes", "--ranges", "--no-cache"];
    const words = [...program.words, ...flags, ...composed.map(({ file }) => file)];
    const result = spawnSync(words[0] ?? "", words.slice(1), {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, ...program.environment },
    });
    if (result.status === null || result.status > 2) {
      throw new Error(`luacheck did not run: ${result.stderr}${result.stdout}`);
    }
    return findingsIn(result.stdout, composed);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/**
 * Checks every Lua file of `root` by itself, and every script the way Redis runs it, composed with its parts.
 * Throws where composing fails, and when there is no luacheck or no script: a check must not pass by
 * reading nothing.
 */
export const checkLua = (
  root: string,
  bound: LuaSources["bound"],
): { faults: string[]; scripts: number } => {
  const files = globSync("src/**/*.lua", { cwd: root }).sort();
  const folders = new Set(files.map(dirname).filter((folder) => basename(folder) !== "parts"));
  const composed = [...folders].flatMap((folder) => composedIn(root, folder, bound));
  if (composed.length === 0) throw new Error("no Lua script was found");
  const faults = files.flatMap((file) => fileFaults(file, readFileSync(join(root, file), "utf8")));
  const found = new Set([...faults, ...luacheckFaults(composed)]);
  return { faults: [...found].sort(), scripts: composed.length };
};
