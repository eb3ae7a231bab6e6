import assert from "node:assert/strict";
import { test } from "node:test";
import { codeOf, composeScripts, functionOf, type LuaSources } from "./compose.ts";

const part = (name: string, body: string, uses: readonly string[] = []): string =>
  `${uses.map((use) => `-- @use ${use}\n`).join("")}local function ${functionOf(name)}()\n  ${body}\nend\n`;

/** `step` uses two parts that both use a third one. */
const sound: LuaSources = {
  scripts: { step: "-- @use get-slot\n-- @use end-place\nreturn getSlot() + endPlace()\n" },
  parts: {
    "end-place": part("end-place", "return nowMs()", ["now-ms"]),
    "get-slot": part("get-slot", "return nowMs() + limit", ["now-ms"]),
    "now-ms": part("now-ms", 'return redis.call("GET", clockKey)'),
  },
  bound: { clockKey: "KEYS[1]", limit: "15" },
};

const composing = (change: Partial<LuaSources>) => () => composeScripts({ ...sound, ...change });

test("a part comes once, behind the parts that it uses, and the bound names come first", () => {
  const lines = composeScripts(sound).get("step") ?? [];
  const defined = lines.flatMap(({ text }) => /^local (?:function )?(\w+)/.exec(text)?.[1] ?? []);
  assert.deepEqual(defined, ["clockKey", "limit", "nowMs", "getSlot", "endPlace"]);
  assert.equal(lines.at(-1)?.text, "return getSlot() + endPlace()");
  assert.equal(lines[0]?.text, "local clockKey = KEYS[1]");
});

test("each line tells its file and its number there", () => {
  const lines = composeScripts(sound).get("step") ?? [];
  assert.deepEqual(lines.at(-1), {
    text: "return getSlot() + endPlace()",
    file: "step",
    number: 3,
  });
  const [first] = lines.filter(({ text }) => text.includes("GET"));
  assert.deepEqual([first?.file, first?.number], ["parts/now-ms", 2]);
});

test("a script has the bound names that it mentions, and no other", () => {
  const scripts = {
    ...sound.scripts,
    other: "-- @use now-ms\nreturn { limit = nowMs(), x = 'a' }\n",
  };
  const other = composeScripts({
    ...sound,
    scripts: { ...scripts, third: '-- @use now-ms\nreturn nowMs().limit -- limit, "limit"\n' },
  });
  const names = (name: string) =>
    (other.get(name) ?? []).flatMap(({ text }) => /^local (\w+) =/.exec(text)?.[1] ?? []);
  assert.deepEqual(names("step"), ["clockKey", "limit"]);
  assert.deepEqual(names("third"), ["clockKey"], "neither a field, nor a comment, nor a string");
});

test("a part that does not exist is refused", () => {
  assert.throws(composing({ scripts: { step: "-- @use nothing\nreturn nothing()\n" } }), {
    message: "step: there is no part nothing",
  });
});

test("a circle of parts is refused, and named", () => {
  const parts = { ...sound.parts, "now-ms": part("now-ms", "endPlace(clockKey)", ["end-place"]) };
  assert.throws(composing({ parts }), {
    message: "a circle: step → parts/get-slot → parts/now-ms → parts/end-place → parts/now-ms",
  });
});

test("a part that a file names and does not call is refused", () => {
  const step = "-- @use get-slot\n-- @use end-place\n-- endPlace\nreturn getSlot()\n";
  assert.throws(composing({ scripts: { step } }), {
    message: "step: uses end-place without a call of it",
  });
});

test("a part that a file calls and does not name is refused, though another part brings it", () => {
  const step = `${sound.scripts["step"] ?? ""}-- @use now-ms\n`;
  assert.doesNotThrow(composing({ scripts: { step: step.replace("return", "nowMs()\nreturn") } }));
  assert.throws(composing({ scripts: { step: `nowMs()\n${sound.scripts["step"] ?? ""}` } }), {
    message: "step: calls nowMs without -- @use now-ms",
  });
});

test("a part or a bound name that no script uses is refused", () => {
  const parts = { ...sound.parts, "left-over": part("left-over", "return 1") };
  assert.throws(composing({ parts }), { message: "no script uses parts/left-over" });
  const bound = { ...sound.bound, oldKey: "KEYS[2]" };
  assert.throws(composing({ bound }), { message: "no script uses oldKey" });
});

test("code is what is left without comments and strings", () => {
  assert.equal(codeOf('call("a -- \\" b", c) -- "d" e\n-- f\ng'), 'call("", c) \n\ng');
});
