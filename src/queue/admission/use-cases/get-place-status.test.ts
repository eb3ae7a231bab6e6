import assert from "node:assert/strict";
import { test } from "node:test";
import type { UserId } from "#kernel/ids.ts";
import type { PlaceMark } from "#kernel/place.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import { queueFixture } from "#test/support/queue-fixture.ts";
import { newReservation, newUser } from "../../contracts/queue-store.contract.ts";
import { checkActive, getPlaceStatus } from "./get-place-status.ts";
import { retentionMs } from "../domain/admission.ts";
import { recoveryMs } from "../domain/poll-interval.ts";
import { joinQueue } from "./join-queue.ts";
import { leaveQueue } from "./leave-queue.ts";
import { recoverPlace } from "../../recovery/use-cases/recover-place.ts";

const scene = (...args: Parameters<typeof queueFixture>) => {
  const made = queueFixture(...args);
  const join = joinQueue(made.deps);
  const check = getPlaceStatus(made.deps);
  return {
    ...made,
    /** A new person in the queue. */
    async person(userId = newUser()): Promise<{ userId: UserId; place: PlaceMark }> {
      const outcome = await join({ concertId: made.concertId, userId });
      if (outcome.kind !== "in-queue") assert.fail(outcome.kind);
      const { epoch, seq } = JSON.parse(outcome.status.token) as PlaceMark;
      return { userId, place: { epoch, seq } };
    },
    async tell(who: { userId: UserId; place: PlaceMark }, activeUntilSeconds?: number) {
      const outcome = await check(made.claims(who.userId, who.place, activeUntilSeconds));
      return outcome.kind === "found" ? outcome.status : assert.fail(outcome.kind);
    },
    active: (who: { userId: UserId; place: PlaceMark }, activeUntilSeconds?: number) =>
      checkActive(made.deps)(made.claims(who.userId, who.place, activeUntilSeconds)),
  };
};

test("a waiting person is told position, estimate and when to ask again", async () => {
  const { person, tell, pass, clock } = scene({ maxActive: 1_000, admissionsPerMinute: 60 });
  const people = [];
  for (let count = 0; count < 200; count += 1) people.push(await person());
  for (let second = 0; second < 20; second += 1) {
    await pass();
    clock.atMs += 1_000;
  }
  const last = people.at(-1);
  assert.ok(last);
  const status = await tell(last);
  assert.equal(status.status, "WAITING");
  assert.equal(status.position, 180);
  assert.deepEqual(status.estimate, { p50Seconds: 180, p90Seconds: 198 });
  assert.equal(status.pollAfterMs, 20_000);
});

test("an estimate is not told while nobody is admitted", async () => {
  const { person, tell, pass, change, clock } = scene({ maxActive: 1 });
  await person();
  const who = await person();
  await pass();
  assert.notEqual((await tell(who)).estimate, null);
  change({ pausedAtMs: clock.atMs });
  assert.equal((await tell(who)).estimate, null);
});

test("an ACTIVE person is told until when, and gets a token that says so", async () => {
  const { person, tell, pass, clock } = scene();
  const who = await person();
  await pass();
  const status = await tell(who);
  assert.equal(status.status, "ACTIVE");
  assert.equal(status.position, null);
  assert.equal(status.expiresAtMs, clock.atMs + 600_000);
  assert.equal(
    (JSON.parse(status.token) as { activeUntil: number }).activeUntil,
    clock.atMs / 1_000 + 600,
  );
  assert.equal(status.pollAfterMs, 5_000);
});

test("a place that has ended is told its reason, from the store, then from the database", async () => {
  const { person, tell, deps, concertId, world } = scene();
  const who = await person();
  await deps.store.end(concertId, who.userId, who.place, "PAID");
  const status = await tell(who);
  assert.deepEqual([status.status, status.endedReason, status.position], ["ENDED", "PAID", null]);
  assert.equal(status.pollAfterMs, 20_000);
  const page = await deps.store.readJournal(concertId, 10);
  assert.ok(page);
  await deps.store.trimJournal(concertId, page);
  world.ended.set(who.userId, { ...who.place, reason: "PAID" });
  assert.equal((await tell(who)).endedReason, "PAID");
});

test("an older place of somebody who stands in the queue again has ended", async () => {
  const { person, tell, deps, concertId, world } = scene();
  const who = await person();
  await deps.store.end(concertId, who.userId, who.place, "LAPSED");
  await joinQueue(deps)({ concertId, userId: who.userId });
  assert.equal((await tell(who)).endedReason, "LEFT", "no store remembers why");
  world.ended.set(who.userId, { ...who.place, reason: "LAPSED" });
  assert.equal((await tell(who)).endedReason, "LAPSED");
});

test("who waits is told at once that the sale is over, whether or not a pass has run", async () => {
  for (const run of [false, true]) {
    const { person, tell, active, change, clock, pass, world } = scene();
    const who = await person();
    world.stock = { available: 0, held: 0, sold: 50, total: 50 };
    if (run) await pass();
    const soldOut = await tell(who);
    assert.deepEqual([soldOut.status, soldOut.endedReason], ["ENDED", "SOLD_OUT"]);
    assert.equal(soldOut.queueState, "SOLD_OUT");
    change({ closedAtMs: clock.atMs });
    assert.equal((await tell(who)).endedReason, "CLOSED");
    assert.equal(await active(who), "ended");
  }
});

test("who is ACTIVE goes on when the sale is over", async () => {
  const { person, tell, pass, change, clock } = scene();
  const who = await person();
  await pass();
  change({ closedAtMs: clock.atMs });
  assert.equal((await tell(who)).status, "ACTIVE");
});

test("there is nothing to tell of a concert that there is not", async () => {
  const { deps, claims, world, person, active } = scene();
  const who = await person();
  world.schedule = null;
  const outcome = await getPlaceStatus(deps)(claims(who.userId, who.place));
  assert.deepEqual(outcome, { kind: "unknown-concert" });
  assert.equal(await active(who), "ended");
});

test("while the queue waits for its people no position is told, and the slowest interval", async () => {
  const { person, tell, loseStore, concertId, deps } = scene();
  const who = await person();
  loseStore();
  const { counters } = await deps.store.getSnapshot(concertId);
  assert.equal(counters.recovering, true);
  const told = await tell(who);
  assert.deepEqual(
    [told.status, told.queueState, told.position, told.estimate],
    ["WAITING", "RECOVERING", null, null],
  );
  assert.equal(told.pollAfterMs, 20_000);
});

test("a place that the store has lost is put back at its own order, ahead of newcomers", async () => {
  const { person, tell, loseStore, concertId, deps, clock } = scene();
  const [first, second] = [await person(), await person()];
  loseStore();
  await deps.store.rebuild(concertId, [], true);
  const newcomer = await person();
  await tell(second);
  await tell(first);
  clock.atMs += recoveryMs;
  assert.equal((await tell(first)).position, 1);
  assert.equal((await tell(second)).position, 2);
  assert.equal((await tell(newcomer)).position, 3);
});

test("who joined anew meanwhile has his older place again by its token, if that has not ended", async () => {
  const { person, tell, loseStore, concertId, deps, clock, world } = scene();
  const [who, left] = [await person(), await person()];
  loseStore();
  await deps.store.rebuild(concertId, [], true);
  const newer = await person(who.userId);
  await person(left.userId);
  world.ended.set(left.userId, { ...left.place, reason: "LEFT" });
  assert.equal((await tell(who)).status, "WAITING");
  assert.equal((await tell(left)).endedReason, "LEFT");
  clock.atMs += recoveryMs;
  assert.equal((await tell(who)).position, 1);
  assert.equal((await tell(newer)).endedReason, "LEFT");
});

test("who comes back after the others is next all the same", async () => {
  const { person, tell, loseStore, concertId, deps, clock } = scene();
  const [late, inTime] = [await person(), await person()];
  loseStore();
  await tell(inTime);
  await deps.store.rebuild(concertId, [], true);
  clock.atMs += recoveryMs;
  assert.equal((await tell(inTime)).position, 1);
  assert.equal((await tell(late)).position, 1);
  assert.equal((await tell(inTime)).position, 1);
});

test("a slot that the store has lost is put back until the token's time", async () => {
  const { person, tell, loseStore, clock } = scene();
  const who = await person();
  loseStore();
  const until = clock.atMs / 1_000 + 30;
  const status = await tell(who, until);
  assert.deepEqual([status.status, status.expiresAtMs], ["ACTIVE", until * 1_000]);
});

test("a lost place whose token's time is over has lapsed, once no hold is found to carry it", async () => {
  const { person, tell, loseStore, concertId, deps, clock } = scene();
  const who = await person();
  loseStore();
  const overSeconds = clock.atMs / 1_000;
  await assert.rejects(tell(who, overSeconds), Unavailable);
  await deps.store.rebuild(concertId, [], true);
  clock.atMs += recoveryMs;
  const status = await tell(who, overSeconds);
  assert.deepEqual([status.status, status.endedReason], ["ENDED", "LAPSED"]);
});

test("a lost place of a sale that is over is not put back, a slot is", async () => {
  const { person, tell, loseStore, change, clock } = scene();
  const [waiting, active] = [await person(), await person()];
  loseStore();
  change({ closedAtMs: clock.atMs });
  assert.equal((await tell(waiting)).endedReason, "CLOSED");
  assert.equal((await tell(active, clock.atMs / 1_000 + 30)).status, "ACTIVE");
});

test("when the store has forgotten a queue that is over, all are still told how their places ended", async () => {
  const { person, tell, deps, concertId, clock, pass, world } = scene();
  const [left, waiting] = [await person(), await person()];
  await deps.store.end(concertId, left.userId, left.place, "LEFT");
  world.ended.set(left.userId, { ...left.place, reason: "LEFT" });
  world.stock = { available: 0, held: 0, sold: 50, total: 50 };
  const page = await deps.store.readJournal(concertId, 10);
  assert.ok(page);
  await deps.store.trimJournal(concertId, page);
  await pass();
  const { epoch } = await deps.store.getSnapshot(concertId);
  clock.atMs += retentionMs;
  assert.equal((await deps.store.getSnapshot(concertId)).epoch, epoch + 1, "it is forgotten");
  for (const [who, reason] of [
    [left, "LEFT"],
    [waiting, "SOLD_OUT"],
  ] as const) {
    const { status, endedReason, queueState } = await tell(who);
    assert.deepEqual([status, endedReason, queueState], ["ENDED", reason, "SOLD_OUT"]);
  }
  assert.deepEqual(await joinQueue(deps)({ concertId, userId: left.userId }), { kind: "SOLD_OUT" });
});

test("who was told that he is ACTIVE stays so while the queue's old file has him waiting", async () => {
  const { person, tell, loseStore, world, clock } = scene();
  const who = await person();
  loseStore();
  assert.equal((await tell(who)).status, "WAITING");
  const until = clock.atMs / 1_000 + 30;
  const status = await tell(who, until);
  assert.deepEqual([status.status, status.expiresAtMs], ["ACTIVE", until * 1_000]);
  world.ended.set(who.userId, { ...who.place, reason: "PAID" });
  assert.equal((await tell(who, until)).endedReason, "PAID");
});

test("…and afterwards, though the database has never heard of his admission", async () => {
  const { person, tell, loseStore, deps, concertId, clock } = scene();
  const who = await person();
  loseStore();
  await tell(who);
  const until = clock.atMs / 1_000 + 30;
  await tell(who, until);
  await deps.store.rebuild(concertId, [], true);
  clock.atMs += 25_000;
  const status = await tell(who, until);
  assert.deepEqual([status.status, status.expiresAtMs], ["ACTIVE", until * 1_000]);
});

test("who shows his token keeps his session, also where a hold has made his slot anew", async () => {
  const { person, tell, loseStore, deps, concertId, clock } = scene();
  const { userId, place } = await person();
  loseStore();
  const reservationId = newReservation();
  const hold = { concertId, userId, reservationId };
  await deps.gate.carry({ ...hold, ...place, expiresAtMs: clock.atMs + 10_000 });
  const until = clock.atMs / 1_000 + 30;
  assert.equal((await tell({ userId, place }, until)).status, "ACTIVE");
  await deps.store.rebuild(concertId, [], true);
  await deps.gate.clear(hold);
  const status = await tell({ userId, place }, until);
  assert.deepEqual([status.status, status.expiresAtMs], ["ACTIVE", until * 1_000]);
});

test("a slot that has ended in the database is not believed while the store may be old", async () => {
  const { person, tell, loseStore, world, clock } = scene();
  const who = await person();
  loseStore();
  const until = clock.atMs / 1_000 + 30;
  assert.equal((await tell(who, until)).status, "ACTIVE");
  world.ended.set(who.userId, { ...who.place, reason: "PAID" });
  const status = await tell(who, until);
  assert.deepEqual([status.status, status.endedReason], ["ENDED", "PAID"]);
});

test("a place that the database has ended is not put back; a newer one is", async () => {
  const { person, tell, loseStore, world } = scene();
  const who = await person();
  loseStore();
  world.ended.set(who.userId, { ...who.place, reason: "PAID" });
  assert.equal((await tell(who)).endedReason, "PAID");
  const newer = { ...who, place: { ...who.place, seq: who.place.seq + 1 } };
  assert.equal((await tell(newer)).status, "WAITING");
});

test("with the store away, who is ACTIVE by his token goes on, unless the database knows better", async () => {
  const { person, tell, active, away, clock, world } = scene();
  const who = await person();
  away.store = true;
  const until = clock.atMs / 1_000 + 30;
  const status = await tell(who, until);
  assert.deepEqual([status.status, status.expiresAtMs], ["ACTIVE", until * 1_000]);
  assert.equal(await active(who, until), "active");
  world.ended.set(who.userId, { ...who.place, seq: who.place.seq - 1, reason: "LEFT" });
  assert.equal(await active(who, until), "active", "an older place has ended");
  world.ended.set(who.userId, { ...who.place, reason: "PAID" });
  assert.equal(await active(who, until), "ended");
  assert.equal((await tell(who, until)).endedReason, "PAID");
});

test("with the store away, who waits and whose time is over is told to ask again", async () => {
  const { person, tell, away, clock } = scene();
  const who = await person();
  away.store = true;
  await assert.rejects(tell(who), Unavailable);
  await assert.rejects(tell(who, clock.atMs / 1_000), Unavailable);
});

test("with both stores away nobody is let through", async () => {
  const { person, active, away, clock } = scene();
  const who = await person();
  away.store = true;
  away.database = true;
  await assert.rejects(active(who, clock.atMs / 1_000 + 30), Unavailable);
});

test("a fault that is not the store's being away is not taken for it", async () => {
  const { person, deps, claims, clock } = scene();
  const who = await person();
  const fault = new Error("a bug");
  const store = { ...deps.store, getStatus: () => Promise.reject(fault) };
  const check = getPlaceStatus({ ...deps, store });
  await assert.rejects(check(claims(who.userId, who.place, clock.atMs / 1_000 + 30)), fault);
});

test("a place that cannot be put back is asked for again", async () => {
  const { person, deps, claims, loseStore } = scene();
  const who = await person();
  loseStore();
  const store = { ...deps.store, restore: async () => {} };
  const check = getPlaceStatus({ ...deps, store, recoverPlace: recoverPlace({ ...deps, store }) });
  await assert.rejects(check(claims(who.userId, who.place)), Unavailable);
});

test("who leaves while another of his devices asks for the lost place has left", async () => {
  const { person, tell, loseStore, deps, clock, concertId, claims } = scene();
  const who = await person();
  loseStore();
  await deps.store.rebuild(concertId, [], true);
  clock.atMs += recoveryMs;
  const { find } = deps.endings;
  deps.endings.find = async (...args) => {
    const known = await find(...args);
    deps.endings.find = find;
    await leaveQueue(deps)(claims(who.userId, who.place));
    return known;
  };
  await tell(who);
  assert.deepEqual((await deps.store.getSnapshot(concertId)).counters.waiting, 0);
  assert.equal((await tell(who)).endedReason, "LEFT");
});
