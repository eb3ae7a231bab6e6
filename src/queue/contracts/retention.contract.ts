import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PassTerms } from "../admission/domain/admission.ts";
import {
  crowd,
  inQueue,
  newConcert,
  newUser,
  openTerms,
  wideTerms,
  type QueueUnderTest,
} from "./queue-store.contract.ts";

/** Long beside a step of any store, short beside a test. */
const restMs = 600;
const open: PassTerms = { ...wideTerms, maxActive: 1, retentionMs: restMs };
const over: PassTerms = { ...open, admitsFromMs: null, final: "SOLD_OUT" };

/** One has bought, one is ACTIVE and one waits; the database has all that was noted. */
const scene = async (openQueue: () => Promise<QueueUnderTest>) => {
  const queue = await openQueue();
  const concertId = newConcert();
  const pass = async (terms: PassTerms): Promise<void> => {
    await queue.store.admit(concertId, terms);
    const page = await queue.store.readJournal(concertId, 100);
    if (page !== null) await queue.store.trimJournal(concertId, page);
  };
  const [buyer, shopper, fan] = await crowd(queue, concertId, 3);
  assert.ok(buyer && shopper && fan);
  await pass(open);
  await buyer.end(buyer.mark, "PAID");
  await pass(open);
  const remembered = async () =>
    (await queue.store.getSnapshot(concertId)).counters.admittedTotal > 0;
  return { queue, concertId, pass, remembered, shopper, fan };
};

const resting = (openQueue: () => Promise<QueueUnderTest>): void => {
  it("is forgotten after its time, and whoever asks then is unknown", async () => {
    const { queue, concertId, pass, remembered, shopper, fan } = await scene(openQueue);
    await shopper.end(shopper.mark);
    await pass(over);
    await pass(over);
    assert.equal(await remembered(), true);
    const { epoch } = await queue.store.getSnapshot(concertId);
    await queue.outlive(restMs);
    assert.equal(await remembered(), false);
    assert.equal((await fan.placeStatus(fan.mark)).kind, "unknown");
    assert.equal(
      (await queue.store.getSnapshot(concertId)).epoch,
      epoch + 1,
      "no place is given twice",
    );
  });

  it("is remembered while somebody is ACTIVE in it", async () => {
    const { queue, pass, remembered, shopper } = await scene(openQueue);
    await pass(over);
    await pass(over);
    await queue.outlive(restMs);
    assert.equal(await remembered(), true);
    assert.equal((await shopper.placeStatus(shopper.mark)).kind, "active");
  });

  it("is remembered until the database has all that was noted", async () => {
    const { queue, concertId, pass, remembered, shopper } = await scene(openQueue);
    await shopper.end(shopper.mark);
    await queue.store.admit(concertId, over);
    await queue.outlive(restMs);
    assert.equal(await remembered(), true);
    await pass(over);
    await pass(over);
    await queue.outlive(restMs);
    assert.equal(await remembered(), false);
  });

  it("is remembered for good once it goes on, with who comes then", async () => {
    const { queue, concertId, pass, remembered, shopper } = await scene(openQueue);
    await shopper.end(shopper.mark);
    await pass(over);
    await pass(over);
    await pass(open);
    const { status } = inQueue(await queue.store.join(concertId, newUser(), openTerms));
    await queue.outlive(restMs);
    assert.equal(await remembered(), true);
    assert.equal((await queue.store.getSnapshot(concertId)).counters.waiting, 1);
    assert.equal(status.place.seq, 4);
  });
};

/** What every store does with a queue that is over. */
export const retentionContract = (name: string, openQueue: () => Promise<QueueUnderTest>): void => {
  describe(`${name}: a queue that is over`, () => resting(openQueue));
};
