import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { toId, type ConcertId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import { memoryEpochs } from "#test/support/memory-epochs.ts";
import type { Epochs } from "../recovery/ports/epochs.ts";
import type { QueueBackend } from "./queue-backend.ts";
import { newUser, openTerms, wideTerms } from "../contracts/queue-store.contract.ts";
import { memoryQueue } from "./memory/memory-queue.ts";
import { watchedBackend } from "./watched-backend.ts";

const nowMs = (): number => 1_790_000_000_000;

/** The queue after its store was lost. */
const lostQueue = (epochs: Epochs): QueueBackend =>
  memoryQueue({ clock: { nowMs }, epochs, runId: "second" });

const scene = () => {
  const epochs = memoryEpochs();
  const backend = memoryQueue({ clock: { nowMs }, epochs, runId: "first" });
  const steps: ConcertId[] = [];
  const onStep = (concertId: ConcertId): void => void steps.push(concertId);
  const concertId = toId<"concert">(randomUUID());
  const attempt = {
    ...{ concertId, userId: newUser(), epoch: 1, seq: 1, date: "2026-12-24", seatNumbers: [1] },
    ...{ owner: randomUUID(), keyTag: "", lockMs: 5_000, leaseMs: 8_000 },
  };
  const watched = watchedBackend(backend, onStep);
  return { epochs, backend, onStep, steps, concertId, attempt, ...watched };
};

test("each step that may put a user into a queue, or an entry into its journal, is told once it is done", async () => {
  const { store, gate, steps, concertId, attempt } = scene();
  const { userId } = attempt;
  const place = { epoch: 1, seq: 1 };
  const reservationId = toId<"reservation">(randomUUID());
  const hold = { concertId, userId, ...place, reservationId, expiresAtMs: 1_790_000_060_000 };
  const watched: Record<string, () => Promise<unknown>> = {
    join: () => store.join(concertId, userId, openTerms),
    restore: () => store.restore(concertId, userId, place, null),
    rebuild: () => store.rebuild(concertId, [], true),
    "releaseLocks with a hold": () => gate.releaseLocks(attempt, hold),
    carry: () => gate.carry(hold),
    clear: () => gate.clear(hold),
    end: () => store.end(concertId, userId, place, "LEFT"),
  };
  for (const [name, step] of Object.entries(watched)) {
    steps.length = 0;
    await step();
    assert.deepEqual(steps, [concertId], name);
  }
  steps.length = 0;
  await store.getStatus(concertId, userId, place);
  await store.admit(concertId, wideTerms);
  await gate.releaseLocks(attempt, null);
  assert.deepEqual(steps, [], "a status, a pass, and locks released without a hold are not told");
});

test("locks that are released without a hold leave an empty queue empty, also a lost one", async () => {
  for (const isLost of [false, true]) {
    const { epochs, backend, attempt, concertId } = scene();
    await backend.store.join(concertId, attempt.userId, openTerms);
    const { gate, store } = isLost ? lostQueue(epochs) : backend;
    if (!isLost) await store.end(concertId, attempt.userId, attempt, "LEFT");
    await gate.releaseLocks(attempt, null);
    const { waiting, active, skipped } = (await store.getSnapshot(concertId)).counters;
    assert.deepEqual([waiting, active, skipped], [0, 0, 0]);
  }
});

test("locks that are released with a hold create its slot in a lost queue", async () => {
  const { epochs, backend, attempt, concertId } = scene();
  await backend.store.join(concertId, attempt.userId, openTerms);
  const { gate, store } = lostQueue(epochs);
  const reservationId = toId<"reservation">(randomUUID());
  await gate.releaseLocks(attempt, { reservationId, expiresAtMs: nowMs() + 60_000 });
  assert.equal((await store.getSnapshot(concertId)).counters.active, 1);
});

test("a step that fails is told, because it may have run", async () => {
  const { backend, onStep, steps, concertId } = scene();
  const join = () => Promise.reject(new Unavailable("the answer is lost"));
  const failing: QueueBackend = { ...backend, store: { ...backend.store, join } };
  const { store } = watchedBackend(failing, onStep);
  await assert.rejects(store.join(concertId, newUser(), openTerms), Unavailable);
  assert.deepEqual(steps, [concertId]);
});
