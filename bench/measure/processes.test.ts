import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { cpuUse, filesMax, memoryOf, parseStat, residentBytes } from "./processes.ts";

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

test("memory that processes of a tree share counts once, and a single process has its resident memory", async () => {
  const program = "process.send('ready'); setInterval(() => undefined, 1_000)";
  const children = Array.from({ length: 3 }, () =>
    spawn(process.execPath, ["-e", program], { stdio: ["ignore", "ignore", "inherit", "ipc"] }),
  );
  try {
    await Promise.all(children.map((child) => once(child, "message")));
    const each = children.map((child) => residentBytes(child.pid ?? -1));
    const own = memoryOf({ name: "self", pid: process.pid });
    const tree = memoryOf({ name: "self", pid: process.pid, tree: true });
    if (process.platform !== "linux") return;
    assert.ok(own > 20_000_000 && Math.min(...each) > 20_000_000, `${own}, ${each.join(", ")}`);
    const sum = each.reduce((total, bytes) => total + bytes, own);
    // All of them have mapped the program of node, which is more than 20 MB.
    assert.ok(tree < sum - 3 * 20_000_000, `${tree} of ${sum}`);
    // The heap of a node process is its own.
    assert.ok(tree > 4 * 5_000_000, `${tree}`);
  } finally {
    for (const child of children) child.kill("SIGKILL");
  }
  assert.equal(memoryOf({ name: "nobody", pid: 2 ** 30 }), 0);
});

test("the limit of files is the hard one", () => {
  const line = "Max open files            1024                 524288               files";
  assert.equal(filesMax(`Limit  Soft  Hard\n${line}\n`), 524_288);
  assert.equal(filesMax(line.replace("524288", "unlimited")), Infinity);
  assert.equal(filesMax(""), Infinity);
});
