import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { queueKeys, queueKeyNames, seatLockKey } from "./keys.ts";
import { argsOf, attachScript, queueScripts, type Binding } from "./scripts.ts";
import { newConcert } from "../../ports/queue-store.contract.ts";

const folder = join(import.meta.dirname, "scripts");
const bindings: readonly Binding[] = [attachScript, ...Object.values(queueScripts)];
const textOf = (name: string): string => readFileSync(join(folder, `${name}.lua`), "utf8");

/** The arguments that a header lists: their numbers and names. */
const headerArgs = (text: string): string[] =>
  [...text.matchAll(/^-- ARGV\[(\d+)(\.\.)?\] (\S+) /gm)].map(
    ([, number, more = "", name]) => `${number} ${name}${more}`,
  );

/** What every script of a queue takes first: epoch and clock, by parts/queue.lua. */
const sharedArgs = headerArgs(textOf("parts/queue"));

test("every script file has a binding, and every binding a file", () => {
  const files = globSync("*.lua", { cwd: folder }).map((file) => basename(file, ".lua"));
  assert.deepEqual(files.sort(), bindings.map(({ script }) => script.name).sort());
});

test("what scripts share comes first: epoch, then clock", () => {
  assert.deepEqual(sharedArgs, ["1 epoch", "2 nowMs"]);
});

for (const { script, args } of bindings) {
  const text = textOf(script.name);
  const usesQueue = /^-- @use queue$/m.test(text);
  const first = usesQueue ? sharedArgs.length + 1 : 1;

  test(`${script.name}: the header lists the arguments of its binding, in order`, () => {
    assert.deepEqual(
      headerArgs(text),
      args.map((name, index) => `${first + index} ${name}`),
    );
  });

  test(`${script.name}: the header promises replies and cost`, () => {
    assert.ok(text.startsWith(`-- ${script.name}: `));
    assert.match(text, /^-- returns "/m);
    assert.match(text, /^-- cost O\(/m);
  });

  test(`${script.name}: refuses another epoch and reads the clock at most once`, () => {
    assert.equal(usesQueue || script.name === "attach", true);
    const clockReads = script.source.match(/call\("TIME"\)/g) ?? [];
    assert.equal(clockReads.length, usesQueue ? 1 : 0);
  });

  test(`${script.name}: takes its keys from outside and has no part left out`, () => {
    assert.doesNotMatch(script.source, /"queue:|@use/);
    const numbered = [...script.source.matchAll(/\b(?:KEYS|ARGV)\[(\d+)\]/g)].map(([, n]) => n);
    const known = [...headerArgs(text), ...sharedArgs].map((arg) => arg.split(" ")[0]);
    for (const n of numbered) assert.ok(known.includes(n) || script.name === "attach", `[${n}]`);
  });

  test(`${script.name}: one step can be read at a sitting`, () => {
    assert.ok(text.split("\n").length <= 80);
  });
}

test("a script binds the keys of a queue in the order of their builder", () => {
  const names = [
    ...textOf("parts/queue").matchAll(/^local (.+) = unpack\(KEYS, (\d+), (\d+)\)$/gm),
  ];
  const bound = names.flatMap(([, list = ""]) => list.split(", "));
  assert.deepEqual(bound, ["epochMark", ...queueKeyNames.slice(1)]);
  assert.deepEqual(
    names.map(([, , from, to]) => `${from}-${to}`),
    ["1-7", "8-15"],
  );
});

test("attach, which comes before all else, names its keys by their numbers", () => {
  const names = ["epoch", "seq", "meta", "present"];
  const at = names.map((name) => `KEYS[${queueKeyNames.indexOf(name as "meta") + 1}]`);
  const [, list] = /^local epochMark, seq, meta, present = (.+)$/m.exec(textOf("attach")) ?? [];
  assert.equal(list, at.join(", "));
});

test("all keys of a concert carry its id as hash tag", () => {
  const concertId = newConcert();
  const keys = [...queueKeys(concertId), seatLockKey(concertId, "2026-12-24", 7)];
  for (const key of keys) assert.ok(key.startsWith(`queue:{${concertId}}:`), key);
  assert.equal(keys.at(-1), `queue:{${concertId}}:lock:2026-12-24:7`);
  assert.equal(new Set(keys).size, keys.length);
});

test("arguments go by name, in the script's order; a missing one is a bug", () => {
  const values = { reason: "LEFT", user: "u", place: 5 };
  assert.deepEqual(argsOf(queueScripts.endPlace, values), ["u", 5, "LEFT"]);
  assert.deepEqual(argsOf(queueScripts.look, { rest: ["u", 5] }), ["u", 5]);
  assert.throws(
    () => argsOf(queueScripts.endPlace, { user: "u", place: 5 } as never),
    /lacks reason/,
  );
});
