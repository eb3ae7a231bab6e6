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
/** When somebody near the front is missed who was told to ask again in the shortest time. */
const missedMs = presence.pollNearMs + presence.graceMs;
const missedLateMs = presence.pollSlowestMs + presence.graceMs;

/** A full queue: one is ACTIVE, the others wait and have been told when to ask again. */
const scene = async (open: OpenQueue, people: number) => {
  const queue = await open();
  const concertId = newConcert();
  const terms = { ...wideTerms, claimMs: 3_600_000, sessionMs: 3_600_000, presence };
  const pass = (maxActive = 1, more: Partial<typeof presence> = {}) =>
    queue.store.admit(concertId, { ...terms, maxActive, presence: { ...presence, ...more } });
  const all = await crowd(queue, concertId, people + 1);
  await pass();
  const [shopper, ...rest] = all;
  assert.ok(shopper);
  for (const who of rest) await who.placeStatus(who.mark);
  /** Lets time go by with passes as often as in life, and those who are there asking every second. */
  const live = async (ms: number, present: typeof rest = []) => {
    for (let left = ms; left > 0; left -= 1_000) {
      queue.advance(Math.min(1_000, left));
      for (const who of present) await who.placeStatus(who.mark);
      await pass();
    }
  };
  const position = async (who: (typeof rest)[number]) =>
    positionOf(await who.placeStatus(who.mark));
  return { queue, concertId, pass, live, position, shopper, rest };
};

const missing = (open: OpenQueue): void => {
  it("steps over who is past the moment when he was told to ask, and admits the one behind", async () => {
    const { pass, live, rest } = await scene(open, 2);
    const [gone, here] = rest;
    assert.ok(gone && here);
    await live(missedMs, [here]);
    const report = await pass(2);
    assert.deepEqual([report.admitted, report.skipped], [1, 1]);
    assert.equal((await here.placeStatus(here.mark)).kind, "active");
  });

  it("misses nobody a millisecond before that", async () => {
    const { pass, live, rest } = await scene(open, 1);
    const [who] = rest;
    assert.ok(who);
    await live(missedMs - 1);
    assert.deepEqual([(await pass(2)).admitted], [1]);
    assert.equal((await who.placeStatus(who.mark)).kind, "active");
  });

  it("gives who stands further back the longer time that he was told", async () => {
    const { pass, live, rest } = await scene(open, 40);
    const last = rest.at(-1);
    assert.ok(last);
    await live(missedMs + 2_000, rest.slice(0, 30));
    const report = await pass(1_000);
    assert.deepEqual([report.admitted, report.skipped], [30 + 10, 0]);
  });

  it("loses nothing for him: on return he is next, and counted in nobody's position", async () => {
    const { pass, live, position, rest, shopper } = await scene(open, 4);
    const [gone, next, third, last] = rest;
    assert.ok(gone && next && third && last);
    await live(missedMs, [next, third, last]);
    await pass(2);
    assert.equal(await position(third), 1);
    assert.equal(await position(gone), 1, "he was told 1 before");
    assert.deepEqual([await position(third), await position(last)], [1, 2]);
    await shopper.end(shopper.mark, "PAID");
    await pass(2);
    assert.equal((await gone.placeStatus(gone.mark)).kind, "active");
    assert.equal(await position(third), 1);
  });

  it("is told the smaller of his last position and his rank among those who returned, never more", async () => {
    const { pass, live, position, rest } = await scene(open, 6);
    const gone = rest.slice(0, 3);
    await live(missedMs, rest.slice(3));
    await pass(2);
    const [first, second, third] = gone;
    assert.ok(first && second && third);
    const told = [await position(third), await position(second), await position(first)];
    assert.deepEqual(told, [1, 2, 1]);
    await third.end(third.mark);
    assert.equal(await position(second), 1);
    // He goes away again, and others return before him: what he was told last stays the most.
    await live(missedMs, [...rest.slice(4), first]);
    await pass(3);
    assert.equal(await position(second), 1);
  });

  it("does not hold up those who returned for one of them who has gone again", async () => {
    const { pass, live, position, rest } = await scene(open, 4);
    const [one, other, next] = rest;
    assert.ok(one && other && next);
    await live(missedMs, rest.slice(2));
    await pass(2);
    await position(one);
    await position(other);
    await live(missedMs, [other, ...rest.slice(3)]);
    await pass(3);
    assert.equal((await other.placeStatus(other.mark)).kind, "active");
    assert.equal(await position(one), 1);
  });

  it("uses none of the rate on who is absent", async () => {
    const { pass, live, rest } = await scene(open, 30);
    await live(missedLateMs, rest.slice(20));
    const report = await pass(1_000);
    assert.deepEqual([report.admitted, report.skipped], [10, 20]);
  });

  it("a join from another device brings him back as well", async () => {
    const { pass, live, rest } = await scene(open, 2);
    const [gone, here] = rest;
    assert.ok(gone && here);
    await live(missedMs, [here]);
    await pass(2);
    const joined = await gone.join();
    assert.equal(joined.kind === "in-queue" && joined.isNew, false);
    assert.equal((await pass(3)).admitted, 1);
  });

  it("leaves who is away and gives up his place neither in the queue nor aside", async () => {
    const { pass, live, rest, concertId, queue } = await scene(open, 2);
    const [gone, here] = rest;
    assert.ok(gone && here);
    await live(missedMs, [here]);
    await pass(2);
    assert.equal(await gone.end(gone.mark), "ended");
    assert.deepEqual(await gone.placeStatus(gone.mark), { kind: "ended", reason: "LEFT" });
    assert.equal((await queue.store.getSnapshot(concertId)).counters.waiting, 0);
  });

  it("keeps his second chance for when he is admitted and does not come", async () => {
    const { queue, concertId, pass, live, rest } = await scene(open, 2);
    const [gone, here] = rest;
    assert.ok(gone && here);
    await live(missedMs, [here]);
    await pass(2);
    await gone.placeStatus(gone.mark);
    const short = { ...wideTerms, claimMs: 1_000, maxActive: 3, presence };
    assert.equal((await queue.store.admit(concertId, short)).admitted, 1);
    queue.advance(1_000);
    const report = await queue.store.admit(concertId, short);
    assert.deepEqual([report.skipped, report.lapsed], [1, 0]);
  });
};

const forbearing = (open: OpenQueue): void => {
  it("who comes near the front unasked has the slowest interval to ask, and is missed after it", async () => {
    const { pass, live, rest } = await scene(open, 6);
    // Only two are watched, so that the others were asked before they came near the front.
    const narrow = { trackedMax: 2 };
    const [first, second, third, fourth] = rest;
    assert.ok(first && second && third && fourth);
    await live(missedLateMs * 2, [first, second]);
    for (const who of [first, second]) await who.end(who.mark);
    await pass(1, narrow);
    assert.equal((await pass(1, narrow)).admitted, 0);
    await pass(2, narrow);
    assert.ok(third && fourth);
  });

  it("nobody is absent after a time without passes, in which nobody could be asked", async () => {
    const { queue, pass, rest } = await scene(open, 3);
    queue.advance(missedLateMs * 10);
    const report = await pass(1_000);
    assert.deepEqual([report.admitted, report.skipped], [3, 0]);
    assert.equal(rest.length, 3);
  });

  it("and who does not ask after it within the slowest interval is absent again", async () => {
    const { queue, pass, live } = await scene(open, 3);
    queue.advance(missedLateMs * 10);
    await pass();
    await live(missedLateMs);
    assert.deepEqual([(await pass(1_000)).skipped], [3]);
  });

  it("nobody loses a slot for not having come while nobody could", async () => {
    const { queue, concertId, pass, live, rest } = await scene(open, 1);
    const [who] = rest;
    assert.ok(who);
    const short = { ...wideTerms, claimMs: 2_000, sessionMs: 600_000, maxActive: 2, presence };
    await queue.store.admit(concertId, short);
    queue.advance(60_000);
    assert.equal((await pass()).skipped, 0);
    assert.equal((await who.placeStatus(who.mark)).kind, "active");
    await live(missedLateMs);
    assert.equal((await who.placeStatus(who.mark)).kind, "active");
  });

  it("nor when he is the first to ask, before any pass", async () => {
    const { queue, concertId, live, rest } = await scene(open, 1);
    const [who] = rest;
    assert.ok(who);
    const short = { ...wideTerms, claimMs: 2_000, sessionMs: 600_000, maxActive: 2, presence };
    await queue.store.admit(concertId, short);
    queue.advance(60_000);
    assert.equal((await who.placeStatus(who.mark)).kind, "active");
    await live(missedLateMs);
    assert.equal((await who.placeStatus(who.mark)).kind, "active");
  });

  it("a turn that ended meanwhile is spared for a moment: word of a hold may be on its way", async () => {
    const { queue, concertId, rest } = await scene(open, 2);
    const [held, plain] = rest;
    assert.ok(held && plain);
    const short = { ...wideTerms, sessionMs: 10_000, maxActive: 3, presence };
    await queue.store.admit(concertId, short);
    for (const who of rest) await who.placeStatus(who.mark);
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

  it("but his session goes on meanwhile, and ends when it ends", async () => {
    const { queue, concertId, pass, rest } = await scene(open, 1);
    const [who] = rest;
    assert.ok(who);
    const short = { ...wideTerms, claimMs: 2_000, sessionMs: 30_000, maxActive: 2, presence };
    await queue.store.admit(concertId, short);
    queue.advance(30_000);
    await pass();
    assert.notEqual((await who.placeStatus(who.mark)).kind, "active");
  });

  it("who asks behind a front that has become shorter is not missed by what he was told before", async () => {
    const { queue, pass, position, rest } = await scene(open, 4);
    const [first, last] = [rest[0], rest[3]];
    assert.ok(first && last);
    const narrow = { trackedMax: 2 };
    queue.advance(3_000);
    await pass(1, narrow);
    await first.end(first.mark);
    assert.equal(await position(last), 3);
    queue.advance(missedMs - 3_000);
    const report = await pass(1_000, narrow);
    assert.deepEqual([report.admitted, report.skipped], [3, 0]);
    assert.equal((await last.placeStatus(last.mark)).kind, "active");
  });

  it("nobody is watched who stands further back than the terms say", async () => {
    const { queue, concertId, live } = await scene(open, 5);
    const narrow = { ...wideTerms, maxActive: 1, presence: { ...presence, trackedMax: 2 } };
    await live(missedLateMs);
    await queue.store.admit(concertId, narrow);
    const report = await queue.store.admit(concertId, { ...narrow, maxActive: 100 });
    assert.equal(report.skipped + report.admitted, 5);
  });
};

/** What every store does about people who are not there. */
export const absenceContract = (name: string, open: OpenQueue): void => {
  describe(`${name}: who is absent at the front`, () => missing(open));
  describe(`${name}: who cannot be blamed for it`, () => forbearing(open));
};
