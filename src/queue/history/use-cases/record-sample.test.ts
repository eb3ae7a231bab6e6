import assert from "node:assert/strict";
import { test } from "node:test";
import { toId, type ConcertId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { Stock } from "#kernel/stock.ts";
import type { QueueSample } from "../domain/queue-sample.ts";
import type { QueueCounters } from "../../admission/ports/queue-store.ts";
import { recordSample } from "./record-sample.ts";
import { noTurns } from "#test/support/queue-fixture.ts";

const concertId = toId<"concert">("0190a1b2-0000-7000-8000-00000000000a");
const other = toId<"concert">("0190a1b2-0000-7000-8000-00000000000b");
const startMs = 1_800_000_000_000;
const dayMs = 86_400_000;

const quiet: QueueCounters = {
  waiting: 3,
  skipped: 0,
  active: 2,
  holding: 1,
  admittedTotal: 2,
  admittedLastMinute: 2,
  firstAdmittedAtMs: startMs,
  nowServing: 2,
  lastIssued: 5,
  left: 1,
  lapsed: 4,
  recovering: false,
  waitingList: false,
  turns: noTurns,
};

const setting = () => {
  const scene = {
    nowMs: startMs + 250,
    counters: quiet,
    stock: {
      available: 5,
      held: 1,
      mayReturn: 1,
      sold: 2,
      total: 8,
      hasEnded: false,
    } as Stock | null,
    isUnreachable: false,
    reads: 0,
  };
  const written: [ConcertId, QueueSample][] = [];
  const forgotten: number[] = [];
  const record = recordSample({
    store: {
      getSnapshot: async () => {
        scene.reads += 1;
        return { atMs: scene.nowMs, epoch: 7, counters: scene.counters };
      },
    },
    sales: { stock: async () => scene.stock },
    samples: {
      write: async (id, sample) => {
        if (scene.isUnreachable) throw new Unavailable("the database is unreachable");
        written.push([id, sample]);
      },
      deleteBefore: async (atMs) => {
        forgotten.push(atMs);
        return "done";
      },
    },
    clock: { nowMs: () => scene.nowMs },
    monotonicMs: () => scene.nowMs - startMs,
  });
  return { scene, written, forgotten, record };
};

test("a sample contains the queue's counters in its second", async () => {
  const { written, record } = setting();
  await record(concertId);
  const sample: QueueSample = {
    queueEpoch: 7,
    atMs: startMs,
    lastIssued: 5,
    waiting: 3,
    active: 2,
    admitted: 2,
    left: 1,
    lapsed: 4,
    stock: { available: 5, held: 1, sold: 2 },
  };
  assert.deepEqual(written, [[concertId, sample]]);
});

test("an unknown stock is stored as unknown", async () => {
  const { scene, written, record } = setting();
  scene.stock = null;
  await record(concertId);
  assert.equal(written[0]?.[1].stock, null);
});

test("a queue is read at most once a second, however often the recorder is called", async () => {
  const { scene, record } = setting();
  await Promise.all([record(concertId), record(concertId)]);
  scene.nowMs += 999;
  await record(concertId);
  assert.equal(scene.reads, 1);
  await record(other);
  assert.equal(scene.reads, 2);
  scene.nowMs += 1;
  await record(concertId);
  assert.equal(scene.reads, 3);
});

test("an unchanged queue writes no sample", async () => {
  const { scene, written, record } = setting();
  for (let second = 0; second < 5; second += 1) {
    await record(concertId);
    scene.nowMs += 1_000;
  }
  assert.equal(written.length, 1);
  scene.counters = { ...quiet, lastIssued: 6 };
  await record(concertId);
  assert.deepEqual(
    written.map(([, { lastIssued }]) => lastIssued),
    [5, 6],
  );
});

test("a sample that could not be written is written at the next read", async () => {
  const { scene, written, record } = setting();
  scene.isUnreachable = true;
  await assert.rejects(record(concertId), Unavailable);
  scene.isUnreachable = false;
  scene.nowMs += 1_000;
  await record(concertId);
  assert.equal(written.length, 1);
});

test("samples older than 30 days are deleted, at most once a minute", async () => {
  const { scene, forgotten, record } = setting();
  await record(concertId);
  scene.nowMs += 59_999;
  scene.counters = { ...quiet, waiting: 9 };
  await record(concertId);
  assert.deepEqual(forgotten, [startMs + 250 - 30 * dayMs]);
  scene.nowMs += 1_000;
  scene.counters = { ...quiet, waiting: 10 };
  await record(concertId);
  assert.equal(forgotten.length, 2);
});

test("beyond the limit of remembered queues, the one that was read longest ago is read again", async () => {
  const { scene, record } = setting();
  const queues = Array.from({ length: 10_001 }, (_, n) =>
    toId<"concert">(`0190a1b2-0000-7000-8000-${n.toString(16).padStart(12, "0")}`),
  );
  for (const queue of queues) await record(queue);
  const [first, second] = queues;
  assert.ok(first && second);
  scene.reads = 0;
  await record(queues.at(-1) ?? first);
  assert.equal(scene.reads, 0);
  await record(first);
  assert.equal(scene.reads, 1);
});
