import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  crowd,
  newConcert,
  newReservation,
  positionOf,
  wideTerms,
  type OpenQueue,
} from "./queue-store.contract.ts";

const presence = {
  pollPerPlaceMs: 100,
  pollNearMs: 1_000,
  pollSlowestMs: 20_000,
  graceMs: 5_000,
  trackedMax: 50,
  passGapMs: 3_000,
};
/** Milliseconds after which a user near the front counts as absent, given the shortest interval. */
const absentMs = presence.pollNearMs + presence.graceMs;
const slowestAbsentMs = presence.pollSlowestMs + presence.graceMs;

/** A full queue: one user is ACTIVE, the others wait and have their poll intervals. */
const scene = async (open: OpenQueue, people: number) => {
  const queue = await open();
  const concertId = newConcert();
  const terms = { ...wideTerms, claimMs: 3_600_000, sessionMs: 3_600_000, presence };
  const pass = (maxActive = 1, more: Partial<typeof presence> = {}) =>
    queue.store.admit(concertId, { ...terms, maxActive, presence: { ...presence, ...more } });
  const all = await crowd(queue, concertId, people + 1);
  await pass();
  const [shopper, ...waiting] = all;
  assert.ok(shopper);
  for (const user of waiting) await user.placeStatus(user.mark);
  /** Advances the clock with a pass every second; the users who are present poll as often. */
  const live = async (ms: number, present: typeof waiting = []) => {
    for (let left = ms; left > 0; left -= 1_000) {
      queue.advance(Math.min(1_000, left));
      for (const user of present) await user.placeStatus(user.mark);
      await pass();
    }
  };
  const position = async (user: (typeof waiting)[number]) =>
    positionOf(await user.placeStatus(user.mark));
  return { queue, concertId, pass, live, position, shopper, waiting };
};

const skipping = (open: OpenQueue): void => {
  it("a pass skips a user whose poll is overdue and admits the next one", async () => {
    const { pass, live, waiting } = await scene(open, 2);
    const [gone, here] = waiting;
    assert.ok(gone && here);
    await live(absentMs, [here]);
    const report = await pass(2);
    assert.deepEqual([report.admitted, report.skipped], [1, 1]);
    assert.equal((await here.placeStatus(here.mark)).kind, "active");
  });

  it("a pass admits a user a millisecond before the poll is overdue", async () => {
    const { pass, live, waiting } = await scene(open, 1);
    const [user] = waiting;
    assert.ok(user);
    await live(absentMs - 1);
    assert.deepEqual([(await pass(2)).admitted], [1]);
    assert.equal((await user.placeStatus(user.mark)).kind, "active");
  });

  it("a user far from the front may poll at the longer interval without being skipped", async () => {
    const { pass, live, waiting } = await scene(open, 40);
    const last = waiting.at(-1);
    assert.ok(last);
    await live(absentMs + 2_000, waiting.slice(0, 30));
    const report = await pass(1_000);
    assert.deepEqual([report.admitted, report.skipped], [30 + 10, 0]);
  });

  it("a skipped user who returns is admitted next and counts in no other position", async () => {
    const { pass, live, position, waiting, shopper } = await scene(open, 4);
    const [gone, next, third, last] = waiting;
    assert.ok(gone && next && third && last);
    await live(absentMs, [next, third, last]);
    await pass(2);
    assert.equal(await position(third), 1);
    assert.equal(await position(gone), 1, "the last position was 1");
    assert.deepEqual([await position(third), await position(last)], [1, 2]);
    await shopper.end(shopper.mark, "PAID");
    await pass(2);
    assert.equal((await gone.placeStatus(gone.mark)).kind, "active");
    assert.equal(await position(third), 1);
  });

  it("a returned user's position is the smaller of the last position and the rank among returned users", async () => {
    const { pass, live, position, waiting } = await scene(open, 6);
    const gone = waiting.slice(0, 3);
    await live(absentMs, waiting.slice(3));
    await pass(2);
    const [first, second, third] = gone;
    assert.ok(first && second && third);
    const positions = [await position(third), await position(second), await position(first)];
    assert.deepEqual(positions, [1, 2, 1]);
    await third.end(third.mark);
    assert.equal(await position(second), 1);
    // The second user is absent again and others return first: the last position stays the maximum.
    await live(absentMs, [...waiting.slice(4), first]);
    await pass(3);
    assert.equal(await position(second), 1);
  });

  it("a returned user who is absent again does not delay the other returned users", async () => {
    const { pass, live, position, waiting } = await scene(open, 4);
    const [one, other, next] = waiting;
    assert.ok(one && other && next);
    await live(absentMs, waiting.slice(2));
    await pass(2);
    await position(one);
    await position(other);
    await live(absentMs, [other, ...waiting.slice(3)]);
    await pass(3);
    assert.equal((await other.placeStatus(other.mark)).kind, "active");
    assert.equal(await position(one), 1);
  });

  it("absent users use none of the admission rate", async () => {
    const { pass, live, waiting } = await scene(open, 30);
    await live(slowestAbsentMs, waiting.slice(20));
    const report = await pass(1_000);
    assert.deepEqual([report.admitted, report.skipped], [10, 20]);
  });

  it("a join from another device brings an absent user back to the queue", async () => {
    const { pass, live, waiting } = await scene(open, 2);
    const [gone, here] = waiting;
    assert.ok(gone && here);
    await live(absentMs, [here]);
    await pass(2);
    const joined = await gone.join();
    assert.equal(joined.kind === "in-queue" && joined.isNew, false);
    assert.equal((await pass(3)).admitted, 1);
  });

  it("a skipped user who leaves is neither waiting nor skipped afterwards", async () => {
    const { pass, live, waiting, concertId, queue } = await scene(open, 2);
    const [gone, here] = waiting;
    assert.ok(gone && here);
    await live(absentMs, [here]);
    await pass(2);
    assert.equal(await gone.end(gone.mark), "ended");
    assert.deepEqual(await gone.placeStatus(gone.mark), { kind: "ended", reason: "LEFT" });
    assert.equal((await queue.store.getSnapshot(concertId)).counters.waiting, 0);
  });

  it("a user skipped while absent may still miss one claim before the place ends", async () => {
    const { queue, concertId, pass, live, waiting } = await scene(open, 2);
    const [gone, here] = waiting;
    assert.ok(gone && here);
    await live(absentMs, [here]);
    await pass(2);
    await gone.placeStatus(gone.mark);
    const short = { ...wideTerms, claimMs: 1_000, maxActive: 3, presence };
    assert.equal((await queue.store.admit(concertId, short)).admitted, 1);
    queue.advance(1_000);
    const report = await queue.store.admit(concertId, short);
    assert.deepEqual([report.skipped, report.lapsed], [1, 0]);
  });
};

const gracePeriods = (open: OpenQueue): void => {
  it("a user who newly comes near the front is skipped only after the slowest poll interval", async () => {
    const { pass, live, waiting } = await scene(open, 6);
    // Only two users are tracked, so the others polled before they came near the front.
    const narrow = { trackedMax: 2 };
    const [first, second, third, fourth] = waiting;
    assert.ok(first && second && third && fourth);
    await live(slowestAbsentMs * 2, [first, second]);
    for (const user of [first, second]) await user.end(user.mark);
    await pass(1, narrow);
    assert.equal((await pass(1, narrow)).admitted, 0);
    await pass(2, narrow);
    assert.ok(third && fourth);
  });

  it("a time without passes makes no user absent, because no user could poll", async () => {
    const { queue, pass, waiting } = await scene(open, 3);
    queue.advance(slowestAbsentMs * 10);
    const report = await pass(1_000);
    assert.deepEqual([report.admitted, report.skipped], [3, 0]);
    assert.equal(waiting.length, 3);
  });

  it("a user who does not poll within the slowest interval after a time without passes is absent", async () => {
    const { queue, pass, live } = await scene(open, 3);
    queue.advance(slowestAbsentMs * 10);
    await pass();
    await live(slowestAbsentMs);
    assert.deepEqual([(await pass(1_000)).skipped], [3]);
  });

  it("a time without passes costs no user an unclaimed slot", async () => {
    const { queue, concertId, pass, live, waiting } = await scene(open, 1);
    const [user] = waiting;
    assert.ok(user);
    const short = { ...wideTerms, claimMs: 2_000, sessionMs: 600_000, maxActive: 2, presence };
    await queue.store.admit(concertId, short);
    queue.advance(60_000);
    assert.equal((await pass()).skipped, 0);
    assert.equal((await user.placeStatus(user.mark)).kind, "active");
    await live(slowestAbsentMs);
    assert.equal((await user.placeStatus(user.mark)).kind, "active");
  });

  it("a user who polls before the first pass after a time without passes keeps an unclaimed slot", async () => {
    const { queue, concertId, live, waiting } = await scene(open, 1);
    const [user] = waiting;
    assert.ok(user);
    const short = { ...wideTerms, claimMs: 2_000, sessionMs: 600_000, maxActive: 2, presence };
    await queue.store.admit(concertId, short);
    queue.advance(60_000);
    assert.equal((await user.placeStatus(user.mark)).kind, "active");
    await live(slowestAbsentMs);
    assert.equal((await user.placeStatus(user.mark)).kind, "active");
  });

  it("a session that ended during a time without passes has a grace period, because a hold may follow", async () => {
    const { queue, concertId, waiting } = await scene(open, 2);
    const [held, plain] = waiting;
    assert.ok(held && plain);
    const short = { ...wideTerms, sessionMs: 10_000, maxActive: 3, presence };
    await queue.store.admit(concertId, short);
    for (const user of waiting) await user.placeStatus(user.mark);
    queue.advance(20_000);
    assert.equal((await queue.store.admit(concertId, short)).lapsed, 0);
    const hold = { reservationId: newReservation(), expiresAtMs: queue.nowMs() + 60_000 };
    await queue.gate.carry({ concertId, userId: held.userId, ...held.mark, ...hold });
    queue.advance(presence.graceMs / 2);
    assert.equal((await queue.store.admit(concertId, short)).lapsed, 0);
    queue.advance(presence.graceMs / 2);
    assert.equal((await queue.store.admit(concertId, short)).lapsed, 1);
    assert.equal((await held.placeStatus(held.mark)).kind, "active");
    assert.deepEqual(await plain.placeStatus(plain.mark), { kind: "ended", reason: "LAPSED" });
  });

  it("a session goes on during a time without passes and ends at its own end", async () => {
    const { queue, concertId, pass, waiting } = await scene(open, 1);
    const [user] = waiting;
    assert.ok(user);
    const short = { ...wideTerms, claimMs: 2_000, sessionMs: 30_000, maxActive: 2, presence };
    await queue.store.admit(concertId, short);
    queue.advance(30_000);
    await pass();
    assert.notEqual((await user.placeStatus(user.mark)).kind, "active");
  });

  it("a poll from behind the tracked front cancels the user's earlier deadline", async () => {
    const { queue, pass, position, waiting } = await scene(open, 4);
    const [first, last] = [waiting[0], waiting[3]];
    assert.ok(first && last);
    const narrow = { trackedMax: 2 };
    queue.advance(3_000);
    await pass(1, narrow);
    await first.end(first.mark);
    assert.equal(await position(last), 3);
    queue.advance(absentMs - 3_000);
    const report = await pass(1_000, narrow);
    assert.deepEqual([report.admitted, report.skipped], [3, 0]);
    assert.equal((await last.placeStatus(last.mark)).kind, "active");
  });

  it("users behind the tracked front are not checked for absence", async () => {
    const { queue, concertId, live } = await scene(open, 5);
    const narrow = { ...wideTerms, maxActive: 1, presence: { ...presence, trackedMax: 2 } };
    await live(slowestAbsentMs);
    await queue.store.admit(concertId, narrow);
    const report = await queue.store.admit(concertId, { ...narrow, maxActive: 100 });
    assert.equal(report.skipped + report.admitted, 5);
  });
};

/** Tests of how every store skips absent users. */
export const absenceContract = (name: string, open: OpenQueue): void => {
  describe(`${name}: absent users at the front`, () => skipping(open));
  describe(`${name}: grace periods for absent users`, () => gracePeriods(open));
};
