import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { checkLua } from "../../scripts/check/lua.ts";

// Planted faults prove that each rule of the Lua check reports, at the right place, and nothing else.

const root = mkdtempSync(join(tmpdir(), "frontrow-lua-controls-"));
after(() => rmSync(root, { recursive: true, force: true }));

const sound = {
  "step.lua": '-- @use end-place\nreturn redis.call("GET", seqKey) + endPlace(ARGV[1], KEYS)\n',
  "parts/end-place.lua": "local function endPlace(user, keys)\n  return user .. #keys\nend\n",
};
const bound = { seqKey: "KEYS[1]" };

let planted = 0;
/** The faults of a tree that has these files in place of sound ones, without the folder. */
const found = (files: Readonly<Record<string, string>>): string[] => {
  planted += 1;
  const tree = join(root, String(planted));
  for (const [file, text] of Object.entries({ ...sound, ...files })) {
    const path = join(tree, "src/scripts", file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return checkLua(tree, bound).faults.map((fault) => fault.replace("src/scripts/", ""));
};

test("sound scripts have no fault", () => {
  assert.deepEqual(found({}), []);
});

test("a part that is not one function named after its file is found", () => {
  const text = sound["parts/end-place.lua"];
  const fault = ["parts/end-place.lua is not the one function endPlace"];
  const reached = "local limit = 1\n";
  assert.deepEqual(
    found({ "parts/end-place.lua": reached + text.replace("#keys", "limit .. #keys") }),
    fault,
  );
  const second = "local function other(x)\n  return x\nend\n";
  assert.deepEqual(
    found({ "parts/end-place.lua": second + text.replace("#keys", "other(#keys)") }),
    ["parts/end-place.lua has a function in its function", ...fault],
  );
  const renamed = { "step.lua": sound["step.lua"].replace("endPlace(", "finishPlace(endPlace, ") };
  assert.ok(
    found({ ...renamed, "parts/end-place.lua": text.replace("endPlace", "finishPlace") }).includes(
      fault[0] ?? "",
    ),
  );
});

test("a part with a function in its function is found", () => {
  const text =
    "local function endPlace(user, keys)\n  local f = function() return user end\n  return f() .. #keys\nend\n";
  assert.deepEqual(found({ "parts/end-place.lua": text }), [
    "parts/end-place.lua has a function in its function",
  ]);
});

test("a part that reads the arguments or the keys of a step is found", () => {
  const text = sound["parts/end-place.lua"];
  for (const name of ["ARGV", "KEYS"]) {
    assert.deepEqual(found({ "parts/end-place.lua": text.replace("#keys", `#keys + #${name}`) }), [
      `parts/end-place.lua reads ${name}: a step passes it what it needs`,
    ]);
  }
});

test("a key by its number is found", () => {
  assert.deepEqual(
    found({
      "step.lua": sound["step.lua"].replace("#keys", "#KEYS").replace("seqKey", "seqKey, KEYS[15]"),
    }),
    ["step.lua has KEYS[15]: the composer binds the keys"],
  );
  assert.deepEqual(
    found({ "step.lua": sound["step.lua"].replace("KEYS)", "{ unpack(KEYS, 1, 15) })") }),
    ["step.lua has unpack(KEYS: the composer binds the keys"],
  );
});

test("a finding of luacheck is told at its place in the file, once", () => {
  const text = "\nlocal function endPlace(user, keys)\n  return usr .. user .. #keys\nend\n";
  const other = sound["step.lua"];
  const faults = found({ "parts/end-place.lua": text, "other.lua": other });
  assert.equal(faults.length, 1);
  assert.match(faults[0] ?? "", /^parts\/end-place\.lua:3:10 \(W113\) .*'usr'/);
});

test("a tree without a script is refused", () => {
  assert.throws(() => checkLua(join(root, "empty"), bound), /no Lua script/);
});
