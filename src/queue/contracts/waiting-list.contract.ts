import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { stockLagMs } from "../admission/domain/admission.ts";
import {
  crowd,
  inQueue,
  newConcert,
  newReservation,
  newUser,
  person,
  positionOf,
  wideTerms,
  type OpenQueue,
  type QueueUnderTest,
} from "./queue-store.contract.ts";

const claimMs = 10_000;
const terms = { ...wideTerms, claimMs, sessionMs: 100_000 };
const soldOut = { ...terms, shoppersMax: 0, waitingList: { seatsFree: 0, isSoldOut: true } };
const withFree = (seatsFree: number) => ({
  ...terms,
  shoppersMax: 2 * seatsFree,
  waitingList: { seatsFree, isSoldOut: false },
});

type Users = Awaited<ReturnType<typeof crowd>>;

/** A queue of so many users whose waiting list has begun, and in which users may be admitted again. */
const listed = async (queue: QueueUnderTest, count: number) => {
  const concertId = newConcert();
  const users = await crowd(queue, concertId, count);
  await queue.store.admit(concertId, soldOut);
  queue.advance(stockLagMs);
  const pass = (seatsFree: number) => queue.store.admit(concertId, withFree(seatsFree));
  const take = async (user: Users[number], reservationId = newReservation()) => {
    const hold = { reservationId, expiresAtMs: queue.nowMs() + 30_000 };
    await queue.gate.carry({ concertId, userId: user.userId, ...user.mark, ...hold });
    return hold;
  };
  return { concertId, users, pass, take };
};

const kinds = (users: Users): Promise<string[]> =>
  Promise.all(users.map(async (user) => (await user.placeStatus(user.mark)).kind));

const beginning = (open: () => Promise<QueueUnderTest>): void => {
  it("a sold out queue keeps its waiting places in order, and ends its slots without a hold", async () => {
    const queue = await open();
    const concertId = newConcert();
    const users = await crowd(queue, concertId, 4);
    await queue.store.admit(concertId, { ...terms, maxActive: 2 });
    const [holder, shopper, third, fourth] = users;
    assert.ok(holder && shopper && third && fourth);
    const hold = { reservationId: newReservation(), expiresAtMs: queue.nowMs() + 30_000 };
    await queue.gate.carry({ concertId, userId: holder.userId, ...holder.mark, ...hold });
    assert.equal((await queue.store.getSnapshot(concertId)).counters.waitingList, false);
    await queue.store.admit(concertId, soldOut);
    assert.equal((await holder.placeStatus(holder.mark)).kind, "active");
    assert.deepEqual(await shopper.placeStatus(shopper.mark), {
      kind: "ended",
      reason: "SOLD_OUT",
    });
    assert.equal(positionOf(await third.placeStatus(third.mark)), 1);
    assert.equal(positionOf(await fourth.placeStatus(fourth.mark)), 2);
    const { counters } = await queue.store.getSnapshot(concertId);
    assert.deepEqual([counters.waitingList, counters.waiting, counters.active], [true, 2, 1]);
    const page = await queue.store.readJournal(concertId, 100);
    const kindsOf = page?.batches.flatMap(({ entries }) => entries.map(({ kind }) => kind));
    assert.deepEqual(kindsOf, ["ADMITTED", "ADMITTED", "SOLD_OUT"], "the end is durable");
  });

  it("a user who joins the waiting list stands behind it", async () => {
    const queue = await open();
    const { concertId, users, pass } = await listed(queue, 1);
    const later = inQueue(await person(queue, concertId).join());
    assert.deepEqual([later.isNew, positionOf(later.status)], [true, 2]);
    await pass(1);
    assert.deepEqual(await kinds(users), ["active"]);
  });

  it("more slots than a pass may end are ended by the next passes", async () => {
    const queue = await open();
    const concertId = newConcert();
    const users = await crowd(queue, concertId, 5);
    await queue.store.admit(concertId, terms);
    const small = { ...soldOut, peopleMax: 2 };
    const more: boolean[] = [];
    for (let n = 0; n < 3; n += 1) more.push((await queue.store.admit(concertId, small)).more);
    assert.deepEqual(more, [true, true, false]);
    assert.deepEqual(await kinds(users), Array(5).fill("ended"));
  });

  it("no user is admitted while an instance may still have an older stock", async () => {
    const queue = await open();
    const concertId = newConcert();
    const users = await crowd(queue, concertId, 1);
    await queue.store.admit(concertId, soldOut);
    queue.advance(stockLagMs - 1);
    assert.equal((await queue.store.admit(concertId, withFree(1))).admitted, 0);
    queue.advance(1);
    assert.equal((await queue.store.admit(concertId, withFree(1))).admitted, 1);
    assert.deepEqual(await kinds(users), ["active"]);
  });

  it("a sold out queue without a waiting list ends its waiting places", async () => {
    const queue = await open();
    const { concertId, users } = await listed(queue, 2);
    await queue.store.admit(concertId, { ...terms, admitsFromMs: null, final: "SOLD_OUT" });
    assert.deepEqual(await kinds(users), ["unknown", "unknown"]);
  });

  it("without the terms of a waiting list, users are admitted by shoppersMax and for a whole session", async () => {
    const queue = await open();
    const { concertId, users } = await listed(queue, 3);
    assert.equal((await queue.store.admit(concertId, { ...terms, shoppersMax: 2 })).admitted, 2);
    const [first] = users;
    assert.ok(first);
    const status = await first.placeStatus(first.mark);
    assert.ok(status.kind === "active" && status.expiresAtMs === queue.nowMs() + 100_000);
  });
};

const admission = (open: () => Promise<QueueUnderTest>): void => {
  it("one user a free seat is admitted, in order, for the time to claim", async () => {
    const queue = await open();
    const { users, pass } = await listed(queue, 4);
    assert.equal((await pass(2)).admitted, 2);
    assert.equal((await pass(2)).admitted, 0);
    assert.deepEqual(await kinds(users), ["active", "active", "waiting", "waiting"]);
    const [first, , third] = users;
    assert.ok(first && third);
    const status = await first.placeStatus(first.mark);
    assert.ok(status.kind === "active" && status.expiresAtMs === queue.nowMs() + claimMs);
    assert.equal(positionOf(await third.placeStatus(third.mark)), 1);
  });

  it("a seat that its user does not take in time goes to the next user", async () => {
    const queue = await open();
    const { users, pass } = await listed(queue, 3);
    const [first, second, third] = users;
    assert.ok(first && second && third);
    await pass(1);
    await first.placeStatus(first.mark);
    queue.advance(claimMs - 1);
    assert.equal((await pass(1)).admitted, 0);
    queue.advance(1);
    assert.equal((await pass(1)).admitted, 1);
    assert.deepEqual(await first.placeStatus(first.mark), { kind: "ended", reason: "LAPSED" });
    // The second user is away: the place is kept, and is the next one after a return.
    queue.advance(claimMs);
    const report = await pass(1);
    assert.deepEqual([report.skipped, report.admitted], [1, 1]);
    assert.equal((await third.placeStatus(third.mark)).kind, "active");
    assert.equal(positionOf(await second.placeStatus(second.mark)), 1);
  });

  it("a hold extends the slot past the time to claim", async () => {
    const queue = await open();
    const { users, pass, take } = await listed(queue, 1);
    const [first] = users;
    assert.ok(first);
    await pass(1);
    const { expiresAtMs } = await take(first);
    queue.advance(claimMs);
    await pass(0);
    const status = await first.placeStatus(first.mark);
    assert.ok(status.kind === "active" && status.expiresAtMs === expiresAtMs);
  });

  for (const isPaid of [false, true]) {
    it(`a pass with an older stock admits no user for a seat that was ${isPaid ? "paid" : "taken"} since`, async () => {
      const queue = await open();
      const { concertId, users, pass, take } = await listed(queue, 4);
      const [first, second] = users;
      assert.ok(first && second);
      await pass(2);
      await take(first);
      if (isPaid) await first.end(first.mark, "PAID");
      // The hold of this user was never told.
      await second.end(second.mark, "PAID");
      queue.advance(stockLagMs - 1);
      assert.equal((await pass(2)).admitted, 0, "both seats are gone, and the stock is older");
      queue.advance(1);
      assert.equal((await pass(1)).admitted, 1);
      assert.equal((await queue.store.getSnapshot(concertId)).counters.waiting, 1);
    });
  }

  it("a user whose seat others took waits again before all others, in order", async () => {
    const queue = await open();
    const { concertId, users, pass, take } = await listed(queue, 4);
    const [first, second, third, fourth] = users;
    assert.ok(first && second && third && fourth);
    await pass(3);
    await kinds(users);
    await take(first);
    queue.advance(stockLagMs - 1);
    await queue.store.admit(concertId, soldOut);
    assert.equal((await second.placeStatus(second.mark)).kind, "active", "the stock may be older");
    queue.advance(1);
    await queue.store.admit(concertId, soldOut);
    assert.equal((await first.placeStatus(first.mark)).kind, "active");
    assert.equal(positionOf(await second.placeStatus(second.mark)), 1);
    assert.equal(positionOf(await third.placeStatus(third.mark)), 2);
    assert.equal(positionOf(await fourth.placeStatus(fourth.mark)), 1, "no position rises");
    queue.advance(stockLagMs);
    await pass(1);
    assert.equal((await second.placeStatus(second.mark)).kind, "active");
    assert.equal((await third.placeStatus(third.mark)).kind, "waiting");
  });

  it("a user with an attempt in flight keeps the slot though the sale is sold out", async () => {
    const queue = await open();
    const { concertId, users, pass } = await listed(queue, 1);
    const [first] = users;
    assert.ok(first);
    await pass(1);
    const seats = { date: "2026-12-24", seatNumbers: [1], owner: "a", keyTag: "" };
    const attempt = { concertId, userId: first.userId, ...first.mark, ...seats };
    const inFlight = { ...attempt, lockMs: 9_000, leaseMs: 9_000 };
    assert.equal((await queue.gate.enter(inFlight)).kind, "entered");
    queue.advance(stockLagMs);
    await queue.store.admit(concertId, soldOut);
    assert.equal((await first.placeStatus(first.mark)).kind, "active");
    await queue.gate.releaseLocks(inFlight, null);
    await queue.store.admit(concertId, soldOut);
    assert.equal((await first.placeStatus(first.mark)).kind, "waiting");
  });

  it("a paused waiting list admits no user, and keeps the order", async () => {
    const queue = await open();
    const { concertId, users, pass } = await listed(queue, 2);
    const paused = { ...withFree(1), admitsFromMs: null };
    assert.equal((await queue.store.admit(concertId, paused)).admitted, 0);
    await pass(1);
    assert.deepEqual(await kinds(users), ["active", "waiting"]);
  });
};

const losses = (open: OpenQueue): void => {
  it("a waiting list goes on after a loss of the store, and no slot ends before it is rebuilt", async () => {
    const queue = await open("after a loss");
    const concertId = newConcert();
    const userIds = [newUser(), newUser(), newUser()];
    const marks = userIds.map((_, index) => ({ epoch: 1, seq: index + 1 }));
    const [active, waiting, other] = userIds.map((userId, index) => ({
      ...person(queue, concertId, userId),
      mark: marks[index] ?? assert.fail(),
    }));
    assert.ok(active && waiting && other);
    await queue.store.admit(concertId, soldOut);
    const untilMs = queue.nowMs() + 100_000;
    // They come back in another order.
    await queue.store.restore(concertId, other.userId, other.mark, null);
    await queue.store.restore(concertId, waiting.userId, waiting.mark, null);
    await queue.store.restore(concertId, active.userId, active.mark, untilMs);
    await queue.store.admit(concertId, soldOut);
    assert.equal((await active.placeStatus(active.mark)).kind, "active");
    assert.equal(positionOf(await waiting.placeStatus(waiting.mark)), 1);
    assert.equal(positionOf(await other.placeStatus(other.mark)), 2);
    await queue.store.rebuild(concertId, [], true);
    queue.advance(30_000);
    await queue.store.admit(concertId, soldOut);
    queue.advance(stockLagMs);
    assert.equal((await queue.store.admit(concertId, withFree(1))).admitted, 1);
    assert.equal((await waiting.placeStatus(waiting.mark)).kind, "active");
    assert.equal((await other.placeStatus(other.mark)).kind, "waiting");
  });
};

/** Tests of every store's waiting list. */
export const waitingListContract = (name: string, open: OpenQueue): void => {
  describe(`${name}: the beginning of a waiting list`, () => beginning(open));
  describe(`${name}: admission from a waiting list`, () => admission(open));
  describe(`${name}: a waiting list after a loss`, () => losses(open));
};
