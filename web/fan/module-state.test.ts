import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

// State at the top level of a module lives as long as the page, so it outlives the user and the turn that it
// belongs to. Such state belongs to an account or a turn (`partOf`) or to a component.

/** Modules whose state belongs to the page or to the browser, and to no user. */
const allowed: Readonly<Record<string, string>> = {
  "account.ts": "the account that is signed in, which a new one replaces as a whole",
  "lazy.tsx": "the files that are loaded",
  "live-region.tsx": "the text for screen readers; closing a place clears it",
  "part-of.ts": "the parts of each owner, which are forgotten with it",
  "purchase/choose-seats.tsx": "map or list: a choice of this browser",
  "queue/alarm.ts": "the sound output of the page",
  "queue/concert.tsx": "the public state of the concert that is open",
  "queue/opened-place.ts": "the place that is open, which a new one replaces as a whole",
  "queue/push.ts": "the lock of this tab",
  "route.ts": "the address",
  "texts/index.ts": "the texts of the selected language",
};

/** Names of variables at the top level that hold state. */
const stateIn = (source: string): string[] =>
  [
    ...source.matchAll(/^(?:export )?let (\w+)/gm),
    ...source.matchAll(
      /^(?:export )?const (\w+)[^=\n]*= (?:signal\b|new (?:Weak)?(?:Map|Set)\b)/gm,
    ),
  ].map(([, name]) => String(name));

test("no module of the fan's pages keeps state that may belong to a user", () => {
  const files = globSync("**/*.{ts,tsx}", { cwd: import.meta.dirname });
  const sources = files.filter((file) => !file.endsWith(".test.ts"));
  assert.ok(sources.length > 40, `${sources.length} files were read`);
  const found = sources.filter(
    (file) => stateIn(readFileSync(join(import.meta.dirname, file), "utf8")).length > 0,
  );
  assert.deepEqual(found.sort(), Object.keys(allowed).sort());
});

test("planted state at the top level of a module is found", () => {
  const planted = `import { signal } from "x";
export const paid = signal<Payment | null>(null);
let isOpen = false;
const known = new Map<string, string>();
const create = () => ({ mine: signal(1) });
`;
  assert.deepEqual(stateIn(planted), ["isOpen", "paid", "known"]);
});
