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

/** Whether users may have had places that the store has lost. */
export type Life = "first" | "after a loss";

/** Opens a queue of its own for a test. */
export type OpenQueue = (life?: Life) => Promise<QueueUnderTest>;

export const newConcert = (): ConcertId => toId<"concert">(randomUUID());
export const newUser = (): UserId => toId<"user">(randomUUID());
export const newReservation = (): ReservationId => toId<"reservation">(randomUUID());

export const openTerms: JoinTerms = { opensAtMs: 0, final: false };

/** Admits every user: the rate, the cap and the stock set no limit. */
export const wideTerms: PassTerms = {
  sessionMs: 600_000,
  idleMs: 0,
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
    // No user counts as absent, and a test's clock may jump: absence.contract.ts sets these.
    trackedMax: 0,
    passGapMs: 1e12,
  },
  retentionMs: 604_800_000,
};

/** Returns the result of a join that gave a place; any other result fails the test. */
export const inQueue = (result: JoinResult) => {
  assert.equal(result.kind, "in-queue");
  return result.kind === "in-queue" ? result : assert.fail();
};

/** One user's calls to one concert's queue. */
export const person = (queue: StoreUnderTest, concertId: ConcertId, userId = newUser()) => {
  const { store } = queue;
  return {
    userId,
    join: (terms = openTerms) => store.join(concertId, userId, terms),
    /** Joins and returns the place. */
    async place(): Promise<PlaceMark> {
      return inQueue(await store.join(concertId, userId, openTerms)).status.place;
    },
    read: (place: PlaceMark): Promise<PlaceReading> => store.getStatus(concertId, userId, place),
    async placeStatus(place: PlaceMark): Promise<StoredPlaceStatus> {
      return (await store.getStatus(concertId, userId, place)).status;
    },
    end: (place: PlaceMark, reason: "PAID" | "LEFT" | "LAPSED" = "LEFT") =>
      store.end(concertId, userId, place, reason),
    restore: (place: PlaceMark, activeUntilMs: number | null = null) =>
      store.restore(concertId, userId, place, activeUntilMs),
  };
};

/** Lets `count` new users join one after the other. Returns them with their places. */
export const crowd = async (queue: StoreUnderTest, concertId: ConcertId, count: number) => {
  const people = [];
  for (let index = 0; index < count; index += 1) {
    const user = person(queue, concertId);
    people.push({ ...user, mark: await user.place() });
  }
  return people;
};

export const positionOf = (placeStatus: StoredPlaceStatus): number | null =>
  placeStatus.kind === "waiting" ? placeStatus.position : null;

const joining = (open: () => Promise<QueueUnderTest>): void => {
  it("joins give places in order of arrival, numbered from 1", async () => {
    const queue = await open();
    const concertId = newConcert();
    const people = await crowd(queue, concertId, 3);
    assert.deepEqual(
      people.map(({ mark }) => mark.seq),
      [1, 2, 3],
    );
    const placeStatuses = await Promise.all(people.map((user) => user.placeStatus(user.mark)));
    assert.deepEqual(placeStatuses.map(positionOf), [1, 2, 3]);
  });

  it("one user has one place, however many joins run in parallel", async () => {
    const queue = await open();
    const concertId = newConcert();
    const user = person(queue, concertId);
    const results = await Promise.all(Array.from({ length: 20 }, () => user.join()));
    const joined = results.map((result) => inQueue(result));
    assert.equal(joined.filter(({ isNew }) => isNew).length, 1);
    assert.equal(new Set(joined.map(({ status }) => status.place.seq)).size, 1);
    assert.equal((await queue.store.getSnapshot(concertId)).counters.waiting, 1);
  });

  it("each concert has a queue of its own", async () => {
    const queue = await open();
    const userId = newUser();
    await crowd(queue, newConcert(), 2);
    const place = await person(queue, newConcert(), userId).place();
    assert.equal(place.seq, 1);
  });

  it("the store refuses joins before the opening by its own clock and accepts them from then on", async () => {
    const queue = await open();
    const user = person(queue, newConcert());
    const terms = { opensAtMs: queue.nowMs() + 1_000, final: false };
    assert.deepEqual(await user.join(terms), { kind: "not-open" });
    queue.advance(999);
    assert.deepEqual(await user.join(terms), { kind: "not-open" });
    queue.advance(1);
    assert.equal(inQueue(await user.join(terms)).isNew, true);
  });

  it("a join that only finds returns the live place of the user and gives no new one", async () => {
    const queue = await open();
    const concertId = newConcert();
    const [first] = await crowd(queue, concertId, 1);
    assert.ok(first);
    const find = { ...openTerms, findOnly: true };
    const found = inQueue(await first.join(find));
    assert.equal(found.isNew, false);
    assert.deepEqual(found.status.place, first.mark);
    const stranger = person(queue, concertId);
    assert.deepEqual(await stranger.join(find), { kind: "no-place" });
    assert.deepEqual(await stranger.join({ ...find, final: true }), { kind: "over" });
    const early = { ...find, opensAtMs: queue.nowMs() + 1_000 };
    assert.deepEqual(await stranger.join(early), { kind: "not-open" });
    assert.equal(inQueue(await stranger.join(openTerms)).isNew, true);
    assert.equal((await queue.store.getSnapshot(concertId)).counters.waiting, 2);
  });

  it("a join to a queue that is over returns a place only to an ACTIVE user", async () => {
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

const reading = (open: () => Promise<QueueUnderTest>): void => {
  it("positions are exact and fall when a user ahead leaves", async () => {
    const queue = await open();
    const concertId = newConcert();
    const [first, second, third] = await crowd(queue, concertId, 3);
    assert.ok(first && second && third);
    assert.equal(await second.end(second.mark), "ended");
    assert.equal(positionOf(await first.placeStatus(first.mark)), 1);
    assert.equal(positionOf(await third.placeStatus(third.mark)), 2);
  });

  it("a place that was never given is unknown", async () => {
    const queue = await open();
    const user = person(queue, newConcert());
    assert.deepEqual(await user.placeStatus({ epoch: 1, seq: 5 }), { kind: "unknown" });
    const place = await user.place();
    assert.deepEqual(await user.placeStatus({ ...place, seq: place.seq + 1 }), { kind: "unknown" });
  });

  it("an older place is superseded by a newer one of the same user", async () => {
    const queue = await open();
    const user = person(queue, newConcert());
    const older = await user.place();
    await user.end(older);
    const newer = await user.place();
    assert.notEqual(newer.seq, older.seq);
    assert.equal((await user.placeStatus(older)).kind, "superseded");
    assert.equal((await user.placeStatus(newer)).kind, "waiting");
  });

  it("parallel callers each get the status of their own place", async () => {
    const queue = await open();
    const concertId = newConcert();
    const people = await crowd(queue, concertId, 5);
    const stranger = person(queue, concertId);
    const readings = await Promise.all([
      ...people.map((user) => user.read(user.mark)),
      stranger.read({ epoch: 1, seq: 3 }),
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
  it("a place ends once, with its reason, and its user may join again at the back", async () => {
    const queue = await open();
    const concertId = newConcert();
    const [user] = await crowd(queue, concertId, 3);
    assert.ok(user);
    assert.equal(await user.end(user.mark), "ended");
    assert.equal(await user.end(user.mark), "absent");
    assert.deepEqual(await user.placeStatus(user.mark), { kind: "ended", reason: "LEFT" });
    const again = inQueue(await user.join());
    assert.equal(again.isNew, true);
    assert.equal(positionOf(again.status), 3);
  });

  it("the end of an older place does not end a newer one", async () => {
    const queue = await open();
    const user = person(queue, newConcert());
    const older = await user.place();
    await user.end(older);
    const newer = await user.place();
    assert.equal(await user.end(older, "PAID"), "newer");
    assert.equal((await user.placeStatus(newer)).kind, "waiting");
  });

  it("the store deletes the reason of an ending once the database has it", async () => {
    const queue = await open();
    const concertId = newConcert();
    const user = person(queue, concertId);
    const place = await user.place();
    await user.end(place);
    const page = await queue.store.readJournal(concertId, 10);
    assert.ok(page);
    await queue.store.trimJournal(concertId, page);
    assert.deepEqual(await user.placeStatus(place), { kind: "unknown" });
  });
};

const restoring = (open: OpenQueue): void => {
  it("a lost place is restored at its own order, ahead of later ones", async () => {
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

  it("a lost slot is restored until its own end", async () => {
    const queue = await open();
    const user = person(queue, newConcert());
    const place = { epoch: 1, seq: 7 };
    const untilMs = queue.nowMs() + 5_000;
    await user.restore(place, untilMs);
    assert.deepEqual(await user.placeStatus(place), {
      kind: "active",
      place,
      expiresAtMs: untilMs,
    });
    queue.advance(5_000);
    assert.deepEqual(await user.placeStatus(place), { kind: "ended", reason: "LAPSED" });
  });

  it("a restore changes nothing for a place that is live, has ended, or has a newer one", async () => {
    const queue = await open();
    const concertId = newConcert();
    const [ahead, user] = await crowd(queue, concertId, 2);
    assert.ok(ahead && user);
    await user.restore(user.mark, queue.nowMs() + 1_000);
    assert.equal(positionOf(await user.placeStatus(user.mark)), 2);
    await user.restore({ epoch: 1, seq: 1 });
    assert.equal(positionOf(await user.placeStatus(user.mark)), 2);
    await user.end(user.mark);
    await user.restore(user.mark);
    assert.equal((await user.placeStatus(user.mark)).kind, "ended");
  });
};

const journalling = (open: () => Promise<QueueUnderTest>): void => {
  it("the journal keeps its entries in order until they are confirmed", async () => {
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
    const noSlot = { atMs, activeUntilMs: null };
    assert.deepEqual(page.batches, [
      {
        queueEpoch: page.epoch,
        entries: [
          { n: 1, kind: "ADMITTED", userId: first.userId, ...first.mark, atMs, activeUntilMs },
          { n: 2, kind: "PAID", userId: first.userId, ...first.mark, ...noSlot },
        ],
      },
    ]);
    await queue.store.trimJournal(concertId, page);
    await queue.store.trimJournal(concertId, page);
    const next = await queue.store.readJournal(concertId, 10);
    assert.deepEqual(
      next?.batches.flatMap(({ entries }) => entries.map(({ n, kind }) => [n, kind])),
      [[3, "LEFT"]],
    );
  });
};

/** Tests of every queue store; admission-pass.contract.ts has those of the pass. */
export const queueStoreContract = (name: string, open: OpenQueue): void => {
  describe(`${name}: joining`, () => joining(open));
  describe(`${name}: reading statuses`, () => reading(open));
  describe(`${name}: ending`, () => ending(open));
  describe(`${name}: restoring`, () => restoring(open));
  describe(`${name}: journal`, () => journalling(open));
};
