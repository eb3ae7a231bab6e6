import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { UserId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { RecordedPlace } from "../recovery/domain/recorded-place.ts";
import { recoveryMs } from "../admission/domain/poll-interval.ts";
import {
  newReservation,
  newUser,
  openTerms,
  wideTerms,
  type OpenQueue,
} from "./queue-store.contract.ts";
import { lossScene } from "./recovery.contract.ts";

const place = { epoch: 1, seq: 7 };

/** An instance has read the database; events arrive after that read and before the rebuild. */
const scene = async (open: OpenQueue) => {
  const made = await lossScene(open);
  const { queue, concertId, returning } = made;
  const user = returning();
  const sessionMs = 5_000;
  const admitted = (userId: UserId = user.userId): RecordedPlace => {
    const activeUntilMs = queue.nowMs() + sessionMs;
    return { userId, ...place, state: { kind: "admitted", activeUntilMs, hold: null } };
  };
  const holdFor = (ms: number) => ({
    reservationId: newReservation(),
    expiresAtMs: queue.nowMs() + ms,
  });
  const userPlace = { concertId, userId: user.userId, ...place };
  const attempt = {
    ...userPlace,
    date: "2026-12-24",
    seatNumbers: [1],
    owner: "me",
    keyTag: "",
    lockMs: 4_000,
    leaseMs: 5_000,
  };
  /** Confirms the whole journal, as the server does before and after every rebuild. */
  const flush = async () => {
    const page = await queue.store.readJournal(concertId, 100);
    if (page !== null) await queue.store.trimJournal(concertId, page);
  };
  const counts = async () => {
    const { active, holding, waiting } = (await queue.store.getSnapshot(concertId)).counters;
    return { active, holding, waiting };
  };
  return { ...made, user, sessionMs, admitted, holdFor, userPlace, attempt, flush, counts };
};

const ending = (open: OpenQueue): void => {
  for (const [reason, storeState, outcome] of [
    ["LEFT", "has lost the place", "absent"],
    ["PAID", "has lost the place", "absent"],
    ["LEFT", "still has the place", "ended"],
    ["PAID", "still has the place", "ended"],
  ] as const) {
    it(`a place that has ended (${reason}) since the database was read gets no slot: the store ${storeState}`, async () => {
      const { queue, rebuild, user, admitted, flush, counts } = await scene(open);
      if (outcome === "ended") await user.restore(place, queue.nowMs() + 5_000);
      const read = [admitted()];
      assert.equal(await user.end(place, reason), outcome);
      await flush();
      await rebuild(read);
      assert.equal((await counts()).active, 0);
      assert.deepEqual(await user.placeStatus(place), { kind: "ended", reason });
      await user.restore(place, queue.nowMs() + 5_000);
      assert.deepEqual(await user.placeStatus(place), { kind: "ended", reason });
    });
  }

  it("an ending after the rebuild is kept only until the database has it", async () => {
    const { queue, rebuild, user, flush } = await scene(open);
    await rebuild();
    await user.restore(place, queue.nowMs() + 5_000);
    await user.end(place, "LEFT");
    await flush();
    assert.equal((await user.placeStatus(place)).kind, "unknown");
  });

  it("a second rebuild from the same read restores no place that ended after the first one", async () => {
    const { rebuild, user, admitted, flush, counts } = await scene(open);
    const read = [admitted()];
    await rebuild(read);
    await user.end(place, "LEFT");
    await flush();
    await rebuild(read);
    assert.equal((await counts()).active, 0);
  });
};

const holding = (open: OpenQueue): void => {
  it("a hold that arrives before the rebuild carries the restored slot", async () => {
    const { queue, rebuild, user, admitted, holdFor, userPlace, counts } = await scene(open);
    const read = [admitted()];
    const hold = holdFor(60_000);
    await queue.gate.carry({ ...userPlace, ...hold });
    await rebuild(read);
    const carried = { kind: "active", place, expiresAtMs: hold.expiresAtMs };
    assert.deepEqual(await user.placeStatus(place), carried);
    assert.equal((await counts()).holding, 1);
    await queue.gate.clear({ ...userPlace, ...hold });
    const plain = { kind: "active", place, expiresAtMs: queue.nowMs() + 5_000 };
    assert.deepEqual(await user.placeStatus(place), plain, "the session goes on where it was");
  });

  it("a hold from an attempt that the gate has lost carries the restored slot", async () => {
    const { queue, rebuild, user, admitted, holdFor, attempt } = await scene(open);
    const read = [admitted()];
    const hold = holdFor(60_000);
    await queue.gate.releaseLocks(attempt, hold);
    await rebuild(read);
    const carried = { kind: "active", place, expiresAtMs: hold.expiresAtMs };
    assert.deepEqual(await user.placeStatus(place), carried);
  });

  it("a hold carries the slot of a user who is waiting in the store's old snapshot", async () => {
    const { queue, rebuild, user, admitted, holdFor, userPlace } = await scene(open);
    await user.restore(place);
    const read = [admitted()];
    const hold = holdFor(60_000);
    await queue.gate.carry({ ...userPlace, ...hold });
    await rebuild(read);
    const carried = { kind: "active", place, expiresAtMs: hold.expiresAtMs };
    assert.deepEqual(await user.placeStatus(place), carried);
  });

  it("the later one of two holds carries the slot", async () => {
    const { queue, rebuild, user, admitted, holdFor, userPlace } = await scene(open);
    const late = holdFor(90_000);
    const state = { kind: "admitted", activeUntilMs: queue.nowMs() + 5_000, hold: late } as const;
    await queue.gate.carry({ ...userPlace, ...holdFor(60_000) });
    await rebuild([{ ...admitted(), state }]);
    const carried = { kind: "active", place, expiresAtMs: late.expiresAtMs };
    assert.deepEqual(await user.placeStatus(place), carried);
  });

  for (const isRestored of [false, true]) {
    const slot = isRestored ? "a restored slot" : "a slot that is not yet restored";
    it(`a hold that was cleared since the database was read does not carry ${slot}`, async () => {
      const { queue, rebuild, user, admitted, holdFor, userPlace, counts } = await scene(open);
      const recorded = admitted();
      const activeUntilMs = queue.nowMs() + 5_000;
      const hold = holdFor(60_000);
      const read = [{ ...recorded, state: { kind: "admitted", activeUntilMs, hold } as const }];
      if (isRestored) await user.restore(place, activeUntilMs);
      const clear = () => queue.gate.clear({ ...userPlace, ...hold });
      await assert.rejects(clear(), Unavailable, "the caller must retry");
      await rebuild(read);
      await clear();
      const plain = { kind: "active", place, expiresAtMs: activeUntilMs };
      assert.deepEqual(await user.placeStatus(place), plain);
      assert.equal((await counts()).holding, 0);
    });
  }

  it("a hold that arrives before the token does not shorten the slot that the token proves", async () => {
    const { queue, rebuild, user, holdFor, userPlace } = await scene(open);
    const hold = holdFor(60_000);
    await queue.gate.carry({ ...userPlace, ...hold });
    const activeUntilMs = queue.nowMs() + 300_000;
    await user.restore(place, activeUntilMs);
    await rebuild();
    await queue.gate.clear({ ...userPlace, ...hold });
    const plain = { kind: "active", place, expiresAtMs: activeUntilMs };
    assert.deepEqual(await user.placeStatus(place), plain);
  });

  it("a hold creates no slot for an ended or older place, after its own end, or after the rebuild", async () => {
    const { queue, rebuild, user, holdFor, userPlace, counts, returning } = await scene(open);
    await user.end(place, "LEFT");
    await queue.gate.carry({ ...userPlace, ...holdFor(60_000) });
    const newer = returning();
    await newer.restore({ epoch: 1, seq: 8 });
    await queue.gate.carry({ ...userPlace, userId: newer.userId, ...holdFor(60_000) });
    await queue.gate.carry({ ...userPlace, userId: newUser(), ...holdFor(0) });
    assert.deepEqual(await counts(), { active: 0, holding: 0, waiting: 1 });
    await rebuild();
    await queue.gate.carry({ ...userPlace, userId: newUser(), ...holdFor(60_000) });
    assert.deepEqual(await counts(), { active: 0, holding: 0, waiting: 1 });
  });
};

const returning = (open: OpenQueue): void => {
  it("a token restores a slot whose admission the database does not have", async () => {
    const { queue, recover, pass, user } = await scene(open);
    await user.restore(place);
    const activeUntilMs = queue.nowMs() + recoveryMs + 60_000;
    await user.restore(place, activeUntilMs);
    const active = { kind: "active", place, expiresAtMs: activeUntilMs };
    assert.deepEqual(await user.placeStatus(place), active);
    await recover();
    await pass();
    assert.deepEqual(await user.placeStatus(place), active);
  });

  it("a token never lengthens a slot, and gives none after recovery", async () => {
    const { queue, recover, user, returning: another } = await scene(open);
    const activeUntilMs = queue.nowMs() + recoveryMs + 60_000;
    await user.restore(place, activeUntilMs);
    await user.restore(place, activeUntilMs + 1_000);
    const active = { kind: "active", place, expiresAtMs: activeUntilMs };
    assert.deepEqual(await user.placeStatus(place), active);
    const waiting = another();
    await waiting.restore({ epoch: 1, seq: 8 });
    await recover();
    await waiting.restore({ epoch: 1, seq: 8 }, activeUntilMs);
    assert.equal((await waiting.placeStatus({ epoch: 1, seq: 8 })).kind, "waiting");
  });

  it("a join before the rebuild gives no new place to a user who may have one in the database", async () => {
    const { rebuild, user, admitted } = await scene(open);
    assert.equal((await user.join()).kind, "not-rebuilt");
    await rebuild([admitted()], false);
    assert.equal((await user.join()).kind, "not-rebuilt", "another page may have its ending");
    await rebuild();
    const joined = await user.join();
    assert.deepEqual(
      [joined.kind, joined.kind === "in-queue" && joined.isNew],
      ["in-queue", false],
    );
    const newcomer = await scene(open);
    await newcomer.rebuild();
    assert.equal((await newcomer.user.join()).kind, "in-queue");
  });

  it("a join before the rebuild returns no place of an old snapshot that may have ended", async () => {
    const { rebuild, user } = await scene(open);
    await user.restore(place);
    assert.equal((await user.join()).kind, "not-rebuilt");
    const ended = { kind: "ended", reason: "LEFT" } as const;
    await rebuild([{ userId: user.userId, ...place, state: ended }]);
    const joined = await user.join();
    assert.deepEqual([joined.kind, joined.kind === "in-queue" && joined.isNew], ["in-queue", true]);
  });

  it("an older place restored from its token replaces the place given during recovery", async () => {
    const { rebuild, recover, user, pass, counts } = await scene(open);
    await rebuild();
    const newer = await user.place();
    assert.deepEqual(await user.placeStatus(place), { kind: "superseded" });
    await user.restore(place);
    assert.equal((await user.placeStatus(place)).kind, "waiting");
    assert.deepEqual(await user.placeStatus(newer), { kind: "ended", reason: "LEFT" });
    await user.restore(newer);
    assert.deepEqual(await user.place(), place, "the user has one place, the older one");
    assert.equal((await counts()).waiting, 1);
    await recover();
    await pass();
    assert.equal((await user.placeStatus(place)).kind, "active");
    await user.end(place, "PAID");
    await user.restore(newer);
    assert.deepEqual(await user.placeStatus(newer), { kind: "ended", reason: "LEFT" });
  });

  it("an older place replaces no other restored place, and none after its own end or after recovery", async () => {
    const { rebuild, recover, user, returning: another } = await scene(open);
    await rebuild();
    const [lost, left] = [another(), another()];
    const last = { ...place, seq: place.seq + 1 };
    await lost.restore(last);
    await lost.restore(place);
    assert.equal((await lost.placeStatus(last)).kind, "waiting");
    await left.restore(place);
    await left.end(place);
    const again = await left.place();
    await left.restore(place);
    assert.equal((await left.placeStatus(again)).kind, "waiting");
    const newer = await user.place();
    await recover();
    await user.restore(place);
    assert.equal((await user.placeStatus(newer)).kind, "waiting");
  });

  it("a join before the rebuild is still refused before the opening and after the end", async () => {
    const { queue, user } = await scene(open);
    const early = { ...openTerms, opensAtMs: queue.nowMs() + 1 };
    assert.equal((await user.join(early)).kind, "not-open");
    assert.equal((await user.join({ ...openTerms, final: true })).kind, "over");
  });

  it("the gate gives a slot past its end a grace period until the rebuild", async () => {
    const { queue, rebuild, user, attempt } = await scene(open);
    await user.restore(place, queue.nowMs() + 1_000);
    queue.advance(1_000);
    assert.equal((await user.placeStatus(place)).kind, "active");
    assert.deepEqual(await queue.gate.enter(attempt), { kind: "grace-period" });
    assert.deepEqual(await queue.gate.checkActive(attempt), { kind: "grace-period" });
    await rebuild();
    await queue.store.admit(attempt.concertId, wideTerms);
    assert.equal((await queue.gate.enter(attempt)).kind, "ended");
  });
};

/** Tests of events that arrive after the database was read and before the queue is rebuilt. */
export const lateEventsContract = (name: string, open: OpenQueue): void => {
  describe(`${name}: endings during a rebuild`, () => ending(open));
  describe(`${name}: holds during a rebuild`, () => holding(open));
  describe(`${name}: users who return during a rebuild`, () => returning(open));
};
