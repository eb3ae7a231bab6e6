import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  crowd,
  inQueue,
  newConcert,
  newReservation,
  positionOf,
  wideTerms,
  type QueueUnderTest,
} from "./queue-store.contract.ts";

const kinds = async (people: Awaited<ReturnType<typeof crowd>>): Promise<string[]> =>
  Promise.all(people.map(async (user) => (await user.placeStatus(user.mark)).kind));

const limits = (open: () => Promise<QueueUnderTest>): void => {
  it("a pass admits from the front and never more than the cap", async () => {
    const queue = await open();
    const concertId = newConcert();
    const people = await crowd(queue, concertId, 4);
    const terms = { ...wideTerms, maxActive: 2 };
    const report = await queue.store.admit(concertId, terms);
    assert.equal(report.admitted, 2);
    assert.deepEqual(await kinds(people), ["active", "active", "waiting", "waiting"]);
    assert.equal((await queue.store.admit(concertId, terms)).admitted, 0);
    const [first, , third] = people;
    assert.ok(first && third);
    await first.end(first.mark, "PAID");
    assert.equal((await queue.store.admit(concertId, terms)).admitted, 1);
    assert.equal((await third.placeStatus(third.mark)).kind, "active");
    const { counters } = await queue.store.getSnapshot(concertId);
    assert.deepEqual([counters.active, counters.waiting, counters.nowServing], [2, 1, 3]);
  });

  it("a pass says that the queue is empty once no user is in it and the journal is trimmed", async () => {
    const queue = await open();
    const concertId = newConcert();
    const terms = { ...wideTerms, claimMs: 1_000 };
    const isEmpty = async () => (await queue.store.admit(concertId, terms)).isEmpty;
    const trim = async () => {
      const page = await queue.store.readJournal(concertId, 100);
      assert.ok(page);
      await queue.store.trimJournal(concertId, page);
    };
    assert.equal(await isEmpty(), true);
    const [user] = await crowd(queue, concertId, 1);
    assert.ok(user);
    assert.equal(await isEmpty(), false, "ACTIVE");
    await trim();
    queue.advance(1_000);
    assert.equal(await isEmpty(), false, "skipped");
    await trim();
    assert.equal(await isEmpty(), false, "skipped, with an empty journal");
    await user.end(user.mark);
    assert.equal(await isEmpty(), false, "the journal has an entry");
    await trim();
    assert.equal(await isEmpty(), true);
    await crowd(queue, concertId, 1);
    const closed = { ...terms, admitsFromMs: null };
    assert.equal((await queue.store.admit(concertId, closed)).isEmpty, false, "waiting");
  });

  it("a pass admits at the rate and starts with at most one second of it", async () => {
    const queue = await open();
    const concertId = newConcert();
    await crowd(queue, concertId, 30);
    const terms = { ...wideTerms, admissionsPerMinute: 300 };
    assert.equal((await queue.store.admit(concertId, terms)).admitted, 5);
    queue.advance(199);
    assert.equal((await queue.store.admit(concertId, terms)).admitted, 0);
    queue.advance(1);
    assert.equal((await queue.store.admit(concertId, terms)).admitted, 1);
    queue.advance(3_600_000);
    assert.equal(
      (await queue.store.admit(concertId, terms)).admitted,
      5,
      "a pause fills one second",
    );
  });

  it("a pass admits one user at once when the rate is below one a second", async () => {
    const queue = await open();
    const concertId = newConcert();
    await crowd(queue, concertId, 3);
    const terms = { ...wideTerms, admissionsPerMinute: 6 };
    assert.equal((await queue.store.admit(concertId, terms)).admitted, 1);
    queue.advance(9_999);
    assert.equal((await queue.store.admit(concertId, terms)).admitted, 0);
    queue.advance(1);
    assert.equal((await queue.store.admit(concertId, terms)).admitted, 1);
  });

  it("passes lose no fraction of the rate, however often they run", async () => {
    const queue = await open();
    const concertId = newConcert();
    await crowd(queue, concertId, 60);
    const terms = { ...wideTerms, admissionsPerMinute: 77 };
    let admitted = (await queue.store.admit(concertId, terms)).admitted;
    for (let ms = 0; ms < 30_000; ms += 33) {
      queue.advance(Math.min(33, 30_000 - ms));
      admitted += (await queue.store.admit(concertId, terms)).admitted;
    }
    // 1.283 tokens to begin with, and 77 a minute for 30 s: 39.78.
    assert.equal(admitted, 39);
  });

  it("admission neither stalls nor floods when the clock is set back", async () => {
    const queue = await open();
    const concertId = newConcert();
    await crowd(queue, concertId, 20);
    const terms = { ...wideTerms, admissionsPerMinute: 60 };
    assert.equal((await queue.store.admit(concertId, terms)).admitted, 1);
    queue.advance(-3_600_000);
    assert.equal((await queue.store.admit(concertId, terms)).admitted, 0);
    queue.advance(1_000);
    assert.equal((await queue.store.admit(concertId, terms)).admitted, 1);
  });

  it("a pass keeps the ACTIVE users without a hold within the limit of the stock", async () => {
    const queue = await open();
    const concertId = newConcert();
    const people = await crowd(queue, concertId, 4);
    const terms = { ...wideTerms, shoppersMax: 2 };
    assert.equal((await queue.store.admit(concertId, terms)).admitted, 2);
    assert.equal((await queue.store.admit(concertId, terms)).admitted, 0);
    const [first] = people;
    assert.ok(first);
    const hold = { reservationId: newReservation(), expiresAtMs: queue.nowMs() + 10_000 };
    await queue.gate.carry({ concertId, userId: first.userId, ...first.mark, ...hold });
    assert.equal(
      (await queue.store.admit(concertId, terms)).admitted,
      1,
      "a user with a hold does not count",
    );
    assert.equal((await queue.store.getSnapshot(concertId)).counters.holding, 1);
    assert.equal((await queue.store.admit(concertId, { ...terms, shoppersMax: 0 })).admitted, 0);
  });

  it("a pass admits no user while paused or before admission starts", async () => {
    const queue = await open();
    const concertId = newConcert();
    await crowd(queue, concertId, 1);
    const paused = { ...wideTerms, admitsFromMs: null };
    assert.equal((await queue.store.admit(concertId, paused)).admitted, 0);
    const later = { ...wideTerms, admitsFromMs: queue.nowMs() + 10 };
    assert.equal((await queue.store.admit(concertId, later)).admitted, 0);
    queue.advance(10);
    assert.equal((await queue.store.admit(concertId, later)).admitted, 1);
  });

  it("a pass admits a bounded number of users and reports whether more remain", async () => {
    const queue = await open();
    const concertId = newConcert();
    await crowd(queue, concertId, 5);
    const terms = { ...wideTerms, peopleMax: 2 };
    const reports = [];
    for (let pass = 0; pass < 3; pass += 1) reports.push(await queue.store.admit(concertId, terms));
    assert.deepEqual(
      reports.map(({ admitted, more }) => [admitted, more]),
      [
        [2, true],
        [2, true],
        [1, false],
      ],
    );
  });

  it("the snapshot counts the admissions of the last minute", async () => {
    const queue = await open();
    const concertId = newConcert();
    await crowd(queue, concertId, 4);
    const terms = { ...wideTerms, admissionsPerMinute: 60 };
    const firstAtMs = queue.nowMs();
    await queue.store.admit(concertId, terms);
    queue.advance(30_000);
    await queue.store.admit(concertId, terms);
    const half = await queue.store.getSnapshot(concertId);
    assert.equal(half.counters.admittedLastMinute, 2);
    assert.equal(half.counters.firstAdmittedAtMs, firstAtMs);
    queue.advance(31_000);
    await queue.store.admit(concertId, { ...terms, admitsFromMs: null });
    const whole = await queue.store.getSnapshot(concertId);
    assert.equal(whole.counters.admittedLastMinute, 1);
    assert.equal(whole.counters.admittedTotal, 2);
  });

  it("a pass ends the waiting places of a queue that is over and lets ACTIVE users go on", async () => {
    const queue = await open();
    const concertId = newConcert();
    const people = await crowd(queue, concertId, 3);
    await queue.store.admit(concertId, { ...wideTerms, maxActive: 1 });
    const over = { ...wideTerms, admitsFromMs: null, final: "SOLD_OUT" as const };
    await queue.store.admit(concertId, over);
    assert.deepEqual(await kinds(people), ["active", "unknown", "unknown"]);
    assert.equal((await queue.store.getSnapshot(concertId)).counters.waiting, 0);
  });

  it("places that ended with the queue stay ended when it goes on, and later places are not among them", async () => {
    const queue = await open();
    const concertId = newConcert();
    const people = await crowd(queue, concertId, 3);
    const over = { ...wideTerms, admitsFromMs: null };
    await queue.store.admit(concertId, { ...over, final: "SOLD_OUT" });
    const stopped = { ...over, final: null };
    await queue.store.admit(concertId, stopped);
    const [later] = await crowd(queue, concertId, 1);
    assert.ok(later);
    assert.equal((await later.placeStatus(later.mark)).kind, "waiting");
    await queue.store.admit(concertId, { ...over, final: "ENDED" });
    const endedWith = async ({ mark, placeStatus }: (typeof people)[number]) =>
      placeStatus(mark).then((status) => (status.kind === "unknown" ? status.endedWith : status));
    assert.equal(await endedWith(later), "ENDED");
    await queue.store.admit(concertId, stopped);
    const next = { ...later.mark, seq: later.mark.seq + 1 };
    assert.deepEqual(await later.placeStatus(next), { kind: "unknown" });
  });
};

const leases = (open: () => Promise<QueueUnderTest>): void => {
  const terms = { ...wideTerms, claimMs: 10_000, sessionMs: 100_000 };
  const paused = { ...terms, admitsFromMs: null };

  it("a claimed session lapses exactly at its end", async () => {
    const queue = await open();
    const concertId = newConcert();
    const [user] = await crowd(queue, concertId, 1);
    assert.ok(user);
    const untilMs = queue.nowMs() + terms.sessionMs;
    await queue.store.admit(concertId, terms);
    const expected = { kind: "active", place: user.mark, expiresAtMs: untilMs };
    assert.deepEqual(await user.placeStatus(user.mark), expected);
    queue.advance(99_999);
    assert.equal((await queue.store.admit(concertId, paused)).lapsed, 0);
    assert.deepEqual(await user.placeStatus(user.mark), expected);
    queue.advance(1);
    assert.equal((await queue.store.admit(concertId, paused)).lapsed, 1);
    assert.deepEqual(await user.placeStatus(user.mark), { kind: "ended", reason: "LAPSED" });
    assert.equal((await queue.store.getSnapshot(concertId)).counters.active, 0);
  });

  it("a status reports the end of a session before any pass", async () => {
    const queue = await open();
    const concertId = newConcert();
    const [user] = await crowd(queue, concertId, 1);
    assert.ok(user);
    await queue.store.admit(concertId, terms);
    await user.placeStatus(user.mark);
    queue.advance(100_000);
    assert.deepEqual(await user.placeStatus(user.mark), { kind: "ended", reason: "LAPSED" });
    assert.equal(inQueue(await user.join()).isNew, true);
  });

  it("a user who does not claim the slot is skipped once and admitted first on return", async () => {
    const queue = await open();
    const concertId = newConcert();
    const [first, second, third] = await crowd(queue, concertId, 3);
    assert.ok(first && second && third);
    const single = { ...terms, maxActive: 1 };
    await queue.store.admit(concertId, single);
    queue.advance(9_999);
    assert.equal((await queue.store.admit(concertId, single)).skipped, 0);
    queue.advance(1);
    const report = await queue.store.admit(concertId, single);
    assert.deepEqual([report.skipped, report.admitted], [1, 1]);
    assert.equal((await second.placeStatus(second.mark)).kind, "active");
    assert.equal(
      positionOf(await first.placeStatus(first.mark)),
      1,
      "the user is in the queue again",
    );
    assert.equal(
      positionOf(await third.placeStatus(third.mark)),
      1,
      "and counts in no other position",
    );
    await second.end(second.mark, "PAID");
    assert.equal((await queue.store.admit(concertId, single)).admitted, 1);
    assert.equal((await first.placeStatus(first.mark)).kind, "active");
    assert.equal(positionOf(await third.placeStatus(third.mark)), 1);
  });

  it("a user who does not claim the slot a second time loses the place", async () => {
    const queue = await open();
    const concertId = newConcert();
    const [user] = await crowd(queue, concertId, 1);
    assert.ok(user);
    await queue.store.admit(concertId, terms);
    queue.advance(10_000);
    await queue.store.admit(concertId, terms);
    await user.placeStatus(user.mark);
    assert.equal((await queue.store.admit(concertId, terms)).admitted, 1);
    queue.advance(10_000);
    assert.equal((await queue.store.admit(concertId, terms)).lapsed, 1);
    assert.deepEqual(await user.placeStatus(user.mark), { kind: "ended", reason: "LAPSED" });
  });

  it("a skipped user stays out of the queue until the next poll", async () => {
    const queue = await open();
    const concertId = newConcert();
    const [user] = await crowd(queue, concertId, 1);
    assert.ok(user);
    await queue.store.admit(concertId, terms);
    queue.advance(10_000);
    await queue.store.admit(concertId, terms);
    queue.advance(1_000);
    assert.equal((await queue.store.admit(concertId, terms)).admitted, 0);
    assert.equal((await queue.store.getSnapshot(concertId)).counters.waiting, 0);
  });

  it("a join from another device brings a skipped user back to the queue", async () => {
    const queue = await open();
    const concertId = newConcert();
    const [user] = await crowd(queue, concertId, 1);
    assert.ok(user);
    await queue.store.admit(concertId, terms);
    queue.advance(10_000);
    const joined = inQueue(await user.join());
    assert.equal(joined.isNew, false);
    assert.deepEqual(joined.status.place, user.mark);
    assert.equal((await queue.store.admit(concertId, terms)).admitted, 1);
  });

  it("returned users are admitted in the order of return, and no position rises", async () => {
    const queue = await open();
    const concertId = newConcert();
    const [first, second, third] = await crowd(queue, concertId, 3);
    assert.ok(first && second && third);
    await queue.store.admit(concertId, terms);
    queue.advance(10_000);
    await queue.store.admit(concertId, paused);
    assert.equal(positionOf(await third.placeStatus(third.mark)), 1);
    assert.equal(positionOf(await first.placeStatus(first.mark)), 1, "the last position was 1");
    assert.equal(positionOf(await second.placeStatus(second.mark)), 2, "the last position was 2");
    await queue.store.admit(concertId, { ...terms, maxActive: 1 });
    assert.equal((await third.placeStatus(third.mark)).kind, "active");
    assert.equal(positionOf(await second.placeStatus(second.mark)), 2);
  });
};

/** Tests of every store's admission pass. */
export const passContract = (name: string, open: () => Promise<QueueUnderTest>): void => {
  describe(`${name}: limits of a pass`, () => limits(open));
  describe(`${name}: leases of slots`, () => leases(open));
};
