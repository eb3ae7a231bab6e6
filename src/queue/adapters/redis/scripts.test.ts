import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { queueKeys, queueKeyNames, seatLockKey } from "./keys.ts";
import { luaNames } from "./lua-names.ts";
import { argsOf, attachScript, queueScripts, type Binding } from "./scripts.ts";
import { newConcert } from "../../contracts/queue-store.contract.ts";

const folder = join(import.meta.dirname, "scripts");
const bindings: readonly Binding[] = [attachScript, ...Object.values(queueScripts)];
const textOf = (name: string): string => readFileSync(join(folder, `${name}.lua`), "utf8");

/** The arguments that a header lists: their numbers and names. */
const headerArgs = (text: string): string[] =>
  [...text.matchAll(/^-- ARGV\[(\d+)(\.\.)?\] (\S+) /gm)].map(
    ([, number, more = "", name]) => `${number} ${name}${more}`,
  );

test("every script file has a binding, and every binding a file", () => {
  const files = globSync("*.lua", { cwd: folder }).map((file) => basename(file, ".lua"));
  assert.deepEqual(files.sort(), bindings.map(({ script }) => script.name).sort());
});

for (const { script, args } of bindings) {
  const text = textOf(script.name);
  const isAttach = script.name === "attach";
  const shared = /^-- KEYS, ARGV\[1\] epoch, ARGV\[2\] nowMs: /m.test(text);

  test(`${script.name}: the header lists the arguments of its binding, in order`, () => {
    assert.equal(shared, !isAttach);
    assert.deepEqual(
      headerArgs(text),
      args.map((name, index) => `${(shared ? 3 : 1) + index} ${name}`),
    );
  });

  test(`${script.name}: the header tells the step, its replies, why it is atomic, and its cost`, () => {
    assert.ok(text.startsWith(`-- ${script.name}: `));
    const form = [...text.matchAll(/^-- (returns "|atomic because |cost O\()/gm)].map(
      ([, at]) => at,
    );
    const replies = form.slice(0, -2);
    assert.ok(replies.length > 0 && replies.every((at) => at === 'returns "'));
    assert.deepEqual(form.slice(-2), ["atomic because ", "cost O("]);
  });

  test(`${script.name}: refuses another epoch and reads the clock at most once`, () => {
    const clockReads = script.source.match(/call\("TIME"\)/g) ?? [];
    assert.equal(clockReads.length, isAttach ? 0 : 1);
    const opening = /(?:open|read)Queue\(ARGV\[1\], ARGV\[2\]\)[^{]+\{ "stale-epoch" \}/;
    assert.equal(opening.test(text), !isAttach);
    const code = text.split("\n").filter((line) => !line.startsWith("--"));
    if (!isAttach) assert.match(code.slice(0, 3).join("\n"), opening);
  });

  test(`${script.name}: takes its keys from outside, and every argument is in its header`, () => {
    assert.doesNotMatch(script.source, /"queue:|--/);
    const numbered = [...script.source.matchAll(/\bARGV\[(\d+)\]/g)].map(([, n]) => n);
    const known = [
      ...headerArgs(text).map((arg) => arg.split(" ")[0]),
      ...(shared ? ["1", "2"] : []),
    ];
    for (const n of numbered) assert.ok(known.includes(n), `[${n}]`);
  });

  test(`${script.name}: one step can be read at a sitting`, () => {
    assert.ok(text.split("\n").length <= 80);
  });
}

test("a script knows each key of a queue by its place in the list of them", () => {
  const places = queueKeyNames.map((name, at) => [`${name}Key`, `KEYS[${at + 1}]`]);
  const bound = Object.entries(luaNames).filter(([, value]) => value.startsWith("KEYS"));
  assert.deepEqual(bound, places);
  assert.equal(luaNames["queueKeyCount"], String(queueKeyNames.length));
});

test("docs/redis-keys.md names every field of meta that a script names, and no other", () => {
  const sources = bindings.map(({ script }) => script.source).join("\n");
  const calls = sources.match(/"H\w+", metaKey,[^;]*?\n(?! {4})/g) ?? [];
  const fields = calls.flatMap((call) => [...call.matchAll(/"([a-z]\w*)"/g)].map(([, at]) => at));
  const perUser = [...sources.matchAll(/return "(\w+:)" \.\. user/g)].map(([, field]) => field);
  const page = readFileSync(join(import.meta.dirname, "../../../../docs/redis-keys.md"), "utf8");
  const section = page.split("## Fields of `meta`")[1]?.split("\n## ")[0] ?? "";
  const written = [...section.matchAll(/`([a-z]\w*:?)(?:<userId>)?`/g)].map(([, field]) => field);
  assert.ok(fields.length > 20);
  assert.deepEqual([...new Set(written)].sort(), [...new Set([...fields, ...perUser])].sort());
});

test("all keys of a concert carry its id as hash tag", () => {
  const concertId = newConcert();
  const keys = [...queueKeys(concertId), seatLockKey(concertId, "2026-12-24", 7)];
  for (const key of keys) assert.ok(key.startsWith(`queue:{${concertId}}:`), key);
  assert.equal(keys.at(-1), `queue:{${concertId}}:lock:2026-12-24:7`);
  assert.equal(new Set(keys).size, keys.length);
});

test("arguments go by name, in the script's order; a missing one is a bug", () => {
  const values = { expiresAtMs: 9, user: "u", reservation: "r", place: 5 };
  assert.deepEqual(argsOf(queueScripts.carryHold, values), ["u", 5, "r", 9]);
  assert.deepEqual(argsOf(queueScripts.getStatus, { rest: ["u", 5] }), ["u", 5]);
  assert.throws(() => argsOf(queueScripts.clearHold, { user: "u" } as never), /lacks reservation/);
});
