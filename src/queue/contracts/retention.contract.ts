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

/** Milliseconds: long compared with one call of any store, short compared with a test. */
const retentionMs = 600;
const open: PassTerms = { ...wideTerms, maxActive: 1, retentionMs };
const over: PassTerms = { ...open, admitsFromMs: null, final: "SOLD_OUT" };

/** One user has bought, one is ACTIVE and one waits; the database has the whole journal. */
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
  const isKept = async () => (await queue.store.getSnapshot(concertId)).counters.admittedTotal > 0;
  return { queue, concertId, pass, isKept, shopper, fan };
};

const keeping = (openQueue: () => Promise<QueueUnderTest>): void => {
  it("expires after its retention, and its places are unknown from then on", async () => {
    const { queue, concertId, pass, isKept, shopper, fan } = await scene(openQueue);
    await shopper.end(shopper.mark);
    await pass(over);
    await pass(over);
    assert.equal(await isKept(), true);
    const { epoch } = await queue.store.getSnapshot(concertId);
    await queue.outlive(retentionMs);
    assert.equal(await isKept(), false);
    assert.equal((await fan.placeStatus(fan.mark)).kind, "unknown");
    assert.equal(
      (await queue.store.getSnapshot(concertId)).epoch,
      epoch + 1,
      "no place is given twice",
    );
  });

  it("is kept while a user is ACTIVE in it", async () => {
    const { queue, pass, isKept, shopper } = await scene(openQueue);
    await pass(over);
    await pass(over);
    await queue.outlive(retentionMs);
    assert.equal(await isKept(), true);
    assert.equal((await shopper.placeStatus(shopper.mark)).kind, "active");
  });

  it("is kept until the database has the whole journal", async () => {
    const { queue, concertId, pass, isKept, shopper } = await scene(openQueue);
    await shopper.end(shopper.mark);
    await queue.store.admit(concertId, over);
    await queue.outlive(retentionMs);
    assert.equal(await isKept(), true);
    await pass(over);
    await pass(over);
    await queue.outlive(retentionMs);
    assert.equal(await isKept(), false);
  });

  it("is kept for good once it reopens, with the users who join then", async () => {
    const { queue, concertId, pass, isKept, shopper } = await scene(openQueue);
    await shopper.end(shopper.mark);
    await pass(over);
    await pass(over);
    await pass(open);
    const { status } = inQueue(await queue.store.join(concertId, newUser(), openTerms));
    await queue.outlive(retentionMs);
    assert.equal(await isKept(), true);
    assert.equal((await queue.store.getSnapshot(concertId)).counters.waiting, 1);
    assert.equal(status.place.seq, 4);
  });
};

/** Tests of how long every store keeps a queue that is over. */
export const retentionContract = (name: string, openQueue: () => Promise<QueueUnderTest>): void => {
  describe(`${name}: a queue that is over`, () => keeping(openQueue));
};
