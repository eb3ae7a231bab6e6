import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { toId, type ConcertId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import { memoryEpochs } from "#test/support/memory-epochs.ts";
import { newUser, openTerms, wideTerms } from "../contracts/queue-store.contract.ts";
import { memoryQueue } from "./memory/memory-queue.ts";
import { watchedBackend } from "./watched-backend.ts";

const scene = () => {
  const backend = memoryQueue({
    clock: { nowMs: () => 1_790_000_000_000 },
    epochs: memoryEpochs(),
    runId: "first",
  });
  const steps: ConcertId[] = [];
  const onStep = (concertId: ConcertId): void => void steps.push(concertId);
  const concertId = toId<"concert">(randomUUID());
  return { backend, onStep, steps, concertId, ...watchedBackend(backend, onStep) };
};

test("each step that may put a user into a queue, or an entry into its journal, is told once it is done", async () => {
  const { store, gate, steps, concertId } = scene();
  const userId = newUser();
  const place = { epoch: 1, seq: 1 };
  const reservationId = toId<"reservation">(randomUUID());
  const hold = { concertId, userId, ...place, reservationId, expiresAtMs: 1_790_000_060_000 };
  const watched: Record<string, () => Promise<unknown>> = {
    join: () => store.join(concertId, userId, openTerms),
    restore: () => store.restore(concertId, userId, place, null),
    rebuild: () => store.rebuild(concertId, [], true),
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
  assert.deepEqual(steps, [], "a status and a pass are not told");
});

test("a step that fails is told, because it may have run", async () => {
  const { backend, onStep, steps, concertId } = scene();
  const join = () => Promise.reject(new Unavailable("the answer is lost"));
  const { store } = watchedBackend({ ...backend, store: { ...backend.store, join } }, onStep);
  await assert.rejects(store.join(concertId, newUser(), openTerms), Unavailable);
  assert.deepEqual(steps, [concertId]);
});
