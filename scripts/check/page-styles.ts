import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { featureAt, lackingIn, type Use } from "./compatibility.ts";

// The properties, keywords, functions and selectors that the style sheets of the pages use.

/** The style sheet without comments and texts, with the lines where they were. */
const bare = (css: string): string =>
  css.replaceAll(/\/\*.*?\*\/|"[^"\n]*"/gs, (text) => text.replaceAll(/[^\n]/g, " "));

const declaration = /(?<=[{;]\s*)([-a-z]+)\s*:\s*([^;{}]+)(?=[;}])/g;
const word = /(?<![-\w.#])[a-z][-a-z]*(?![-\w])\(?/g;

const use = (feature: string, at: string, path: readonly string[]): Use[] => {
  const entry = featureAt(...path);
  return entry === null ? [] : [{ feature, at, lacking: lackingIn(entry) }];
};

/** A property and its keywords. A property without an entry has `lacking: null`: it is unknown or misspelt. */
const ofDeclaration = (property: string, value: string, at: string): Use[] => {
  if (property.startsWith("--") || property.startsWith("-webkit-")) return [];
  const entry = featureAt("css", "properties", property);
  const words = [...new Set(value.match(word))];
  return [
    { feature: property, at, lacking: entry === null ? null : lackingIn(entry) },
    ...words.flatMap((one) => {
      if (!one.endsWith("("))
        return use(`${property}: ${one}`, at, ["css", "properties", property, one]);
      const name = one.slice(0, -1);
      return [
        ...use(name, at, ["css", "types", name]),
        ...use(name, at, ["css", "types", "color", name]),
      ];
    }),
  ];
};

/** Lists each use of a feature of CSS in these files. */
export const styleUses = (files: readonly string[]): Use[] =>
  files.flatMap((file) => {
    const css = bare(readFileSync(file, "utf8"));
    const at = (index: number): string => `${file}:${css.slice(0, index).split("\n").length}`;
    const declared = [...css.matchAll(declaration)].flatMap(({ index, 1: name, 2: value }) =>
      ofDeclaration(String(name), String(value), at(index)),
    );
    const selected = [...css.matchAll(/[^{};]+(?={)/g)].flatMap(({ index, 0: selector }) =>
      [...selector.matchAll(/::?([-a-z]+)/g)].flatMap(({ 0: text, 1: name }) =>
        text.startsWith("::-") ? [] : use(text, at(index), ["css", "selectors", String(name)]),
      ),
    );
    return [...declared, ...selected];
  });

/** The style sheets of the pages. */
export const pageStyles = (root: string): string[] =>
  globSync("web/{fan,console,door,shared}/**/*.css", { cwd: root }).map((file) => join(root, file));
