import assert from "node:assert/strict";
import { test } from "node:test";
import { cpuUse, filesMax, parseStat } from "./processes.ts";

test("a program's name with spaces and brackets does not shift the fields", () => {
  const line =
    "4711 (odd) name (x) S 12 4711 4711 0 -1 4194560 1 2 3 4 150 50 30 20 20 0 1 0 9 1 1 1";
  assert.deepEqual(parseStat(line), { parent: 12, ownMs: 2_000, endedChildrenMs: 500 });
});

test("CPU time of a working process rises where the system tells it, of an unknown one it is zero", () => {
  const before = cpuUse({ name: "self", pid: process.pid });
  // By the process's own count, so that a busy machine only makes it take longer.
  const usedBefore = process.cpuUsage();
  while (process.cpuUsage(usedBefore).user < 60_000);
  const after = cpuUse({ name: "self", pid: process.pid });
  const used = after.mainThreadMs - before.mainThreadMs;
  assert.ok(process.platform === "linux" ? used >= 20 : used === 0);
  assert.deepEqual(cpuUse({ name: "nobody", pid: 2 ** 30 }), { totalMs: 0, mainThreadMs: 0 });
});

test("the limit of files is the hard one", () => {
  const line = "Max open files            1024                 524288               files";
  assert.equal(filesMax(`Limit  Soft  Hard\n${line}\n`), 524_288);
  assert.equal(filesMax(line.replace("524288", "unlimited")), Infinity);
  assert.equal(filesMax(""), Infinity);
});
