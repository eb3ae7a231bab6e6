import assert from "node:assert/strict";
import { test } from "node:test";
import { batch, effect, signal, untracked } from "./signals.ts";

test("an effect runs at once, and again after each change of what it read", () => {
  const n = signal(1);
  const seen: number[] = [];
  effect(() => seen.push(n.value));
  n.value = 2;
  n.value = 2;
  assert.deepEqual(seen, [1, 2]);
});

test("peeked and untracked reads do not subscribe", () => {
  const [a, b] = [signal(1), signal(1)];
  let runs = 0;
  effect(() => {
    a.peek();
    untracked(() => b.value);
    runs += 1;
  });
  a.value = 2;
  b.value = 2;
  assert.equal(runs, 1);
});

test("an effect is subscribed to what it read last", () => {
  const [which, a, b] = [signal(true), signal(1), signal(1)];
  const seen: number[] = [];
  effect(() => seen.push(which.value ? a.value : b.value * 10));
  which.value = false;
  a.value = 2;
  b.value = 3;
  assert.deepEqual(seen, [1, 10, 30]);
});

test("a batch notifies once after all its changes, and a nested one with the outermost", () => {
  const [a, b] = [signal(1), signal(1)];
  const seen: number[] = [];
  effect(() => seen.push(a.value + b.value));
  batch(() => {
    a.value = 2;
    batch(() => {
      b.value = 2;
    });
    assert.deepEqual(seen, [2]);
  });
  assert.deepEqual(seen, [2, 4]);
});

test("a stopped effect is not notified", () => {
  const n = signal(1);
  let runs = 0;
  const stop = effect(() => {
    runs += Number(n.value > 0);
  });
  stop();
  n.value = 2;
  assert.equal(runs, 1);
});

test("an effect may write what another one reads", () => {
  const [a, b] = [signal(1), signal(0)];
  const seen: number[] = [];
  effect(() => {
    b.value = a.value * 2;
  });
  effect(() => seen.push(b.value));
  a.value = 5;
  assert.deepEqual(seen, [2, 10]);
});

test("an effect that throws reports its error, and later changes are notified", () => {
  const n = signal(1);
  effect(() => {
    if (n.value === 2) throw new Error("two");
  });
  assert.throws(() => {
    n.value = 2;
  }, /two/);
  const seen: number[] = [];
  effect(() => seen.push(n.value));
  n.value = 3;
  assert.deepEqual(seen, [2, 3]);
});
