import assert from "node:assert/strict";
import { test } from "node:test";
import { createHash } from "node:crypto";
import { atOnce } from "#test/support/concurrency.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import { silentLog } from "../log.ts";
import { retryDelayMs } from "./keep-connected.ts";
import { openRedis, scriptOf } from "./store.ts";

test("the pause before the next attempt doubles with jitter, up to one second", () => {
  assert.deepEqual(
    [0, 1, 2, 3].map((attempt) => retryDelayMs(attempt, 1)),
    [20, 40, 80, 160],
  );
  assert.equal(retryDelayMs(2, 0), 40);
  for (const attempt of [6, 10, 1000]) {
    assert.equal(retryDelayMs(attempt, 1), 1000);
    assert.equal(retryDelayMs(attempt, 0), 500);
  }
});

test("a script has a name and the SHA-1 digest by which Redis caches it", () => {
  const sha = createHash("sha1").update("return 1").digest("hex");
  const expected = { name: "join-queue", source: "return 1", sha };
  assert.deepEqual(scriptOf("join-queue", "return 1"), expected);
});

test("without a server every call throws Unavailable at once, and closing ends the attempts", async () => {
  const store = openRedis({ url: "redis://127.0.0.1:1", log: silentLog });
  await atOnce(assert.rejects(store.command(["PING"]), Unavailable));
  await atOnce(assert.rejects(store.run(scriptOf("x", "return 1"), [], []), Unavailable));
  assert.deepEqual([store.ready(), store.generation(), store.runId()], [false, 0, ""]);
  await store.close();
});
