import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The texts of Lua files by name, without `.lua`. */
export type LuaFiles = Readonly<Record<string, string>>;

/** One line of a composed script, with its file (`join`, `parts/end-place`; empty: a bound name) and number. */
export interface ScriptLine {
  readonly text: string;
  readonly file: string;
  readonly number: number;
}

export interface LuaSources {
  readonly scripts: LuaFiles;
  /** Each defines one function, named as the file in camel case: `end-place` defines `endPlace`. */
  readonly parts: LuaFiles;
  /** Lua expressions by name: each becomes a local of the scripts that mention it. */
  readonly bound: Readonly<Record<string, string>>;
}

interface LuaFile {
  readonly file: string;
  readonly text: string;
  /** The parts of its `-- @use` lines. */
  readonly uses: readonly string[];
  /** Identifiers, without the fields of tables. */
  readonly words: ReadonlySet<string>;
}

/** `end-place` → `endPlace`. */
export const functionOf = (part: string): string =>
  part.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The text without comments and strings, which scripts write in one line each. */
export const codeOf = (text: string): string =>
  text.replaceAll(/"(?:[^"\\\n]|\\.)*"/g, '""').replaceAll(/--.*$/gm, "");

const readFileOf = (file: string, text: string): LuaFile => ({
  file,
  text,
  uses: [...text.matchAll(/^-- @use (\S+)$/gm)].map(([, part = ""]) => part),
  words: new Set(codeOf(text).match(/(?<![.\w])[A-Za-z_]\w*/g)),
});

const filesOf = (texts: LuaFiles, folder = ""): Map<string, LuaFile> =>
  new Map(Object.entries(texts).map(([name, text]) => [name, readFileOf(folder + name, text)]));

/** A file names exactly the parts whose functions it mentions. Throws. */
const checkUses = ({ file, uses, words }: LuaFile, parts: ReadonlyMap<string, LuaFile>): void => {
  for (const part of uses) {
    if (!parts.has(part)) throw new Error(`${file}: there is no part ${part}`);
    if (!words.has(functionOf(part))) throw new Error(`${file}: uses ${part} without a call of it`);
  }
  for (const part of parts.keys()) {
    const isOwn = file === `parts/${part}`;
    if (!isOwn && words.has(functionOf(part)) && !uses.includes(part)) {
      throw new Error(`${file}: calls ${functionOf(part)} without -- @use ${part}`);
    }
  }
};

/** The parts that a file needs, each once and after those that it needs itself. Throws on a circle. */
const partsOf = (script: LuaFile, parts: ReadonlyMap<string, LuaFile>): readonly LuaFile[] => {
  const inOrder = new Set<LuaFile>();
  const visit = (file: LuaFile, path: readonly LuaFile[]): void => {
    if (path.includes(file)) {
      throw new Error(`a circle: ${[...path, file].map((one) => one.file).join(" → ")}`);
    }
    for (const use of file.uses) {
      const part = parts.get(use);
      if (part !== undefined && !inOrder.has(part)) visit(part, [...path, file]);
    }
    inOrder.add(file);
  };
  visit(script, []);
  inOrder.delete(script);
  return [...inOrder];
};

const linesOf = ({ file, text }: LuaFile): ScriptLine[] =>
  text
    .replace(/\n$/, "")
    .split("\n")
    .map((line, at) => ({ text: line, file, number: at + 1 }));

/**
 * Composes each script from its own file and its parts. A file names the parts that it calls, one a line, as
 * `-- @use end-place`; a part may use parts. First in a composed script stand the bound names that it
 * mentions, then the parts, each once and behind those that it needs, then the script.
 *
 * Throws on a part that does not exist, a circle, a part that is named and not called, or called and not
 * named, and on a part or a bound name that no script uses.
 */
export const composeScripts = (sources: LuaSources): ReadonlyMap<string, readonly ScriptLine[]> => {
  const parts = filesOf(sources.parts, "parts/");
  const scripts = filesOf(sources.scripts);
  const unused = new Set(Object.keys(sources.bound));
  for (const part of parts.values()) unused.add(part.file);
  for (const file of [...parts.values(), ...scripts.values()]) checkUses(file, parts);
  const composed = [...scripts].map(([name, script]) => {
    const files = [...partsOf(script, parts), script];
    for (const { file } of files) unused.delete(file);
    const bound = Object.entries(sources.bound).filter(([word]) =>
      files.some(({ words }) => words.has(word)),
    );
    for (const [word] of bound) unused.delete(word);
    const head = bound.map(([word, value]) => `local ${word} = ${value}`);
    const headLines = head.map((text, at) => ({ text, file: "", number: at + 1 }));
    return [name, [...headLines, ...files.flatMap(linesOf)]] as const;
  });
  if (unused.size > 0) throw new Error(`no script uses ${[...unused].join(", ")}`);
  return new Map(composed);
};

const textsIn = (folder: string): LuaFiles =>
  Object.fromEntries(
    globSync("*.lua", { cwd: folder })
      .sort()
      .map((file) => [file.slice(0, -4), readFileSync(join(folder, file), "utf8")]),
  );

/** Reads the scripts of a folder, and the parts in its folder `parts`. */
export const readLua = (folder: string): Pick<LuaSources, "scripts" | "parts"> => ({
  scripts: textsIn(folder),
  parts: textsIn(join(folder, "parts")),
});
