import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { crowd, newConcert, newReservation, type QueueUnderTest } from "./queue-store.contract.ts";
import { attemptOf, slotTerms } from "./seat-gate.contract.ts";

/** Tests of what every store counts of turns and waits, from which a forecast is made. */
export const turnCountsContract = (name: string, open: () => Promise<QueueUnderTest>): void => {
  describe(`${name}: turns`, () => counting(open));
};

const counting = (open: () => Promise<QueueUnderTest>): void => {
  const two = { ...slotTerms, maxActive: 2 };
  const sceneOf = async (queue: QueueUnderTest, count: number) => {
    const concertId = newConcert();
    const people = await crowd(queue, concertId, count);
    const pass = (ms = 0) => {
      queue.advance(ms);
      return queue.store.admit(concertId, two);
    };
    await pass();
    const turns = async () => (await queue.store.getSnapshot(concertId)).counters.turns;
    return { concertId, people, pass, turns };
  };

  it("each pass adds the time since the last one for every ACTIVE and every waiting user", async () => {
    const queue = await open();
    const { people, pass, turns } = await sceneOf(queue, 5);
    const [first] = people;
    assert.ok(first);
    await first.placeStatus(first.mark);
    assert.deepEqual(await turns(), {
      ...{ ended: 0, paid: 0, buyers: 0, leftWaiting: 0 },
      ...{ activeMs: 0, holdingMs: 0, waitingMs: 0 },
    });
    await pass(4_000);
    const { activeMs, waitingMs } = await turns();
    assert.deepEqual([activeMs, waitingMs], [2 * 4_000, 3 * 4_000]);
    await pass(1_000);
    assert.equal((await turns()).activeMs, 2 * 5_000);
  });

  it("the time of a gap between passes counts up to passGapMs", async () => {
    const queue = await open();
    const { concertId, turns } = await sceneOf(queue, 1);
    queue.advance(9_000);
    const presence = { ...two.presence, passGapMs: 3_000 };
    await queue.store.admit(concertId, { ...two, presence });
    assert.equal((await turns()).activeMs, 3_000);
  });

  it("a user with a hold counts as ACTIVE and as holding until the hold ends", async () => {
    const queue = await open();
    const { concertId, people, pass, turns } = await sceneOf(queue, 2);
    const [first] = people;
    assert.ok(first);
    const { userId, mark } = first;
    const hold = { reservationId: newReservation(), expiresAtMs: queue.nowMs() + 60_000 };
    const attempt = attemptOf(concertId, first);
    assert.equal((await queue.gate.enter(attempt)).kind, "entered");
    await queue.gate.releaseLocks(attempt, hold);
    await pass(5_000);
    const { activeMs, holdingMs } = await turns();
    assert.deepEqual([activeMs, holdingMs], [2 * 5_000, 5_000]);
    await queue.store.end(concertId, userId, mark, "PAID");
    await pass(1_000);
    assert.equal((await turns()).holdingMs, 5_000);
  });

  it("a turn ends once, by payment, by leaving, by its end, or because it was not claimed", async () => {
    const queue = await open();
    const { people, pass, turns } = await sceneOf(queue, 4);
    const [paying, leaving, lapsing, sleeping] = people;
    assert.ok(paying && leaving && lapsing && sleeping);
    await paying.end(paying.mark, "PAID");
    await leaving.end(leaving.mark, "LEFT");
    await leaving.end(leaving.mark, "LEFT");
    const { ended, paid, buyers, leftWaiting } = await turns();
    assert.deepEqual([ended, paid, buyers, leftWaiting], [2, 1, 1, 0]);
    await pass();
    await lapsing.placeStatus(lapsing.mark);
    await pass(slotTerms.claimMs);
    assert.equal((await turns()).ended, 3, "not claimed");
    await pass(slotTerms.sessionMs);
    assert.equal((await turns()).ended, 4, "lapsed");
  });

  it("a user who leaves while waiting ends no turn, and a skipped one is not counted as waiting", async () => {
    const queue = await open();
    const { people, pass, turns } = await sceneOf(queue, 4);
    const [skipped, , third, returned] = people;
    assert.ok(skipped && third && returned);
    await third.end(third.mark);
    assert.equal((await turns()).leftWaiting, 1);
    await pass(slotTerms.claimMs);
    const { ended } = await turns();
    await skipped.end(skipped.mark);
    assert.deepEqual([(await turns()).leftWaiting, (await turns()).ended], [1, ended]);
    await pass(slotTerms.claimMs);
    await returned.placeStatus(returned.mark);
    await returned.end(returned.mark);
    assert.equal((await turns()).leftWaiting, 2, "returned users wait too");
  });
};
