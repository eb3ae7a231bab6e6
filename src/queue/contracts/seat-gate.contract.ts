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

/** An attempt of a user to reserve seat 1. */
export const attemptOf = (
  concertId: ConcertId,
  user: Member,
  more: Partial<GateAttempt> = {},
): GateAttempt => ({
  concertId,
  userId: user.userId,
  ...user.mark,
  date: "2026-12-24",
  seatNumbers: [1],
  owner: randomUUID(),
  keyTag: "",
  lockMs: 5_000,
  leaseMs: 8_000,
  ...more,
});

/** 10 s to claim a slot, and 100 s of session. */
export const slotTerms = { ...wideTerms, claimMs: 10_000, sessionMs: 100_000 };

/** A new queue with `count` ACTIVE users. */
export const scene = async (queue: QueueUnderTest, count: number) => {
  const concertId = newConcert();
  const people = await crowd(queue, concertId, count);
  await queue.store.admit(concertId, slotTerms);
  return { concertId, people };
};

const entering = (open: () => Promise<QueueUnderTest>): void => {
  it("an ACTIVE place enters", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 1);
    const [user] = people;
    assert.ok(user);
    const outcome = await queue.gate.enter(attemptOf(concertId, user));
    assert.deepEqual(outcome, { kind: "entered" });
  });

  it("the gate refuses places that wait, have ended or are unknown, and locks no seat for them", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 2);
    const [active, ended] = people;
    const [waiting] = await crowd(queue, concertId, 1);
    assert.ok(active && ended && waiting);
    await ended.end(ended.mark, "PAID");
    const enter = async (user: Member, more: Partial<GateAttempt> = {}) =>
      (await queue.gate.enter(attemptOf(concertId, user, more))).kind;
    assert.equal(await enter(waiting), "not-active");
    assert.equal(await enter(ended), "ended");
    assert.equal(await enter(active, { seq: 999 }), "unknown");
    assert.equal(await enter(active), "entered");
  });

  it("the gate refuses an older place of a user whose newer one is ACTIVE", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 1);
    const [user] = people;
    assert.ok(user);
    await user.end(user.mark);
    await user.place();
    await queue.store.admit(concertId, slotTerms);
    assert.equal((await queue.gate.enter(attemptOf(concertId, user))).kind, "ended");
  });

  it("entering claims the slot", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 1);
    const [user] = people;
    assert.ok(user);
    await queue.gate.enter(attemptOf(concertId, user));
    queue.advance(20_000);
    assert.equal((await queue.store.admit(concertId, slotTerms)).skipped, 0);
    assert.equal((await user.placeStatus(user.mark)).kind, "active");
  });

  it("checkActive reports whether the user has bought before and whether the user holds seats", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 1);
    const [user] = people;
    assert.ok(user);
    await user.end(user.mark, "PAID");
    const mark = await user.place();
    await queue.store.admit(concertId, slotTerms);
    const attempt = attemptOf(concertId, { ...user, mark });
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

const checking = (open: () => Promise<QueueUnderTest>): void => {
  it("checkActive of many places answers as entering does and locks no seat", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 2);
    const [active, ended] = people;
    const [waiting] = await crowd(queue, concertId, 1);
    assert.ok(active && ended && waiting);
    await ended.end(ended.mark, "PAID");
    const check = async (user: Member, more: Partial<GateAttempt> = {}) =>
      (await queue.gate.checkActive(attemptOf(concertId, user, more))).kind;
    const all = [check(waiting), check(ended), check(active), check(active, { seq: 999 })];
    assert.deepEqual(await Promise.all(all), ["not-active", "ended", "active", "unknown"]);
    assert.equal((await queue.gate.enter(attemptOf(concertId, active))).kind, "entered");
  });

  it("checkActive claims the slot and does not prolong the session", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 1);
    const [user] = people;
    assert.ok(user);
    const attempt = attemptOf(concertId, user);
    const free = { kind: "active", holding: false, bought: false };
    assert.deepEqual(await queue.gate.checkActive(attempt), free);
    queue.advance(99_000);
    assert.equal((await queue.store.admit(concertId, slotTerms)).skipped, 0);
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
  it("an attempt locks all seats or none, and a refusal names exactly those that others have", async () => {
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

  it("parallel attempts are handled one by one, in their order", async () => {
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
      async (user) => await queue.gate.checkActive(attemptOf(concertId, user)),
    );
    assert.deepEqual(
      (await Promise.all(holding)).map((one) => one.kind === "active" && one.holding),
      [false, false, true],
    );
  });

  it("each date has seat locks of its own", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 2);
    const [first, second] = people;
    assert.ok(first && second);
    await queue.gate.enter(attemptOf(concertId, first));
    const other = attemptOf(concertId, second, { date: "2026-12-25" });
    assert.equal((await queue.gate.enter(other)).kind, "entered");
  });

  it("an attempt releases only its own locks", async () => {
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

  it("a refusal tells a request with the same key from a rival", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 2);
    const [user, other] = people;
    assert.ok(user && other);
    await queue.gate.enter(attemptOf(concertId, user, { keyTag: "k1", seatNumbers: [1] }));
    await queue.gate.enter(attemptOf(concertId, other, { keyTag: "k2", seatNumbers: [2] }));
    const sameKey = async (more: Partial<GateAttempt>) => {
      const outcome = await queue.gate.enter(attemptOf(concertId, user, more));
      return outcome.kind === "locked" ? outcome.sameKey : assert.fail(outcome.kind);
    };
    assert.equal(await sameKey({ keyTag: "k1" }), true);
    assert.equal(await sameKey({ keyTag: "k1", seatNumbers: [1, 2] }), false);
    assert.equal(await sameKey({ keyTag: "k3" }), false);
    assert.equal(await sameKey({}), false);
  });
};

/** Tests of every seat gate. */
export const seatGateContract = (name: string, open: () => Promise<QueueUnderTest>): void => {
  describe(`${name}: entering`, () => entering(open));
  describe(`${name}: checkActive`, () => checking(open));
  describe(`${name}: seat locks`, () => locking(open));
};
