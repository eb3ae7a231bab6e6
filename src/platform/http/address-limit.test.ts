import assert from "node:assert/strict";
import { test } from "node:test";
import { addressLimit } from "./address-limit.ts";

const limitOf = (intervalMs = 500) => {
  const clock = { ms: 0 };
  const nowMs = () => clock.ms;
  const limit = addressLimit({ name: "sample", intervalMs, burst: 3, isShared: true, nowMs });
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
  const { limit } = limitOf(10_000);
  for (let n = 0; n < 3; n += 1) limit.take("a");
  assert.equal(limit.take("a"), 10);
});

test("a request that is refused counts for nothing, and neither does a question", () => {
  const { clock, limit } = limitOf();
  for (let n = 0; n < 50; n += 1) limit.take("a");
  assert.equal(limit.waitSeconds("a"), 1);
  clock.ms = 500;
  assert.deepEqual([limit.waitSeconds("a"), limit.waitSeconds("a"), limit.take("a")], [0, 0, 0]);
});

test("beyond 100,000 addresses the limit forgets the address that it saw first", () => {
  const { limit } = limitOf(3_600_000);
  for (let n = 0; n < 4; n += 1) limit.take("a");
  for (let n = 0; n < 100_000; n += 1) limit.take(`other ${n}`);
  assert.equal(limit.take("a"), 0);
});

test("each request is handed on once, in parts of the asked size", () => {
  const { limit } = limitOf();
  for (const address of ["a", "b", "a", "a", "a", "c"]) limit.take(address);
  assert.deepEqual(limit.takeCounts(2), [
    ["a", 3],
    ["b", 1],
  ]);
  assert.deepEqual(limit.takeCounts(2), [["c", 1]]);
  assert.deepEqual(limit.takeCounts(2), []);
});

test("the listener hears of each request that counts, and there are counts until they are taken", () => {
  const { limit } = limitOf();
  let heard = 0;
  limit.onCount(() => {
    heard += 1;
  });
  assert.equal(limit.hasCounts(), false);
  for (let n = 0; n < 5; n += 1) limit.take("a");
  assert.deepEqual([heard, limit.hasCounts()], [3, true], "the refused ones do not count");
  limit.takeCounts(10);
  assert.equal(limit.hasCounts(), false);
});

test("requests that other instances counted fill the backlog, and own ones since then too", () => {
  const { clock, limit } = limitOf();
  limit.take("a");
  limit.takeCounts(10);
  limit.take("a");
  limit.raise("a", 1_000);
  assert.equal(limit.take("a"), 1);
  clock.ms = 500;
  assert.equal(limit.take("a"), 0);
});

test("a smaller sum, as of a store that was emptied, forgives nothing", () => {
  const { limit } = limitOf();
  for (let n = 0; n < 3; n += 1) limit.take("a");
  limit.takeCounts(10);
  limit.raise("a", 0);
  assert.equal(limit.take("a"), 1);
});
