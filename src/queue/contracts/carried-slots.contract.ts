import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { newReservation, type QueueUnderTest } from "./queue-store.contract.ts";
import { attemptOf, scene, slotTerms } from "./seat-gate.contract.ts";

/** Tests of slots that a hold extends. */
export const carriedSlotsContract = (name: string, open: () => Promise<QueueUnderTest>): void => {
  describe(`${name}: holds carry slots`, () => carrying(open));
};

const carrying = (open: () => Promise<QueueUnderTest>): void => {
  const paused = { ...slotTerms, admitsFromMs: null };

  it("an attempt in flight keeps the slot from lapsing and does not prolong the session", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 1);
    const [user] = people;
    assert.ok(user);
    await user.placeStatus(user.mark);
    queue.advance(99_000);
    const attempt = attemptOf(concertId, user);
    assert.equal((await queue.gate.enter(attempt)).kind, "entered");
    queue.advance(2_000);
    assert.equal((await queue.store.admit(concertId, paused)).lapsed, 0);
    assert.equal((await queue.gate.enter(attempt)).kind, "ended");
    const expiresAtMs = queue.nowMs() + 50_000;
    await queue.gate.releaseLocks(attempt, { reservationId: newReservation(), expiresAtMs });
    assert.deepEqual(await user.placeStatus(user.mark), {
      kind: "active",
      place: user.mark,
      expiresAtMs,
    });
  });

  it("an attempt without a hold gives the slot its own end back, whether a hold carries it or not", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 2);
    const [user, holder] = people;
    assert.ok(user && holder);
    const expiresAtMs = queue.nowMs() + 150_000;
    const hold = { reservationId: newReservation(), expiresAtMs };
    await queue.gate.carry({ concertId, userId: holder.userId, ...holder.mark, ...hold });
    await user.placeStatus(user.mark);
    queue.advance(99_000);
    for (const one of [user, holder]) {
      const attempt = attemptOf(concertId, one);
      assert.equal((await queue.gate.enter(attempt)).kind, "entered");
      await queue.gate.releaseLocks(attempt, null);
    }
    queue.advance(1_000);
    assert.equal((await queue.store.admit(concertId, paused)).lapsed, 1);
    assert.equal((await user.placeStatus(user.mark)).kind, "ended");
    const carried = { kind: "active", place: holder.mark, expiresAtMs };
    assert.deepEqual(await holder.placeStatus(holder.mark), carried);
  });

  it("an attempt in flight keeps the slot when another one of the same place ends without a hold", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 1);
    const [user] = people;
    assert.ok(user);
    await user.placeStatus(user.mark);
    queue.advance(99_000);
    const [refused, slow] = [
      attemptOf(concertId, user),
      attemptOf(concertId, user, { seatNumbers: [2] }),
    ];
    for (const one of [slow, refused]) assert.equal((await queue.gate.enter(one)).kind, "entered");
    await queue.gate.releaseLocks(refused, null);
    queue.advance(2_000);
    assert.equal((await queue.store.admit(concertId, paused)).lapsed, 0);
    await queue.gate.releaseLocks(slow, null);
    assert.equal((await queue.store.admit(concertId, paused)).lapsed, 1);
  });

  it("a slot lasts as long as its hold, and no longer", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 1);
    const [user] = people;
    assert.ok(user);
    const expiresAtMs = queue.nowMs() + 150_000;
    const hold = { concertId, userId: user.userId, ...user.mark, expiresAtMs };
    await queue.gate.carry({ ...hold, reservationId: newReservation() });
    queue.advance(149_999);
    assert.equal((await queue.store.admit(concertId, paused)).lapsed, 0);
    assert.equal((await user.placeStatus(user.mark)).kind, "active");
    queue.advance(1);
    assert.equal((await queue.store.admit(concertId, paused)).lapsed, 1);
  });

  it("only clearing a hold by its own id gives the session its own end back", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 1);
    const [user] = people;
    assert.ok(user);
    const sessionUntilMs = queue.nowMs() + slotTerms.sessionMs;
    const reservationId = newReservation();
    const expiresAtMs = queue.nowMs() + 150_000;
    const { userId } = user;
    await queue.gate.carry({ concertId, userId, ...user.mark, reservationId, expiresAtMs });
    await queue.gate.clear({ concertId, userId, reservationId: newReservation() });
    const carried = { kind: "active", place: user.mark, expiresAtMs };
    assert.deepEqual(await user.placeStatus(user.mark), carried);
    await queue.gate.clear({ concertId, userId, reservationId });
    await queue.gate.clear({ concertId, userId, reservationId });
    const own = { ...carried, expiresAtMs: sessionUntilMs };
    assert.deepEqual(await user.placeStatus(user.mark), own);
    assert.equal((await queue.store.getSnapshot(concertId)).counters.holding, 0);
  });

  it("a hold of a place that is not live carries no slot", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 1);
    const [user] = people;
    assert.ok(user);
    const { userId } = user;
    const hold = { reservationId: newReservation(), expiresAtMs: queue.nowMs() + 900_000 };
    await queue.gate.carry({ concertId, userId, epoch: 1, seq: 99, ...hold });
    queue.advance(100_000);
    assert.equal(
      (await user.placeStatus(user.mark)).kind,
      "waiting",
      "the unclaimed place was skipped",
    );
  });
};
