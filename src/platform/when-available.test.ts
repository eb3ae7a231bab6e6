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
  assert.equal(await whenAvailable(work, { attemptsMax: 3, pauseMs: 0 }), "done");
});

test("the last refusal is thrown", async () => {
  const work = failing(new Unavailable("busy"), new Unavailable("still busy"));
  await assert.rejects(whenAvailable(work, { attemptsMax: 2, pauseMs: 0 }), /still busy/);
});

test("another error is thrown at once", async () => {
  const work = failing(new TypeError("wrong"));
  await assert.rejects(whenAvailable(work, { attemptsMax: 9, pauseMs: 0 }), TypeError);
});
