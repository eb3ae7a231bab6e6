import assert from "node:assert/strict";
import { test } from "node:test";
import { Unavailable } from "#kernel/unavailable.ts";
import { whenAvailable } from "./when-available.ts";

/** Fails with each of the errors in turn, and then returns "done". */
const failing = (...errors: readonly Error[]) => {
  const left = [...errors];
  return async (): Promise<string> => {
    const error = left.shift();
    if (error !== undefined) throw error;
    return "done";
  };
};

test("work is tried again while a store is unavailable", async () => {
  const work = failing(new Unavailable("busy"), new Unavailable("busy"));
  assert.equal(await whenAvailable(work, 60_000), "done");
});

test("a refusal is thrown once the time is over", async () => {
  await assert.rejects(whenAvailable(failing(new Unavailable("busy")), 0), /busy/);
});

test("another error is thrown at once", async () => {
  const work = failing(new TypeError("wrong"));
  await assert.rejects(whenAvailable(work, 60_000), TypeError);
});
