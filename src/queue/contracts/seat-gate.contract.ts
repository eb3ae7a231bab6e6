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

const terms = { ...wideTerms, claimMs: 10_000, sessionMs: 100_000 };

const scene = async (queue: QueueUnderTest, count: number) => {
  const concertId = newConcert();
  const people = await crowd(queue, concertId, count);
  await queue.store.admit(concertId, terms);
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
    await queue.store.admit(concertId, terms);
    assert.equal((await queue.gate.enter(attemptOf(concertId, user))).kind, "ended");
  });

  it("entering claims the slot", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 1);
    const [user] = people;
    assert.ok(user);
    await queue.gate.enter(attemptOf(concertId, user));
    queue.advance(20_000);
    assert.equal((await queue.store.admit(concertId, terms)).skipped, 0);
    assert.equal((await user.placeStatus(user.mark)).kind, "active");
  });

  it("checkActive reports whether the user has bought before and whether the user holds seats", async () => {
    const queue = await open();
    const { concertId, people } = await scene(queue, 1);
    const [user] = people;
    assert.ok(user);
    await user.end(user.mark, "PAID");
    const mark = await user.place();
    await queue.store.admit(concertId, terms);
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

const carrying = (open: () => Promise<QueueUnderTest>): void => {
  const paused = { ...terms, admitsFromMs: null };

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
    const sessionUntilMs = queue.nowMs() + terms.sessionMs;
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

/** A slot that is not used ends; a poll is no use. */
const idling = (open: () => Promise<QueueUnderTest>): void => {
  const idleMs = 20_000;
  const idle = { ...terms, idleMs };
  const idleScene = async (queue: QueueUnderTest) => {
    const concertId = newConcert();
    const [user] = await crowd(queue, concertId, 1);
    assert.ok(user);
    await queue.store.admit(concertId, idle);
    const untilMs = async (): Promise<number> => {
      const status = await user.placeStatus(user.mark);
      return status.kind === "active" ? status.expiresAtMs - queue.nowMs() : 0;
    };
    const pass = () => queue.store.admit(concertId, idle);
    return { concertId, user, untilMs, pass };
  };

  it("a slot that is not used ends idleMs after it was claimed, however often its user polls", async () => {
    const queue = await open();
    const { user, untilMs, pass } = await idleScene(queue);
    queue.advance(3_000);
    assert.equal(await untilMs(), idleMs);
    queue.advance(idleMs - 1);
    assert.equal(await untilMs(), 1);
    await pass();
    queue.advance(1);
    assert.equal((await pass()).lapsed, 1);
    assert.deepEqual(await user.placeStatus(user.mark), { kind: "ended", reason: "LAPSED" });
  });

  it("each use begins the time anew, up to the end of the session", async () => {
    const queue = await open();
    const { concertId, user, untilMs, pass } = await idleScene(queue);
    assert.equal(await untilMs(), idleMs);
    for (let uses = 0; uses < 4; uses += 1) {
      queue.advance(19_000);
      await pass();
      assert.equal((await queue.gate.checkActive(attemptOf(concertId, user))).kind, "active");
      assert.equal(await untilMs(), idleMs);
    }
    const attempt = attemptOf(concertId, user);
    assert.equal((await queue.gate.enter(attempt)).kind, "entered");
    await queue.gate.releaseLocks(attempt, null);
    queue.advance(19_000);
    await queue.gate.checkActive(attempt);
    assert.equal(await untilMs(), terms.sessionMs - 5 * 19_000);
  });

  it("a hold is use until it ends, and when it is cleared the time begins anew", async () => {
    const queue = await open();
    const { concertId, user, untilMs, pass } = await idleScene(queue);
    await untilMs();
    const reservationId = newReservation();
    const hold = { reservationId, expiresAtMs: queue.nowMs() + 50_000 };
    const { userId } = user;
    await queue.gate.carry({ concertId, userId, ...user.mark, ...hold });
    assert.equal(await untilMs(), 50_000 + idleMs);
    queue.advance(40_000);
    await pass();
    await queue.gate.clear({ concertId, userId, reservationId });
    assert.equal(await untilMs(), idleMs);
  });

  it("without the setting a slot lasts as long as its session", async () => {
    const queue = await open();
    const { concertId, user, untilMs } = await idleScene(queue);
    assert.equal(await untilMs(), idleMs);
    await queue.store.admit(concertId, terms);
    assert.equal(await untilMs(), idleMs, "a running lease keeps its end");
    await queue.gate.checkActive(attemptOf(concertId, user));
    assert.equal(await untilMs(), terms.sessionMs);
  });
};

/** Tests of every seat gate. */
export const seatGateContract = (name: string, open: () => Promise<QueueUnderTest>): void => {
  describe(`${name}: entering`, () => entering(open));
  describe(`${name}: checkActive`, () => checking(open));
  describe(`${name}: seat locks`, () => locking(open));
  describe(`${name}: holds carry slots`, () => carrying(open));
  describe(`${name}: idle slots`, () => idling(open));
};
