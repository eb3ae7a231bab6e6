import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  crowd,
  newConcert,
  newReservation,
  newUser,
  wideTerms,
  type QueueUnderTest,
} from "./queue-store.contract.ts";

const scene = async (open: () => Promise<QueueUnderTest>, people: number) => {
  const queue = await open();
  const concertId = newConcert();
  const all = await crowd(queue, concertId, people);
  const find = (index: number) => {
    const userId = all[index]?.userId ?? assert.fail();
    return queue.livePlaces.peek(concertId, userId);
  };
  const pass = (maxActive = 1_000) => queue.store.admit(concertId, { ...wideTerms, maxActive });
  const places = all.map(({ mark }) => mark);
  return { queue, concertId, all, places, find, pass };
};

/** Tests of every adapter of `LivePlaces`. */
export const livePlacesContract = (name: string, open: () => Promise<QueueUnderTest>): void => {
  describe(`${name}: live places`, () => {
    it("peek finds no place of a user who never joined or whose place has ended", async () => {
      const { queue, concertId, all, find } = await scene(open, 1);
      assert.deepEqual(await queue.livePlaces.peek(concertId, newUser()), { kind: "absent" });
      await queue.store.end(concertId, all[0]!.userId, all[0]!.mark, "LEFT");
      assert.deepEqual(await find(0), { kind: "absent" });
    });

    it("peek finds how far the queue has ended, also when it goes on", async () => {
      const { queue, concertId, all, places, find, pass } = await scene(open, 2);
      const over = { ...wideTerms, admitsFromMs: null, final: "SOLD_OUT" as const };
      await queue.store.admit(concertId, over);
      await pass();
      await crowd(queue, concertId, 1);
      const queueEnd = { through: places[1], reason: "SOLD_OUT" };
      assert.equal(all.length, 2);
      assert.deepEqual(await find(0), { kind: "absent", queueEnd });
    });

    it("peek finds the place and position of a waiting user", async () => {
      const { find, places } = await scene(open, 3);
      assert.deepEqual(await find(1), { kind: "waiting", place: places[1], position: 2 });
    });

    it("peek finds the slot of an ACTIVE user with its end and does not claim it", async () => {
      const { queue, find, places, pass } = await scene(open, 1);
      await pass();
      const untilMs = queue.nowMs() + wideTerms.claimMs;
      assert.deepEqual(await find(0), { kind: "active", place: places[0], expiresAtMs: untilMs });
      queue.advance(wideTerms.claimMs);
      const { skipped } = await pass(0);
      assert.equal(skipped, 1, "peek claims no slot");
    });

    it("peek finds a skipped user, however often, and does not return the user to the queue", async () => {
      const { queue, concertId, all, find, places, pass } = await scene(open, 1);
      await pass();
      queue.advance(wideTerms.claimMs);
      assert.deepEqual(await find(0), { kind: "skipped", place: places[0] }, "before the pass");
      await pass(0);
      for (let again = 0; again < 2; again += 1)
        assert.deepEqual(await find(0), { kind: "skipped", place: places[0] });
      assert.equal((await queue.store.getSnapshot(concertId)).counters.waiting, 0);
      await all[0]!.read(all[0]!.mark);
      assert.deepEqual(await find(0), { kind: "waiting", place: places[0], position: 1 });
    });

    it("peek finds no place whose slot is over before the next pass ends it", async () => {
      const { queue, all, find, pass } = await scene(open, 1);
      await pass();
      await all[0]!.read(all[0]!.mark);
      queue.advance(wideTerms.sessionMs);
      assert.deepEqual(await find(0), { kind: "absent" });
      assert.equal((await pass(0)).lapsed, 1);
    });

    it("peek finds a slot that a hold carries with the end of the hold", async () => {
      const { queue, concertId, all, find, places, pass } = await scene(open, 1);
      await pass();
      const expiresAtMs = queue.nowMs() + wideTerms.sessionMs + 5_000;
      const { userId, mark } = all[0]!;
      const reservationId = newReservation();
      await queue.gate.carry({ concertId, userId, ...mark, reservationId, expiresAtMs });
      assert.deepEqual(await find(0), { kind: "active", place: places[0], expiresAtMs });
    });
  });
};
