import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { RecordedPlace } from "../recovery/domain/recorded-place.ts";
import { recoveryMs } from "../admission/domain/poll-interval.ts";
import {
  crowd,
  newConcert,
  newReservation,
  newUser,
  person,
  positionOf,
  wideTerms,
  type OpenQueue,
} from "./queue-store.contract.ts";

/** A queue whose store may have lost its places; none of them is restored yet. */
export const lossScene = async (open: OpenQueue) => {
  const queue = await open("after a loss");
  const concertId = newConcert();
  const pass = (maxActive = 1_000) => queue.store.admit(concertId, { ...wideTerms, maxActive });
  const rebuild = (people: readonly RecordedPlace[] = [], last = true) =>
    queue.store.rebuild(concertId, people, last);
  const recovering = async () => (await queue.store.getSnapshot(concertId)).counters.recovering;
  /** Rebuilds the queue from the database and advances the clock to the end of the recovery. */
  const recover = async (people: readonly RecordedPlace[] = []) => {
    await rebuild(people);
    queue.advance(recoveryMs);
  };
  await queue.store.getSnapshot(concertId);
  const returning = () => person(queue, concertId);
  return { queue, concertId, pass, rebuild, recovering, recover, returning };
};

const recoveringQueue = (open: OpenQueue): void => {
  it("a queue that never had a place has no recovery", async () => {
    const queue = await open();
    const concertId = newConcert();
    await crowd(queue, concertId, 1);
    const report = await queue.store.admit(concertId, wideTerms);
    assert.deepEqual([report.admitted, report.recovery], [1, null]);
  });

  it("recovery admits no user until its time is over, to the millisecond, and the rebuild is complete", async () => {
    const { queue, pass, rebuild, recovering, returning } = await lossScene(open);
    await returning().restore({ epoch: 1, seq: 1 });
    assert.deepEqual([(await pass()).admitted, (await pass()).recovery], [0, "to-rebuild"]);
    queue.advance(recoveryMs);
    assert.deepEqual([(await pass()).admitted, await recovering()], [0, true]);
    await rebuild([], false);
    assert.equal((await pass()).recovery, "to-rebuild", "there is more to come");
    await rebuild();
    assert.deepEqual([(await pass()).admitted, await recovering()], [1, false]);
  });

  it("recovery lasts its whole time even when the rebuild completes at once", async () => {
    const { queue, concertId, pass, rebuild } = await lossScene(open);
    await rebuild();
    await crowd(queue, concertId, 1);
    queue.advance(recoveryMs - 1);
    assert.deepEqual([(await pass()).admitted, (await pass()).recovery], [0, "rebuilt"]);
    queue.advance(1);
    assert.equal((await pass()).admitted, 1);
  });

  it("recovery is over for good, even when the clock goes back", async () => {
    const { queue, recover, recovering } = await lossScene(open);
    await recover();
    assert.equal(await recovering(), false);
    queue.advance(-3_600_000);
    assert.equal(await recovering(), false);
  });

  it("a user who returns during recovery keeps the old order, ahead of newcomers", async () => {
    const { queue, concertId, returning, rebuild, recover, pass } = await lossScene(open);
    await rebuild();
    const [newcomer] = await crowd(queue, concertId, 1);
    const [first, second] = [returning(), returning()];
    await second.restore({ epoch: 1, seq: 2 });
    await first.restore({ epoch: 1, seq: 1 });
    await recover();
    assert.ok(newcomer);
    assert.equal((await pass(2)).admitted, 2);
    assert.equal((await second.placeStatus({ epoch: 1, seq: 2 })).kind, "active");
    assert.equal(positionOf(await newcomer.placeStatus(newcomer.mark)), 1);
  });

  it("a user who returns after recovery is next, in order of return, and counts in no other position", async () => {
    const { queue, concertId, returning, recover, pass } = await lossScene(open);
    const inTime = returning();
    await inTime.restore({ epoch: 1, seq: 5 });
    await recover();
    await pass(0);
    const [one, other] = [returning(), returning()];
    await one.restore({ epoch: 1, seq: 9 });
    await other.restore({ epoch: 1, seq: 3 });
    assert.equal(positionOf(await inTime.placeStatus({ epoch: 1, seq: 5 })), 1);
    assert.equal(positionOf(await one.placeStatus({ epoch: 1, seq: 9 })), 1);
    assert.equal(positionOf(await other.placeStatus({ epoch: 1, seq: 3 })), 2);
    await pass(1);
    assert.equal((await one.placeStatus({ epoch: 1, seq: 9 })).kind, "active");
    assert.equal(positionOf(await other.placeStatus({ epoch: 1, seq: 3 })), 1);
    assert.equal((await queue.store.getSnapshot(concertId)).counters.waiting, 2);
  });
};

const rebuilding = (open: OpenQueue): void => {
  const place = { epoch: 1, seq: 7 };

  it("a rebuild restores the slots in the journal, with their own ends and holds", async () => {
    const { queue, concertId, rebuild } = await lossScene(open);
    const [plain, carried] = [newUser(), newUser()];
    const activeUntilMs = queue.nowMs() + 5_000;
    const hold = { reservationId: newReservation(), expiresAtMs: queue.nowMs() + 9_000 };
    const state = { kind: "admitted" as const, activeUntilMs };
    await rebuild([
      { userId: plain, ...place, state: { ...state, hold: null } },
      { userId: carried, epoch: 1, seq: 8, state: { ...state, hold } },
    ]);
    const placeStatus = async (userId: typeof plain, seq: number) =>
      (await queue.store.getStatus(concertId, userId, { epoch: 1, seq })).status;
    const active = { kind: "active", place, expiresAtMs: activeUntilMs };
    assert.deepEqual(await placeStatus(plain, 7), active);
    const held = { kind: "active", place: { epoch: 1, seq: 8 }, expiresAtMs: hold.expiresAtMs };
    assert.deepEqual(await placeStatus(carried, 8), held);
    assert.equal((await queue.store.getSnapshot(concertId)).counters.holding, 1);
  });

  it("a rebuild moves a user who returned with an old token from the queue to the slot", async () => {
    const { queue, returning, rebuild } = await lossScene(open);
    const user = returning();
    await user.restore(place);
    const activeUntilMs = queue.nowMs() + 5_000;
    const state = { kind: "admitted" as const, activeUntilMs, hold: null };
    await rebuild([{ userId: user.userId, ...place, state }]);
    assert.equal((await user.placeStatus(place)).kind, "active");
  });

  it("a rebuild does not shorten a slot that the store has", async () => {
    const { queue, returning, rebuild } = await lossScene(open);
    const user = returning();
    const untilMs = queue.nowMs() + 9_000;
    await user.restore(place, untilMs);
    const state = { kind: "admitted" as const, activeUntilMs: untilMs - 5_000, hold: null };
    await rebuild([{ userId: user.userId, ...place, state }]);
    const still = { kind: "active", place, expiresAtMs: untilMs };
    assert.deepEqual(await user.placeStatus(place), still);
  });

  it("a hold in the database carries a slot that was restored before the rebuild", async () => {
    const { queue, returning, rebuild } = await lossScene(open);
    const user = returning();
    const untilMs = queue.nowMs() + 4_000;
    await user.restore(place, untilMs);
    const hold = { reservationId: newReservation(), expiresAtMs: queue.nowMs() + 60_000 };
    const state = { kind: "admitted" as const, activeUntilMs: untilMs, hold };
    await rebuild([{ userId: user.userId, ...place, state }]);
    const carried = { kind: "active", place, expiresAtMs: hold.expiresAtMs };
    assert.deepEqual(await user.placeStatus(place), carried);
  });

  it("a rebuild lengthens a slot from an older admission", async () => {
    const { queue, returning, rebuild } = await lossScene(open);
    const user = returning();
    await user.restore(place, queue.nowMs() + 4_000);
    const state = { kind: "admitted" as const, activeUntilMs: queue.nowMs() + 9_000, hold: null };
    await rebuild([{ userId: user.userId, ...place, state }]);
    const longer = { kind: "active", place, expiresAtMs: queue.nowMs() + 9_000 };
    assert.deepEqual(await user.placeStatus(place), longer);
  });

  it("a pass ends no session before the rebuild, because the database may have a hold", async () => {
    const { queue, returning, pass, rebuild } = await lossScene(open);
    const user = returning();
    const untilMs = queue.nowMs() + 1_000;
    await user.restore(place, untilMs);
    queue.advance(1_000);
    assert.equal((await pass()).lapsed, 0);
    assert.equal((await user.placeStatus(place)).kind, "active");
    const hold = { reservationId: newReservation(), expiresAtMs: queue.nowMs() + 60_000 };
    const state = { kind: "admitted" as const, activeUntilMs: untilMs, hold };
    const other = returning();
    await other.restore({ epoch: 1, seq: 8 }, untilMs + 1);
    await rebuild([{ userId: user.userId, ...place, state }]);
    queue.advance(1_000);
    assert.equal((await pass()).lapsed, 1);
    assert.equal((await user.placeStatus(place)).kind, "active");
  });

  it("a rebuild ends a session that ran out during the loss and writes that to the journal", async () => {
    const { queue, concertId, returning, rebuild } = await lossScene(open);
    const user = returning();
    await user.restore(place);
    const state = { kind: "admitted" as const, activeUntilMs: queue.nowMs(), hold: null };
    await rebuild([{ userId: user.userId, ...place, state }]);
    assert.deepEqual(await user.placeStatus(place), { kind: "ended", reason: "LAPSED" });
    const page = await queue.store.readJournal(concertId, 10);
    const kinds = page?.batches.flatMap(({ entries }) => entries.map(({ kind }) => kind));
    assert.deepEqual(kinds, ["LAPSED"]);
  });

  it("a rebuild ends the places that have ended and keeps that a user has paid", async () => {
    const { queue, concertId, returning, rebuild, recover, pass } = await lossScene(open);
    const [paid, left] = [returning(), returning()];
    await paid.restore(place, queue.nowMs() + 60_000);
    await left.restore({ epoch: 1, seq: 8 });
    await rebuild([
      { userId: paid.userId, ...place, state: { kind: "ended", reason: "PAID" } },
      { userId: left.userId, epoch: 1, seq: 8, state: { kind: "ended", reason: "LEFT" } },
    ]);
    const { counters } = await queue.store.getSnapshot(concertId);
    assert.deepEqual([counters.waiting, counters.active], [0, 0]);
    await recover();
    const again = await paid.place();
    await pass();
    const checked = await queue.gate.checkActive({ concertId, userId: paid.userId, ...again });
    assert.deepEqual(checked, { kind: "active", holding: false, bought: true });
  });

  it("a rebuild does not change a newer place than the one in the database", async () => {
    const { queue, rebuild, returning } = await lossScene(open);
    const mark = { epoch: 1, seq: 2 };
    const newer = [returning(), returning()];
    for (const user of newer) await user.restore(mark);
    const older = { epoch: 1, seq: 1 };
    const states = [
      { kind: "ended", reason: "PAID" },
      { kind: "admitted", activeUntilMs: queue.nowMs() + 1_000, hold: null },
      { kind: "skipped", hasBeenAdmitted: true },
    ] as const;
    for (const state of states)
      await rebuild(
        newer.map(({ userId }) => ({ userId, ...older, state })),
        false,
      );
    for (const user of newer) assert.equal((await user.placeStatus(mark)).kind, "waiting");
  });

  it("a rebuild keeps skipped users out of the queue; on return they are next, with the same chances", async () => {
    const { queue, concertId, returning, rebuild, recover, pass } = await lossScene(open);
    const [once, never] = [returning(), returning()];
    const other = { epoch: 1, seq: 8 };
    await rebuild([
      { userId: once.userId, ...place, state: { kind: "skipped", hasBeenAdmitted: true } },
      { userId: never.userId, ...other, state: { kind: "skipped", hasBeenAdmitted: false } },
    ]);
    assert.equal((await queue.store.getSnapshot(concertId)).counters.waiting, 0);
    await recover();
    await pass();
    for (const [user, at] of [
      [once, place],
      [never, other],
    ] as const)
      assert.equal((await user.placeStatus(at)).kind, "waiting");
    assert.equal((await pass()).admitted, 2);
    queue.advance(wideTerms.claimMs);
    const { lapsed, skipped } = await pass();
    assert.deepEqual([lapsed, skipped], [1, 1]);
  });

  it("a rebuild that arrives after recovery restores nothing", async () => {
    const { queue, concertId, returning, rebuild, recover, pass } = await lossScene(open);
    const user = returning();
    const skippedState = { kind: "skipped" as const, hasBeenAdmitted: false };
    const read = [{ userId: user.userId, ...place, state: skippedState }];
    await recover(read);
    await pass();
    await user.placeStatus(place);
    assert.equal((await pass()).admitted, 1);
    await user.end(place, "PAID");
    const page = await queue.store.readJournal(concertId, 100);
    assert.ok(page);
    await queue.store.trimJournal(concertId, page);
    await rebuild(read);
    assert.equal((await user.placeStatus(place)).kind, "unknown", "the place has ended");
  });

  it("a second rebuild changes nothing", async () => {
    const { queue, concertId, rebuild } = await lossScene(open);
    const userId = newUser();
    const activeUntilMs = queue.nowMs() + 5_000;
    const state = { kind: "admitted" as const, activeUntilMs, hold: null };
    for (let times = 0; times < 2; times += 1) await rebuild([{ userId, ...place, state }]);
    assert.equal((await queue.store.getSnapshot(concertId)).counters.active, 1);
  });
};

/** Tests of how every store recovers a queue that it may have lost. */
export const recoveryContract = (name: string, open: OpenQueue): void => {
  describe(`${name}: recovery after a loss`, () => recoveringQueue(open));
  describe(`${name}: rebuild from the database`, () => rebuilding(open));
};
