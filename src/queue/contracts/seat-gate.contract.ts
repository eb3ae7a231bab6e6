import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import type { ConcertId } from "#kernel/ids.ts";
import {
  crowd,
  newConcert,
  newReservation,
  wideTerms,
  type QueueUnderTest,
} from "./queue-store.contract.ts";
import type { GateAttempt } from "#kernel/queue-gate.ts";

type Member = Awaited<ReturnType<typeof crowd>>[number];

const attemptOf = (
  concertId: ConcertId,
  who: Member,
  more: Partial<GateAttempt> = {},
): GateAttempt => ({
  concertId,
  userId: who.userId,
  ...who.mark,
  date: "2026-12-24",
  seatNumbers: [1],
  owner: randomUUID(),
  keyTag: "",
  lockMs: 5_000,
  leaseMs: 8_000,
  ...more,
});

const terms = { ...wideTerms, claimMs: 10_000, sessionMs: 100_000 };

const scene = async (queue: QueueUnderTest, count: number) => {
  const concertId = newConcert();
  const people = await crowd(queue, concertId, count);
  await queue.store.admit(concertId, terms);
  return { concertId, people };
};

const entering = (open: () => Promise<QueueUnderTest>): void => {
  it("lets an ACTIVE place in", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 1);
    const [who] = people;
    assert.ok(who);
    const outcome = await queue.gate.enter(attemptOf(concertId, who));
    assert.deepEqual(outcome, { kind: "entered" });
  });

  it("turns away places that wait, have ended, or are not known, and locks nothing for them", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 2);
    const [active, ended] = people;
    const [waiting] = await crowd(queue, concertId, 1);
    assert.ok(active && ended && waiting);
    await ended.end(ended.mark, "PAID");
    const enter = async (who: Member, more: Partial<GateAttempt> = {}) =>
      (await queue.gate.enter(attemptOf(concertId, who, more))).kind;
    assert.equal(await enter(waiting), "not-active");
    assert.equal(await enter(ended), "ended");
    assert.equal(await enter(active, { seq: 999 }), "unknown");
    assert.equal(await enter(active), "entered");
  });

  it("refuses an older place of a user whose newer one is ACTIVE", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 1);
    const [who] = people;
    assert.ok(who);
    await who.end(who.mark);
    await who.place();
    await queue.store.admit(concertId, terms);
    assert.equal((await queue.gate.enter(attemptOf(concertId, who))).kind, "ended");
  });

  it("counts as coming: the slot is claimed", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 1);
    const [who] = people;
    assert.ok(who);
    await queue.gate.enter(attemptOf(concertId, who));
    queue.advance(20_000);
    assert.equal((await queue.store.admit(concertId, terms)).skipped, 0);
    assert.equal((await who.placeStatus(who.mark)).kind, "active");
  });

  it("tells that the user has bought here before, and that he holds seats", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 1);
    const [who] = people;
    assert.ok(who);
    await who.end(who.mark, "PAID");
    const mark = await who.place();
    await queue.store.admit(concertId, terms);
    const attempt = attemptOf(concertId, { ...who, mark });
    const bought = { kind: "active", holding: false, bought: true };
    assert.deepEqual(await queue.gate.checkActive(attempt), bought);
    assert.equal((await queue.gate.enter(attempt)).kind, "entered");
    const hold = { reservationId: newReservation(), expiresAtMs: queue.nowMs() + 1_000 };
    await queue.gate.releaseLocks(attempt, hold);
    assert.deepEqual(await queue.gate.checkActive(attempt), { ...bought, holding: true });
    queue.advance(1_000);
    assert.deepEqual(await queue.gate.checkActive(attempt), bought);
  });
};

const glancing = (open: () => Promise<QueueUnderTest>): void => {
  it("says of many places at a time what entering says, and locks nothing", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 2);
    const [active, ended] = people;
    const [waiting] = await crowd(queue, concertId, 1);
    assert.ok(active && ended && waiting);
    await ended.end(ended.mark, "PAID");
    const check = async (who: Member, more: Partial<GateAttempt> = {}) =>
      (await queue.gate.checkActive(attemptOf(concertId, who, more))).kind;
    const all = [check(waiting), check(ended), check(active), check(active, { seq: 999 })];
    assert.deepEqual(await Promise.all(all), ["not-active", "ended", "active", "unknown"]);
    assert.equal((await queue.gate.enter(attemptOf(concertId, active))).kind, "entered");
  });

  it("counts as coming, and does not prolong the session", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 1);
    const [who] = people;
    assert.ok(who);
    const attempt = attemptOf(concertId, who);
    const free = { kind: "active", holding: false, bought: false };
    assert.deepEqual(await queue.gate.checkActive(attempt), free);
    queue.advance(99_000);
    assert.equal((await queue.store.admit(concertId, terms)).skipped, 0);
    await queue.gate.enter(attempt);
    queue.advance(2_000);
    assert.equal(
      (await queue.gate.checkActive(attempt)).kind,
      "ended",
      "a request in flight is no session",
    );
  });
};

const locking = (open: () => Promise<QueueUnderTest>): void => {
  it("locks all seats or none, and names exactly those that others have", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 3);
    const [first, second, third] = people;
    assert.ok(first && second && third);
    await queue.gate.enter(attemptOf(concertId, first, { seatNumbers: [2, 4] }));
    const refused = await queue.gate.enter(
      attemptOf(concertId, second, { seatNumbers: [1, 4, 2] }),
    );
    assert.deepEqual(refused, { kind: "locked", seatNumbers: [4, 2], sameKey: false });
    const free = await queue.gate.enter(attemptOf(concertId, third, { seatNumbers: [1] }));
    assert.equal(free.kind, "entered");
  });

  it("takes many attempts of one turn each as if it were alone, in their order", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 3);
    const [first, second, third] = people;
    const [waiting] = await crowd(queue, concertId, 1);
    assert.ok(first && second && third && waiting);
    const attempts = [
      attemptOf(concertId, first, { seatNumbers: [2, 4] }),
      attemptOf(concertId, waiting, { seatNumbers: [6] }),
      attemptOf(concertId, second, { seatNumbers: [5, 4, 1, 2] }),
      attemptOf(concertId, third, { seatNumbers: [1, 6] }),
    ];
    const enterAll = () => Promise.all(attempts.map((attempt) => queue.gate.enter(attempt)));
    assert.deepEqual(await enterAll(), [
      { kind: "entered" },
      { kind: "not-active" },
      { kind: "locked", seatNumbers: [4, 2], sameKey: false },
      { kind: "entered" },
    ]);
    const [a, , b, c] = attempts;
    assert.ok(a && b && c);
    const hold = { reservationId: newReservation(), expiresAtMs: queue.nowMs() + 1_000 };
    await Promise.all([queue.gate.releaseLocks(a, null), queue.gate.releaseLocks(c, hold)]);
    assert.equal((await queue.gate.enter(b)).kind, "entered");
    const holding = people.map(
      async (who) => await queue.gate.checkActive(attemptOf(concertId, who)),
    );
    assert.deepEqual(
      (await Promise.all(holding)).map((one) => one.kind === "active" && one.holding),
      [false, false, true],
    );
  });

  it("keeps dates apart", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 2);
    const [first, second] = people;
    assert.ok(first && second);
    await queue.gate.enter(attemptOf(concertId, first));
    const other = attemptOf(concertId, second, { date: "2026-12-25" });
    assert.equal((await queue.gate.enter(other)).kind, "entered");
  });

  it("releases its own locks only", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 2);
    const [first, second] = people;
    assert.ok(first && second);
    const mine = attemptOf(concertId, first);
    const rival = attemptOf(concertId, second);
    await queue.gate.enter(mine);
    await queue.gate.releaseLocks(rival, null);
    assert.equal((await queue.gate.enter(rival)).kind, "locked");
    await queue.gate.releaseLocks(mine, null);
    assert.equal((await queue.gate.enter(rival)).kind, "entered");
  });

  it("tells a request with the same key from a rival", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 2);
    const [who, other] = people;
    assert.ok(who && other);
    await queue.gate.enter(attemptOf(concertId, who, { keyTag: "k1", seatNumbers: [1] }));
    await queue.gate.enter(attemptOf(concertId, other, { keyTag: "k2", seatNumbers: [2] }));
    const sameKey = async (more: Partial<GateAttempt>) => {
      const outcome = await queue.gate.enter(attemptOf(concertId, who, more));
      return outcome.kind === "locked" ? outcome.sameKey : assert.fail(outcome.kind);
    };
    assert.equal(await sameKey({ keyTag: "k1" }), true);
    assert.equal(await sameKey({ keyTag: "k1", seatNumbers: [1, 2] }), false);
    assert.equal(await sameKey({ keyTag: "k3" }), false);
    assert.equal(await sameKey({}), false);
  });
};

const carrying = (open: () => Promise<QueueUnderTest>): void => {
  const paused = { ...terms, admitsFromMs: null };

  it("does not let a slot lapse under an attempt in flight, and does not prolong the session", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 1);
    const [who] = people;
    assert.ok(who);
    await who.placeStatus(who.mark);
    queue.advance(99_000);
    const attempt = attemptOf(concertId, who);
    assert.equal((await queue.gate.enter(attempt)).kind, "entered");
    queue.advance(2_000);
    assert.equal((await queue.store.admit(concertId, paused)).lapsed, 0);
    assert.equal((await queue.gate.enter(attempt)).kind, "ended");
    const expiresAtMs = queue.nowMs() + 50_000;
    await queue.gate.releaseLocks(attempt, { reservationId: newReservation(), expiresAtMs });
    assert.deepEqual(await who.placeStatus(who.mark), {
      kind: "active",
      place: who.mark,
      expiresAtMs,
    });
  });

  it("gives the slot its own end back after an attempt without a hold, carried or not", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 2);
    const [who, holder] = people;
    assert.ok(who && holder);
    const expiresAtMs = queue.nowMs() + 150_000;
    const hold = { reservationId: newReservation(), expiresAtMs };
    await queue.gate.carry({ concertId, userId: holder.userId, ...holder.mark, ...hold });
    await who.placeStatus(who.mark);
    queue.advance(99_000);
    for (const one of [who, holder]) {
      const attempt = attemptOf(concertId, one);
      assert.equal((await queue.gate.enter(attempt)).kind, "entered");
      await queue.gate.releaseLocks(attempt, null);
    }
    queue.advance(1_000);
    assert.equal((await queue.store.admit(concertId, paused)).lapsed, 1);
    assert.equal((await who.placeStatus(who.mark)).kind, "ended");
    const carried = { kind: "active", place: holder.mark, expiresAtMs };
    assert.deepEqual(await holder.placeStatus(holder.mark), carried);
  });

  it("keeps the slot for an attempt in flight when another one of the same place ends without a hold", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 1);
    const [who] = people;
    assert.ok(who);
    await who.placeStatus(who.mark);
    queue.advance(99_000);
    const [refused, slow] = [
      attemptOf(concertId, who),
      attemptOf(concertId, who, { seatNumbers: [2] }),
    ];
    for (const one of [slow, refused]) assert.equal((await queue.gate.enter(one)).kind, "entered");
    await queue.gate.releaseLocks(refused, null);
    queue.advance(2_000);
    assert.equal((await queue.store.admit(concertId, paused)).lapsed, 0);
    await queue.gate.releaseLocks(slow, null);
    assert.equal((await queue.store.admit(concertId, paused)).lapsed, 1);
  });

  it("lets the slot last as long as the hold, and no longer", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 1);
    const [who] = people;
    assert.ok(who);
    const expiresAtMs = queue.nowMs() + 150_000;
    const hold = { concertId, userId: who.userId, ...who.mark, expiresAtMs };
    await queue.gate.carry({ ...hold, reservationId: newReservation() });
    queue.advance(149_999);
    assert.equal((await queue.store.admit(concertId, paused)).lapsed, 0);
    assert.equal((await who.placeStatus(who.mark)).kind, "active");
    queue.advance(1);
    assert.equal((await queue.store.admit(concertId, paused)).lapsed, 1);
  });

  it("gives the session back its own end when the hold is cleared, and only by its own id", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 1);
    const [who] = people;
    assert.ok(who);
    const sessionUntilMs = queue.nowMs() + terms.sessionMs;
    const reservationId = newReservation();
    const expiresAtMs = queue.nowMs() + 150_000;
    const { userId } = who;
    await queue.gate.carry({ concertId, userId, ...who.mark, reservationId, expiresAtMs });
    await queue.gate.clear({ concertId, userId, reservationId: newReservation() });
    const carried = { kind: "active", place: who.mark, expiresAtMs };
    assert.deepEqual(await who.placeStatus(who.mark), carried);
    await queue.gate.clear({ concertId, userId, reservationId });
    await queue.gate.clear({ concertId, userId, reservationId });
    const own = { ...carried, expiresAtMs: sessionUntilMs };
    assert.deepEqual(await who.placeStatus(who.mark), own);
    assert.equal((await queue.store.getSnapshot(concertId)).counters.holding, 0);
  });

  it("carries nothing for a place that is not the live one", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 1);
    const [who] = people;
    assert.ok(who);
    const { userId } = who;
    const hold = { reservationId: newReservation(), expiresAtMs: queue.nowMs() + 900_000 };
    await queue.gate.carry({ concertId, userId, epoch: 1, seq: 99, ...hold });
    queue.advance(100_000);
    assert.equal(
      (await who.placeStatus(who.mark)).kind,
      "waiting",
      "unclaimed, so he was set aside",
    );
  });
};

/** What every seat gate must do. */
export const seatGateContract = (name: string, open: () => Promise<QueueUnderTest>): void => {
  describe(`${name}: entering`, () => entering(open));
  describe(`${name}: glancing`, () => glancing(open));
  describe(`${name}: seat locks`, () => locking(open));
  describe(`${name}: holds carry slots`, () => carrying(open));
};
