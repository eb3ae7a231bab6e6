import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Unavailable } from "#kernel/unavailable.ts";
import { alice, concert, date, idOf, nowMs, placeOf } from "#test/support/batch.ts";
import type { OutboxEvent } from "../../domain/batch-state.ts";
import type { Attempt } from "../../ports/queue-gate.ts";
import { outboxDeduplicator } from "./outbox-deduplicator.ts";

const whose = { concertId: concert, userId: alice };
const reservationId = idOf<"reservation">(501);
const hold = { reservationId, expiresAtMs: nowMs };
const attempt: Attempt = {
  ...whose,
  ...placeOf(8),
  date,
  seatNumbers: [1],
  owner: idOf(1),
  keyTag: "",
  lockMs: 1,
  leaseMs: 1,
};
const carried: OutboxEvent = {
  topic: "hold-carried",
  ...whose,
  content: { ...hold, ...placeOf(8) },
};
const cleared: OutboxEvent = { topic: "hold-cleared", ...whose, content: { reservationId } };
const ended = (seq: number): OutboxEvent => ({
  topic: "place-ended",
  ...whose,
  content: { ...placeOf(seq), reason: "PAID" },
});

/** A queue that takes everything, or nothing. */
const queueThat = (takes: boolean) => {
  const hear = async (): Promise<void> => {
    if (!takes) throw new Unavailable("away");
  };
  return {
    queueGate: {
      enter: async () => ({ kind: "away" }) as const,
      glance: async () => ({ kind: "ended" }) as const,
      settle: async () => takes,
    },
    queueEvents: { holdCarried: hear, holdCleared: hear, placeEnded: hear },
  };
};

describe("the memory of what the queue was told", () => {
  it("knows what was settled and told, each once", async () => {
    const deduplicator = outboxDeduplicator();
    const { queueGate, queueEvents } = deduplicator.remembering(queueThat(true));
    assert.equal((await queueGate.enter(attempt)).kind, "away");
    assert.equal((await queueGate.glance(attempt)).kind, "ended");
    assert.equal(await queueGate.settle(attempt, hold), true);
    await queueEvents.holdCleared({ ...whose, reservationId });
    await queueEvents.placeEnded({ ...whose, ...placeOf(8), reason: "PAID" });
    for (const one of [carried, cleared, ended(8)]) {
      assert.equal(deduplicator.takeDelivered(one), true);
      assert.equal(deduplicator.takeDelivered(one), false);
    }
    assert.equal(deduplicator.takeDelivered(ended(9)), false);
    await queueEvents.holdCarried({ ...whose, ...hold, ...placeOf(8) });
    assert.equal(deduplicator.takeDelivered(carried), true);
  });

  it("knows nothing of what the queue did not take, or of an attempt without a hold", async () => {
    const deduplicator = outboxDeduplicator();
    const away = deduplicator.remembering(queueThat(false));
    assert.equal(await away.queueGate.settle(attempt, hold), false);
    await assert.rejects(
      away.queueEvents.holdCarried({ ...whose, ...hold, ...placeOf(8) }),
      Unavailable,
    );
    await assert.rejects(away.queueEvents.holdCleared({ ...whose, reservationId }), Unavailable);
    await assert.rejects(
      away.queueEvents.placeEnded({ ...whose, ...placeOf(8), reason: "PAID" }),
      Unavailable,
    );
    await deduplicator.remembering(queueThat(true)).queueGate.settle(attempt, null);
    for (const one of [carried, cleared, ended(8)])
      assert.equal(deduplicator.takeDelivered(one), false);
  });

  it("forgets the oldest beyond its size", async () => {
    const deduplicator = outboxDeduplicator(2);
    const { queueEvents } = deduplicator.remembering(queueThat(true));
    for (const seq of [1, 2, 3])
      await queueEvents.placeEnded({ ...whose, ...placeOf(seq), reason: "PAID" });
    assert.deepEqual(
      [1, 2, 3].map((seq) => deduplicator.takeDelivered(ended(seq))),
      [false, true, true],
    );
  });
});
