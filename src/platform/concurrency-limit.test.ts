import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { limitConcurrency } from "./concurrency-limit.ts";

describe("a concurrency limit", () => {
  it("tasks run in order of arrival, at most the limit at a time, also after one has thrown", async () => {
    const enter = limitConcurrency(2);
    const log: string[] = [];
    const gates = [0, 1, 2, 3].map(() => Promise.withResolvers<void>());
    const tasks = gates.map(({ promise }, index) =>
      enter(async () => {
        log.push(`in ${index}`);
        await promise;
        log.push(`out ${index}`);
      }),
    );
    const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
    await turn();
    assert.deepEqual(log, ["in 0", "in 1"]);
    gates[1]?.reject(new Error("broken"));
    await assert.rejects(tasks[1] ?? assert.fail());
    await turn();
    assert.deepEqual(log, ["in 0", "in 1", "in 2"]);
    gates[0]?.resolve();
    gates[2]?.resolve();
    gates[3]?.resolve();
    await Promise.all([tasks[0], tasks[2], tasks[3]]);
    assert.equal(log.at(-1), "out 3");
  });
});
