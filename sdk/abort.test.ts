import assert from "node:assert/strict";
import { test } from "node:test";
import { linkAbort } from "./abort.ts";

test("a linked signal aborts with each of the outer ones, also with one that is aborted already", () => {
  const [one, two] = [new AbortController(), new AbortController()];
  const link = linkAbort([one.signal, undefined, two.signal]);
  assert.equal(link.signal.aborted, false);
  two.abort();
  assert.equal(link.signal.aborted, true);
  assert.equal(one.signal.aborted, false);
  assert.equal(linkAbort([two.signal]).signal.aborted, true);
});

test("a linked signal aborts after its limit, and by its own function without the outer ones", async () => {
  const outer = new AbortController();
  const link = linkAbort([outer.signal], 1);
  await new Promise((resolve) => link.signal.addEventListener("abort", resolve));
  const other = linkAbort([outer.signal], 60_000);
  other.abort();
  assert.deepEqual([other.signal.aborted, outer.signal.aborted], [true, false]);
});

test("an aborted link leaves no listener at the outer signals", () => {
  let listeners = 0;
  const outer = new AbortController();
  const add = outer.signal.addEventListener.bind(outer.signal);
  const remove = outer.signal.removeEventListener.bind(outer.signal);
  outer.signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners += 1;
    add(...args);
  };
  outer.signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners -= 1;
    remove(...args);
  };
  linkAbort([outer.signal]).abort();
  assert.equal(listeners, 0);
});
