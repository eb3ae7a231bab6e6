import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { proseOf } from "./texts.ts";

// Two rules for sentences, held in every comment, string and page: no sentence speaks of a person
// without a name, and none takes a bare question word as its subject.

interface Rule {
  readonly advice: string;
  /** The word that breaks the rule. */
  find(sentence: string): string | undefined;
}

const person = /(?<![-\w])(?:he|his|him|himself|somebody|nobody)(?![-\w])/i;
const bareSubject = /^["“'(*_]*(who|what)\b/i;

const rules: readonly Rule[] = [
  { advice: "name the actor", find: (sentence) => person.exec(sentence)?.[0] },
  {
    advice: "give the sentence a subject",
    find: (sentence) => (sentence.endsWith("?") ? undefined : bareSubject.exec(sentence)?.[1]),
  },
];

const sentencesOf = (text: string): string[] => text.split(/(?<=[.!?]["”')*_]*)\s+/);

/** Every sentence of a file that breaks a rule, as `file:line: "word": advice: the sentence`. */
export const proseFaults = (file: string, text: string): string[] =>
  proseOf(file, text).flatMap(({ line, text: words }) =>
    sentencesOf(words).flatMap((sentence) =>
      rules.flatMap(({ advice, find }) => {
        const word = find(sentence);
        const place = `${file}:${line}`;
        return word === undefined ? [] : [`${place}: "${word}": ${advice}: ${sentence}`];
      }),
    ),
  );

const kinds = "{ts,tsx,mjs,lua,sql,md,css,html,svg,conf,yaml,example}";
const sources = [
  `{src,web,sdk,scripts,tools,bench,test,docs,deploy,migrations}/**/*.${kinds}`,
  "*.{md,yml,cjs}",
  "{Dockerfile,.env.example,.luacheckrc}",
];

/** Written before the rules. The server refuses to start when an applied migration changes. */
const appliedMigrations = ["migrations/000[1-5]*"];

/** Checks the prose of every file of `root`; says how many files it read. */
export const checkProse = (root: string): { faults: string[]; files: number } => {
  const files = globSync(sources, { cwd: root, exclude: ["web/dist/**", ...appliedMigrations] });
  const faults = files.flatMap((file) => proseFaults(file, readFileSync(join(root, file), "utf8")));
  return { faults, files: files.length };
};
