import assert from "node:assert/strict";
import { test } from "node:test";
import { Unavailable } from "#kernel/unavailable.ts";
import { silentLog } from "#platform/log.ts";
import { saleFeature, type SaleDeps, type SaleFeature } from "./index.ts";

for (const [title, error, level] of [
  ["an absent store", new Unavailable("away"), "debug"],
  ["a bug", new Error("bug"), "error"],
] as const) {
  test(`a failure of a background job from ${title} is logged as ${level} and runs again`, async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const levels: string[] = [];
    const say = (name: string) => () => void levels.push(name);
    const fail = () => Promise.reject(error);
    const sale = saleFeature({
      database: { query: fail, transaction: fail, usage: () => ({}), close: async () => {} },
      monotonicMs: () => 0,
      log: { ...silentLog, debug: say("debug"), error: say("error") },
    } as unknown as SaleDeps).connect({} as Parameters<SaleFeature["connect"]>[0]);
    const pause = () => new Promise((resolve) => setImmediate(resolve));
    sale.start();
    await pause();
    const jobs = ["due jobs", "seat changes", "purge", "cancel"];
    assert.deepEqual(levels, jobs.fill(level));
    t.mock.timers.tick(1_000);
    await pause();
    assert.deepEqual(levels, [...jobs, level, level], "two of them wait for longer");
    await sale.close();
  });
}
