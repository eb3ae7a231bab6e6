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

/** What an instance has read from the database, before the news that is told meanwhile. */
const scene = async (open: OpenQueue) => {
  const made = await lossScene(open);
  const { queue, concertId, returning } = made;
  const who = returning();
  const sessionMs = 5_000;
  const admitted = (userId: UserId = who.userId): RecordedPlace => {
    const activeUntilMs = queue.nowMs() + sessionMs;
    return { userId, ...place, state: { kind: "admitted", activeUntilMs, hold: null } };
  };
  const holdFor = (ms: number) => ({
    reservationId: newReservation(),
    expiresAtMs: queue.nowMs() + ms,
  });
  const told = { concertId, userId: who.userId, ...place };
  const attempt = {
    ...told,
    date: "2026-12-24",
    seatNumbers: [1],
    owner: "me",
    keyTag: "",
    lockMs: 4_000,
    leaseMs: 5_000,
  };
  /** The database gets all that the store has noted, as before every rebuild and after. */
  const flush = async () => {
    const page = await queue.store.readJournal(concertId, 100);
    if (page !== null) await queue.store.trimJournal(concertId, page);
  };
  const counts = async () => {
    const { active, holding, waiting } = (await queue.store.getSnapshot(concertId)).counters;
    return { active, holding, waiting };
  };
  return { ...made, who, sessionMs, admitted, holdFor, told, attempt, flush, counts };
};

const ending = (open: OpenQueue): void => {
  for (const [reason, store, said] of [
    ["LEFT", "has lost him", "absent"],
    ["PAID", "has lost him", "absent"],
    ["LEFT", "still knows him", "ended"],
    ["PAID", "still knows him", "ended"],
  ] as const) {
    it(`who has ${reason} since the database was read has no slot by that: the store ${store}`, async () => {
      const { queue, rebuild, who, admitted, flush, counts } = await scene(open);
      if (said === "ended") await who.restore(place, queue.nowMs() + 5_000);
      const read = [admitted()];
      assert.equal(await who.end(place, reason), said);
      await flush();
      await rebuild(read);
      assert.equal((await counts()).active, 0);
      assert.deepEqual(await who.placeStatus(place), { kind: "ended", reason });
      await who.restore(place, queue.nowMs() + 5_000);
      assert.deepEqual(await who.placeStatus(place), { kind: "ended", reason });
    });
  }

  it("keeps no end longer than until the database has it, once all has been put back", async () => {
    const { queue, rebuild, who, flush } = await scene(open);
    await rebuild();
    await who.restore(place, queue.nowMs() + 5_000);
    await who.end(place, "LEFT");
    await flush();
    assert.equal((await who.placeStatus(place)).kind, "unknown");
  });

  it("a second instance that has read before puts nobody back whom the first one did", async () => {
    const { rebuild, who, admitted, flush, counts } = await scene(open);
    const read = [admitted()];
    await rebuild(read);
    await who.end(place, "LEFT");
    await flush();
    await rebuild(read);
    assert.equal((await counts()).active, 0);
  });
};

const holding = (open: OpenQueue): void => {
  it("a hold that was told before its slot was put back carries it", async () => {
    const { queue, rebuild, who, admitted, holdFor, told, counts } = await scene(open);
    const read = [admitted()];
    const hold = holdFor(60_000);
    await queue.gate.carry({ ...told, ...hold });
    await rebuild(read);
    const carried = { kind: "active", place, expiresAtMs: hold.expiresAtMs };
    assert.deepEqual(await who.placeStatus(place), carried);
    assert.equal((await counts()).holding, 1);
    await queue.gate.clear({ ...told, ...hold });
    const plain = { kind: "active", place, expiresAtMs: queue.nowMs() + 5_000 };
    assert.deepEqual(await who.placeStatus(place), plain, "the session goes on where it was");
  });

  it("so does one that an attempt ended in which the gate has not seen", async () => {
    const { queue, rebuild, who, admitted, holdFor, attempt } = await scene(open);
    const read = [admitted()];
    const hold = holdFor(60_000);
    await queue.gate.releaseLocks(attempt, hold);
    await rebuild(read);
    const carried = { kind: "active", place, expiresAtMs: hold.expiresAtMs };
    assert.deepEqual(await who.placeStatus(place), carried);
  });

  it("so does one of somebody whom the store's old file has waiting", async () => {
    const { queue, rebuild, who, admitted, holdFor, told } = await scene(open);
    await who.restore(place);
    const read = [admitted()];
    const hold = holdFor(60_000);
    await queue.gate.carry({ ...told, ...hold });
    await rebuild(read);
    const carried = { kind: "active", place, expiresAtMs: hold.expiresAtMs };
    assert.deepEqual(await who.placeStatus(place), carried);
  });

  it("the later one of two holds carries the slot", async () => {
    const { queue, rebuild, who, admitted, holdFor, told } = await scene(open);
    const late = holdFor(90_000);
    const state = { kind: "admitted", activeUntilMs: queue.nowMs() + 5_000, hold: late } as const;
    await queue.gate.carry({ ...told, ...holdFor(60_000) });
    await rebuild([{ ...admitted(), state }]);
    const carried = { kind: "active", place, expiresAtMs: late.expiresAtMs };
    assert.deepEqual(await who.placeStatus(place), carried);
  });

  for (const isBack of [false, true]) {
    const whose = isBack ? "a slot that is back already" : "a slot that has yet to be put back";
    it(`a hold that was cleared since the database was read does not carry ${whose}`, async () => {
      const { queue, rebuild, who, admitted, holdFor, told, counts } = await scene(open);
      const person = admitted();
      const activeUntilMs = queue.nowMs() + 5_000;
      const hold = holdFor(60_000);
      const read = [{ ...person, state: { kind: "admitted", activeUntilMs, hold } as const }];
      if (isBack) await who.restore(place, activeUntilMs);
      const clear = () => queue.gate.clear({ ...told, ...hold });
      await assert.rejects(clear(), Unavailable, "to be told again");
      await rebuild(read);
      await clear();
      const plain = { kind: "active", place, expiresAtMs: activeUntilMs };
      assert.deepEqual(await who.placeStatus(place), plain);
      assert.equal((await counts()).holding, 0);
    });
  }

  it("a hold that was told first does not shorten the slot that a token knows", async () => {
    const { queue, rebuild, who, holdFor, told } = await scene(open);
    const hold = holdFor(60_000);
    await queue.gate.carry({ ...told, ...hold });
    const activeUntilMs = queue.nowMs() + 300_000;
    await who.restore(place, activeUntilMs);
    await rebuild();
    await queue.gate.clear({ ...told, ...hold });
    const plain = { kind: "active", place, expiresAtMs: activeUntilMs };
    assert.deepEqual(await who.placeStatus(place), plain);
  });

  it("a hold gives no slot that has ended, to an older place, by itself once over, or later", async () => {
    const { queue, rebuild, who, holdFor, told, counts, returning } = await scene(open);
    await who.end(place, "LEFT");
    await queue.gate.carry({ ...told, ...holdFor(60_000) });
    const newer = returning();
    await newer.restore({ epoch: 1, seq: 8 });
    await queue.gate.carry({ ...told, userId: newer.userId, ...holdFor(60_000) });
    await queue.gate.carry({ ...told, userId: newUser(), ...holdFor(0) });
    assert.deepEqual(await counts(), { active: 0, holding: 0, waiting: 1 });
    await rebuild();
    await queue.gate.carry({ ...told, userId: newUser(), ...holdFor(60_000) });
    assert.deepEqual(await counts(), { active: 0, holding: 0, waiting: 1 });
  });
};

const returning = (open: OpenQueue): void => {
  it("who was admitted without the database's knowledge has his slot by his token", async () => {
    const { queue, recover, pass, who } = await scene(open);
    await who.restore(place);
    const activeUntilMs = queue.nowMs() + recoveryMs + 60_000;
    await who.restore(place, activeUntilMs);
    const active = { kind: "active", place, expiresAtMs: activeUntilMs };
    assert.deepEqual(await who.placeStatus(place), active);
    await recover();
    await pass();
    assert.deepEqual(await who.placeStatus(place), active);
  });

  it("a token gives no longer slot to who has one, nor any once the queue goes on", async () => {
    const { queue, recover, who, returning: another } = await scene(open);
    const activeUntilMs = queue.nowMs() + recoveryMs + 60_000;
    await who.restore(place, activeUntilMs);
    await who.restore(place, activeUntilMs + 1_000);
    const active = { kind: "active", place, expiresAtMs: activeUntilMs };
    assert.deepEqual(await who.placeStatus(place), active);
    const waiting = another();
    await waiting.restore({ epoch: 1, seq: 8 });
    await recover();
    await waiting.restore({ epoch: 1, seq: 8 }, activeUntilMs);
    assert.equal((await waiting.placeStatus({ epoch: 1, seq: 8 })).kind, "waiting");
  });

  it("gives nobody a new place who may have one that the database knows", async () => {
    const { rebuild, who, admitted } = await scene(open);
    assert.equal((await who.join()).kind, "not-rebuilt");
    await rebuild([admitted()], false);
    assert.equal((await who.join()).kind, "not-rebuilt", "another page may know that it is over");
    await rebuild();
    const joined = await who.join();
    assert.deepEqual(
      [joined.kind, joined.kind === "in-queue" && joined.isNew],
      ["in-queue", false],
    );
    const newcomer = await scene(open);
    await newcomer.rebuild();
    assert.equal((await newcomer.who.join()).kind, "in-queue");
  });

  it("gives nobody a place of the old file that the database may know to be over", async () => {
    const { rebuild, who } = await scene(open);
    await who.restore(place);
    assert.equal((await who.join()).kind, "not-rebuilt");
    const ended = { kind: "ended", reason: "LEFT" } as const;
    await rebuild([{ userId: who.userId, ...place, state: ended }]);
    const joined = await who.join();
    assert.deepEqual([joined.kind, joined.kind === "in-queue" && joined.isNew], ["in-queue", true]);
  });

  it("a place that was given meanwhile gives way to the older one of who comes back with its token", async () => {
    const { rebuild, recover, who, pass, counts } = await scene(open);
    await rebuild();
    const newer = await who.place();
    assert.deepEqual(await who.placeStatus(place), { kind: "superseded" });
    await who.restore(place);
    assert.equal((await who.placeStatus(place)).kind, "waiting");
    assert.deepEqual(await who.placeStatus(newer), { kind: "ended", reason: "LEFT" });
    await who.restore(newer);
    assert.deepEqual(await who.place(), place, "he has one place, and that is the older one");
    assert.equal((await counts()).waiting, 1);
    await recover();
    await pass();
    assert.equal((await who.placeStatus(place)).kind, "active");
    await who.end(place, "PAID");
    await who.restore(newer);
    assert.deepEqual(await who.placeStatus(newer), { kind: "ended", reason: "LEFT" });
  });

  it("…but not once the queue goes on, nor one that was lost as well, nor an older one that has ended", async () => {
    const { rebuild, recover, who, returning: another } = await scene(open);
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
    const newer = await who.place();
    await recover();
    await who.restore(place);
    assert.equal((await who.placeStatus(newer)).kind, "waiting");
  });

  it("turns away before that who comes too early or too late", async () => {
    const { queue, who } = await scene(open);
    const early = { ...openTerms, opensAtMs: queue.nowMs() + 1 };
    assert.equal((await who.join(early)).kind, "not-open");
    assert.equal((await who.join({ ...openTerms, final: true })).kind, "over");
  });

  it("at the gate, cannot tell of a slot whose time is over until it is known what carries it", async () => {
    const { queue, rebuild, who, attempt } = await scene(open);
    await who.restore(place, queue.nowMs() + 1_000);
    queue.advance(1_000);
    assert.equal((await who.placeStatus(place)).kind, "active");
    assert.deepEqual(await queue.gate.enter(attempt), { kind: "grace-period" });
    assert.deepEqual(await queue.gate.checkActive(attempt), { kind: "grace-period" });
    await rebuild();
    await queue.store.admit(attempt.concertId, wideTerms);
    assert.equal((await queue.gate.enter(attempt)).kind, "ended");
  });
};

/** What is told of people between the moment that the database was read and that it is put back. */
export const lateNewsContract = (name: string, open: OpenQueue): void => {
  describe(`${name}: ends that are told while the queue is put back`, () => ending(open));
  describe(`${name}: holds that are told while the queue is put back`, () => holding(open));
  describe(`${name}: people who come while the queue is put back`, () => returning(open));
};
