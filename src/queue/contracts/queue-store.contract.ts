import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import { toId, type ConcertId, type ReservationId, type UserId } from "#kernel/ids.ts";
import type { PlaceMark } from "#kernel/place.ts";
import type { PassTerms } from "../admission/domain/admission.ts";
import type {
  JoinResult,
  JoinTerms,
  PlaceReading,
  StoredPlaceStatus,
} from "../admission/ports/queue-store.ts";
import type { QueueBackend } from "../adapters/queue-backend.ts";

/** A store under test, with a clock that only the test moves. */
export interface QueueUnderTest extends QueueBackend {
  nowMs(): number;
  advance(ms: number): void;
  /** Moves the clock, and waits until the expiry times of the store itself have moved as far. */
  outlive(ms: number): Promise<void>;
}

type StoreUnderTest = Pick<QueueUnderTest, "store">;

/** Whether people may have had places before, in a store that has lost them. */
export type Life = "first" | "after a loss";

/** Opens a line of its own for a test. */
export type OpenQueue = (life?: Life) => Promise<QueueUnderTest>;

export const newConcert = (): ConcertId => toId<"concert">(randomUUID());
export const newUser = (): UserId => toId<"user">(randomUUID());
export const newReservation = (): ReservationId => toId<"reservation">(randomUUID());

export const openTerms: JoinTerms = { opensAtMs: 0, final: false };

/** Admits whoever is there: rate, cap and stock far away. */
export const wideTerms: PassTerms = {
  sessionMs: 600_000,
  claimMs: 60_000,
  admissionsPerMinute: 60_000,
  maxActive: 1_000,
  shoppersMax: 1_000,
  admitsFromMs: 0,
  final: null,
  peopleMax: 100,
  presence: {
    pollPerPlaceMs: 100,
    pollNearMs: 1_000,
    pollSlowestMs: 20_000,
    graceMs: 5_000,
    // Nobody is missed, and a test's clock may jump: absence.contract.ts sets these.
    trackedMax: 0,
    passGapMs: 1e12,
  },
  retentionMs: 604_800_000,
};

/** The sight of somebody who was let into the queue; anything else fails the test. */
export const inQueue = (result: JoinResult) => {
  assert.equal(result.kind, "in-queue");
  return result.kind === "in-queue" ? result : assert.fail();
};

/** A person's acts on one concert's queue. */
export const person = (queue: StoreUnderTest, concertId: ConcertId, userId = newUser()) => {
  const { store } = queue;
  return {
    userId,
    join: (terms = openTerms) => store.join(concertId, userId, terms),
    /** Joins and answers the place. */
    async place(): Promise<PlaceMark> {
      return inQueue(await store.join(concertId, userId, openTerms)).status.place;
    },
    look: (place: PlaceMark): Promise<PlaceReading> => store.getStatus(concertId, userId, place),
    async placeStatus(place: PlaceMark): Promise<StoredPlaceStatus> {
      return (await store.getStatus(concertId, userId, place)).status;
    },
    end: (place: PlaceMark, reason: "PAID" | "LEFT" | "LAPSED" = "LEFT") =>
      store.end(concertId, userId, place, reason),
    restore: (place: PlaceMark, activeUntilMs: number | null = null) =>
      store.restore(concertId, userId, place, activeUntilMs),
  };
};

/** So many people who joined one after the other, with their places. */
export const crowd = async (queue: StoreUnderTest, concertId: ConcertId, count: number) => {
  const people = [];
  for (let index = 0; index < count; index += 1) {
    const who = person(queue, concertId);
    people.push({ ...who, mark: await who.place() });
  }
  return people;
};

export const positionOf = (placeStatus: StoredPlaceStatus): number | null =>
  placeStatus.kind === "waiting" ? placeStatus.position : null;

const joining = (open: () => Promise<QueueUnderTest>): void => {
  it("gives places in order of arrival, numbered from 1", async () => {
    const queue = await open();
    const concertId = newConcert();
    const people = await crowd(queue, concertId, 3);
    assert.deepEqual(
      people.map(({ mark }) => mark.seq),
      [1, 2, 3],
    );
    const placeStatuses = await Promise.all(people.map((who) => who.placeStatus(who.mark)));
    assert.deepEqual(placeStatuses.map(positionOf), [1, 2, 3]);
  });

  it("gives one user one place, however often and parallel he asks", async () => {
    const queue = await open();
    const concertId = newConcert();
    const who = person(queue, concertId);
    const results = await Promise.all(Array.from({ length: 20 }, () => who.join()));
    const joined = results.map((result) => inQueue(result));
    assert.equal(joined.filter(({ isNew }) => isNew).length, 1);
    assert.equal(new Set(joined.map(({ status }) => status.place.seq)).size, 1);
    assert.equal((await queue.store.getSnapshot(concertId)).counters.waiting, 1);
  });

  it("keeps queues of concerts apart", async () => {
    const queue = await open();
    const userId = newUser();
    await crowd(queue, newConcert(), 2);
    const place = await person(queue, newConcert(), userId).place();
    assert.equal(place.seq, 1);
  });

  it("refuses newcomers before the opening, by its own clock, and takes them from that moment on", async () => {
    const queue = await open();
    const who = person(queue, newConcert());
    const terms = { opensAtMs: queue.nowMs() + 1_000, final: false };
    assert.deepEqual(await who.join(terms), { kind: "not-open" });
    queue.advance(999);
    assert.deepEqual(await who.join(terms), { kind: "not-open" });
    queue.advance(1);
    assert.equal(inQueue(await who.join(terms)).isNew, true);
  });

  it("of a queue that is over knows only the ACTIVE", async () => {
    const queue = await open();
    const concertId = newConcert();
    const [first, second] = await crowd(queue, concertId, 2);
    assert.ok(first && second);
    await queue.store.admit(concertId, { ...wideTerms, maxActive: 1 });
    const over = { opensAtMs: 0, final: true };
    assert.equal(inQueue(await first.join(over)).status.kind, "active");
    assert.deepEqual(await second.join(over), { kind: "over" });
    assert.deepEqual(await person(queue, concertId).join(over), { kind: "over" });
  });
};

const looking = (open: () => Promise<QueueUnderTest>): void => {
  it("tells exact positions, which fall when somebody ahead leaves", async () => {
    const queue = await open();
    const concertId = newConcert();
    const [first, second, third] = await crowd(queue, concertId, 3);
    assert.ok(first && second && third);
    assert.equal(await second.end(second.mark), "ended");
    assert.equal(positionOf(await first.placeStatus(first.mark)), 1);
    assert.equal(positionOf(await third.placeStatus(third.mark)), 2);
  });

  it("does not know a place that was never given, and says so", async () => {
    const queue = await open();
    const who = person(queue, newConcert());
    assert.deepEqual(await who.placeStatus({ epoch: 1, seq: 5 }), { kind: "unknown" });
    const place = await who.place();
    assert.deepEqual(await who.placeStatus({ ...place, seq: place.seq + 1 }), { kind: "unknown" });
  });

  it("ends the older place of a user who has a newer one", async () => {
    const queue = await open();
    const who = person(queue, newConcert());
    const older = await who.place();
    await who.end(older);
    const newer = await who.place();
    assert.notEqual(newer.seq, older.seq);
    assert.equal((await who.placeStatus(older)).kind, "superseded");
    assert.equal((await who.placeStatus(newer)).kind, "waiting");
  });

  it("answers many callers of one turn, each about his own place", async () => {
    const queue = await open();
    const concertId = newConcert();
    const people = await crowd(queue, concertId, 5);
    const stranger = person(queue, concertId);
    const readings = await Promise.all([
      ...people.map((who) => who.look(who.mark)),
      stranger.look({ epoch: 1, seq: 3 }),
    ]);
    assert.deepEqual(
      readings.map(({ status }) => positionOf(status)),
      [1, 2, 3, 4, 5, null],
    );
    assert.equal(readings[5]?.status.kind, "unknown");
    assert.equal(readings[0]?.snapshot.counters.waiting, 5);
    assert.equal(readings[0]?.snapshot.counters.lastIssued, 5);
  });
};

const ending = (open: () => Promise<QueueUnderTest>): void => {
  it("ends a place once, tells the reason, and lets its user stand behind everybody", async () => {
    const queue = await open();
    const concertId = newConcert();
    const [who] = await crowd(queue, concertId, 3);
    assert.ok(who);
    assert.equal(await who.end(who.mark), "ended");
    assert.equal(await who.end(who.mark), "absent");
    assert.deepEqual(await who.placeStatus(who.mark), { kind: "ended", reason: "LEFT" });
    const again = inQueue(await who.join());
    assert.equal(again.isNew, true);
    assert.equal(positionOf(again.status), 3);
  });

  it("cannot end a newer place", async () => {
    const queue = await open();
    const who = person(queue, newConcert());
    const older = await who.place();
    await who.end(older);
    const newer = await who.place();
    assert.equal(await who.end(older, "PAID"), "newer");
    assert.equal((await who.placeStatus(newer)).kind, "waiting");
  });

  it("forgets why a place ended once the database has it", async () => {
    const queue = await open();
    const concertId = newConcert();
    const who = person(queue, concertId);
    const place = await who.place();
    await who.end(place);
    const page = await queue.store.readJournal(concertId, 10);
    assert.ok(page);
    await queue.store.trimJournal(concertId, page);
    assert.deepEqual(await who.placeStatus(place), { kind: "unknown" });
  });
};

const restoring = (open: OpenQueue): void => {
  it("puts a lost place back at its own order, ahead of later ones", async () => {
    const queue = await open("after a loss");
    const concertId = newConcert();
    await queue.store.rebuild(concertId, [], true);
    await crowd(queue, concertId, 3);
    const lost = person(queue, concertId);
    await lost.restore({ epoch: 1, seq: 2 ** 30 });
    const earlier = person(queue, concertId);
    await earlier.restore({ epoch: 1, seq: 2 ** 30 - 1 });
    assert.equal(positionOf(await lost.placeStatus({ epoch: 1, seq: 2 ** 30 })), 2);
    assert.equal(positionOf(await earlier.placeStatus({ epoch: 1, seq: 2 ** 30 - 1 })), 1);
  });

  it("puts a lost slot back until its own end", async () => {
    const queue = await open();
    const who = person(queue, newConcert());
    const place = { epoch: 1, seq: 7 };
    const untilMs = queue.nowMs() + 5_000;
    await who.restore(place, untilMs);
    assert.deepEqual(await who.placeStatus(place), { kind: "active", place, expiresAtMs: untilMs });
    queue.advance(5_000);
    assert.deepEqual(await who.placeStatus(place), { kind: "ended", reason: "LAPSED" });
  });

  it("changes nothing for a place that lives, has ended, or was followed by a newer one", async () => {
    const queue = await open();
    const concertId = newConcert();
    const [ahead, who] = await crowd(queue, concertId, 2);
    assert.ok(ahead && who);
    await who.restore(who.mark, queue.nowMs() + 1_000);
    assert.equal(positionOf(await who.placeStatus(who.mark)), 2);
    await who.restore({ epoch: 1, seq: 1 });
    assert.equal(positionOf(await who.placeStatus(who.mark)), 2);
    await who.end(who.mark);
    await who.restore(who.mark);
    assert.equal((await who.placeStatus(who.mark)).kind, "ended");
  });
};

const journalling = (open: () => Promise<QueueUnderTest>): void => {
  it("notes what happened, in order, until it is confirmed", async () => {
    const queue = await open();
    const concertId = newConcert();
    const [first, second] = await crowd(queue, concertId, 2);
    assert.ok(first && second);
    assert.equal(await queue.store.readJournal(concertId, 10), null);
    await queue.store.admit(concertId, { ...wideTerms, maxActive: 1 });
    await first.end(first.mark, "PAID");
    await second.end(second.mark);
    const page = await queue.store.readJournal(concertId, 2);
    assert.ok(page);
    const atMs = queue.nowMs();
    const activeUntilMs = atMs + wideTerms.sessionMs;
    const told = { atMs, activeUntilMs: null };
    assert.deepEqual(page.batches, [
      {
        queueEpoch: page.epoch,
        entries: [
          { n: 1, kind: "ADMITTED", userId: first.userId, ...first.mark, atMs, activeUntilMs },
          { n: 2, kind: "PAID", userId: first.userId, ...first.mark, ...told },
        ],
      },
    ]);
    await queue.store.trimJournal(concertId, page);
    await queue.store.trimJournal(concertId, page);
    const rest = await queue.store.readJournal(concertId, 10);
    assert.deepEqual(
      rest?.batches.flatMap(({ entries }) => entries.map(({ n, kind }) => [n, kind])),
      [[3, "LEFT"]],
    );
  });
};

/** What every store of the queue must do, whatever it is made of; see pass.contract.ts for the pass. */
export const queueStoreContract = (name: string, open: OpenQueue): void => {
  describe(`${name}: joining`, () => joining(open));
  describe(`${name}: looking`, () => looking(open));
  describe(`${name}: ending`, () => ending(open));
  describe(`${name}: restoring`, () => restoring(open));
  describe(`${name}: journal`, () => journalling(open));
};
