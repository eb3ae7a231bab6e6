import assert from "node:assert/strict";
import { test } from "node:test";
import { chart, hasChanged, totals, type QueueSample } from "./queue-sample.ts";

const sample = (seconds: number, changes: Partial<QueueSample> = {}): QueueSample => ({
  queueEpoch: 1,
  atMs: seconds * 1_000,
  lastIssued: 0,
  waiting: 0,
  active: 0,
  admitted: 0,
  left: 0,
  lapsed: 0,
  stock: null,
  ...changes,
});

test("a queue without samples has totals of 0", () => {
  assert.deepEqual(totals([]), { joined: 0, admitted: 0, left: 0, lapsed: 0 });
});

test("totals are the last sample's counters, however many samples there are", () => {
  const samples = [
    sample(1, { lastIssued: 5, admitted: 1 }),
    sample(9, { lastIssued: 50, admitted: 10, left: 3, lapsed: 2 }),
  ];
  assert.deepEqual(totals(samples), { joined: 50, admitted: 10, left: 3, lapsed: 2 });
});

test("a new epoch restarts the numbers, and a store that kept its counters continues them", () => {
  const samples = [
    sample(9, { lastIssued: 50, admitted: 10, left: 3 }),
    sample(20, { queueEpoch: 2, lastIssued: 60, admitted: 12, left: 3 }),
  ];
  assert.deepEqual(totals(samples), { joined: 110, admitted: 12, left: 3, lapsed: 0 });
});

test("a store that lost its counters restarts from 0, and the totals keep the earlier counts", () => {
  const samples = [
    sample(9, { lastIssued: 50, admitted: 10, left: 3, lapsed: 1 }),
    sample(20, { queueEpoch: 2, lastIssued: 4, admitted: 1 }),
    sample(30, { queueEpoch: 2, lastIssued: 9, admitted: 6, left: 1 }),
  ];
  assert.deepEqual(totals(samples), { joined: 59, admitted: 16, left: 4, lapsed: 1 });
});

const span = { fromMs: 100_000, untilMs: 140_000, stepMs: 10_000 };

test("each point of a chart has the queue at the end of its step and the flow within it", () => {
  const stock = { available: 50, held: 0, sold: 0 };
  const points = chart(
    [
      sample(95, { lastIssued: 10, waiting: 10, stock }),
      sample(101, { lastIssued: 30, waiting: 25, active: 5, admitted: 5, stock }),
      sample(109, { lastIssued: 40, waiting: 30, active: 9, admitted: 9, left: 1 }),
      sample(125, { lastIssued: 40, waiting: 20, active: 9, admitted: 19, left: 1, lapsed: 1 }),
    ],
    span,
  );
  const still = { joined: 0, admitted: 0, left: 0, lapsed: 0 };
  assert.deepEqual(points, [
    {
      atMs: 110_000,
      waiting: 30,
      active: 9,
      stock: null,
      joined: 30,
      admitted: 9,
      left: 1,
      lapsed: 0,
    },
    { atMs: 120_000, waiting: 30, active: 9, stock: null, ...still },
    { atMs: 130_000, waiting: 20, active: 9, stock: null, ...still, admitted: 10, lapsed: 1 },
    { atMs: 140_000, waiting: 20, active: 9, stock: null, ...still },
  ]);
});

test("a chart begins with the first sample, and a queue without samples has no points", () => {
  assert.deepEqual(chart([], span), []);
  const points = chart([sample(130, { lastIssued: 7, waiting: 7 })], span);
  assert.deepEqual(
    points.map(({ atMs, joined, waiting }) => [atMs, joined, waiting]),
    [[140_000, 7, 7]],
  );
});

test("a sample on the edge of two steps belongs to the later one", () => {
  const points = chart([sample(100, { lastIssued: 1 }), sample(110, { lastIssued: 3 })], span);
  assert.deepEqual(
    points.map(({ joined }) => joined),
    [1, 2, 0, 0],
  );
});

const before = sample(1, { stock: { available: 3, held: 2, sold: 1 } });
const moves: readonly [string, Partial<QueueSample>, boolean][] = [
  ["only the time differs", { atMs: 99 }, false],
  ["a new epoch", { queueEpoch: 2 }, true],
  ["a user joined", { lastIssued: 1 }, true],
  ["one more user waits", { waiting: 1 }, true],
  ["a user is ACTIVE", { active: 1 }, true],
  ["a user was admitted", { admitted: 1 }, true],
  ["a user left", { left: 1 }, true],
  ["a slot lapsed", { lapsed: 1 }, true],
  ["the stock became unknown", { stock: null }, true],
  ["a seat was held", { stock: { available: 2, held: 3, sold: 1 } }, true],
  ["a hold was paid", { stock: { available: 3, held: 1, sold: 2 } }, true],
];

for (const [title, changes, expected] of moves)
  test(`a sample counts as ${expected ? "changed" : "unchanged"}: ${title}`, () => {
    assert.equal(hasChanged(before, { ...before, ...changes }), expected);
  });
