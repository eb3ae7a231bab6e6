import assert from "node:assert/strict";
import { test } from "node:test";
import { addressLimit } from "./address-limit.ts";

const limitOf = (addressesMax = 100, requestsPerSecond = 2) => {
  const clock = { ms: 0 };
  const limit = addressLimit({ requestsPerSecond, burst: 3, addressesMax, nowMs: () => clock.ms });
  return { clock, limit };
};

test("an address may send a burst, then requests at the steady rate", () => {
  const { clock, limit } = limitOf();
  assert.deepEqual(
    [1, 2, 3, 4].map(() => limit.take("a")),
    [0, 0, 0, 1],
  );
  clock.ms = 500;
  assert.deepEqual([limit.take("a"), limit.take("a")], [0, 1]);
});

test("a pause refills the bucket up to the burst, not beyond", () => {
  const { clock, limit } = limitOf();
  for (let n = 0; n < 3; n += 1) limit.take("a");
  clock.ms = 3_600_000;
  assert.deepEqual(
    [1, 2, 3, 4].map(() => limit.take("a")),
    [0, 0, 0, 1],
  );
});

test("requests of one address do not count for another", () => {
  const { limit } = limitOf();
  for (let n = 0; n < 4; n += 1) limit.take("a");
  assert.equal(limit.take("b"), 0);
});

test("the wait is a whole number of seconds", () => {
  const { limit } = limitOf(100, 0.1);
  for (let n = 0; n < 3; n += 1) limit.take("a");
  assert.equal(limit.take("a"), 10);
});

test("beyond addressesMax the limit forgets the address that it saw first", () => {
  const { limit } = limitOf(2);
  for (let n = 0; n < 4; n += 1) limit.take("a");
  limit.take("b");
  limit.take("c");
  assert.equal(limit.take("a"), 0);
});
