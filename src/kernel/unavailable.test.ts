import assert from "node:assert/strict";
import { test } from "node:test";
import { ifUnavailable, Unavailable } from "./unavailable.ts";

test("the answer of a store that is there is returned", async () => {
  assert.equal(await ifUnavailable(Promise.resolve(7), () => null), 7);
});

test("while a store is unavailable, the other answer is returned, with the error at hand", async () => {
  const error = new Unavailable("away");
  assert.equal(await ifUnavailable(Promise.reject(error), ({ message }) => message), "away");
});

test("any other error is thrown", async () => {
  const error = new Error("broken");
  await assert.rejects(
    ifUnavailable(Promise.reject(error), () => null),
    error,
  );
});
