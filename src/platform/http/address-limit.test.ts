import assert from "node:assert/strict";
import { test } from "node:test";
import { addressLimit } from "./address-limit.ts";

const limitOf = (addressesMax = 100, requestsPerSecond = 2) => {
  const clock = { ms: 0 };
  const limit = addressLimit({ requestsPerSecond, burst: 3, addressesMax, nowMs: () => clock.ms });
  return { clock, limit };
};

test("a burst passes, then the rate", () => {
  const { clock, limit } = limitOf();
  assert.deepEqual(
    [1, 2, 3, 4].map(() => limit.take("a")),
    [0, 0, 0, 1],
  );
  clock.ms = 500;
  assert.deepEqual([limit.take("a"), limit.take("a")], [0, 1]);
});

test("rest refills up to the burst and no further", () => {
  const { clock, limit } = limitOf();
  for (let n = 0; n < 3; n += 1) limit.take("a");
  clock.ms = 3_600_000;
  assert.deepEqual(
    [1, 2, 3, 4].map(() => limit.take("a")),
    [0, 0, 0, 1],
  );
});

test("addresses do not count for each other", () => {
  const { limit } = limitOf();
  for (let n = 0; n < 4; n += 1) limit.take("a");
  assert.equal(limit.take("b"), 0);
});

test("the wait is told in whole seconds", () => {
  const { limit } = limitOf(100, 0.1);
  for (let n = 0; n < 3; n += 1) limit.take("a");
  assert.equal(limit.take("a"), 10);
});

test("memory is bounded: the address seen first is forgotten", () => {
  const { limit } = limitOf(2);
  for (let n = 0; n < 4; n += 1) limit.take("a");
  limit.take("b");
  limit.take("c");
  assert.equal(limit.take("a"), 0);
});
