import assert from "node:assert/strict";
import { test } from "node:test";
import type { UserId } from "#kernel/ids.ts";
import type { PlaceMark } from "#kernel/place.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import { freeStock, queueFixture } from "#test/support/queue-fixture.ts";
import { newReservation, newUser } from "../../contracts/queue-store.contract.ts";
import { checkActive, getPlaceStatus } from "./get-place-status.ts";
import { retentionMs, stockLagMs } from "../domain/admission.ts";
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
    /** A new user in the queue. */
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

test("a waiting user gets position, estimate and the time of the next poll", async () => {
  const { person, tell, pass, clock, world } = scene({
    ...{ maxActive: 1_000, admissionsPerMinute: 60 },
  });
  world.stock = { ...freeStock, available: 5_000, total: 5_000 };
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
  assert.deepEqual(status.estimate, { p50Seconds: 180, p90Seconds: 180 });
  assert.equal(status.seatsLikely, "likely");
  assert.equal(status.pollAfterMs, 20_000);
});

test("a user behind more users than the free seats can serve is told so, and no wait", async () => {
  const { person, tell, pass, world, change, clock } = scene();
  world.stock = { ...freeStock, available: 10, sold: 40 };
  const people = [];
  for (let count = 0; count < 475; count += 1) people.push(await person());
  await pass();
  clock.atMs += 500;
  const [first, last] = [people[2], people.at(-1)];
  assert.ok(first && last);
  const far = await tell(last);
  assert.deepEqual([far.position, far.seatsLikely, far.estimate], [473, "unlikely", null]);
  const near = await tell(first);
  assert.equal(near.seatsLikely, "likely");
  assert.ok((near.estimate?.p50Seconds ?? 0) > 30, "two users are inside and may take minutes");

  world.stock = { ...freeStock, available: 0, held: 10, mayReturn: 10, sold: 40 };
  const held = await tell(first);
  assert.deepEqual([held.queueState, held.seatsLikely], ["ALL_HELD", "none-left"]);

  world.stock = { ...freeStock, available: 10, sold: 40 };
  change({ pausedAtMs: clock.atMs });
  const paused = await tell(last);
  assert.deepEqual([paused.seatsLikely, paused.estimate], ["unlikely", null]);
});

test("whether a seat is likely is null without a position, and while the stock is unknown", async () => {
  const { person, tell, pass, world, deps, concertId } = scene({ maxActive: 1 });
  const [active, waiting] = [await person(), await person()];
  await pass();
  assert.equal((await tell(active)).seatsLikely, null);
  world.stock = null;
  const unknown = await tell(waiting);
  assert.deepEqual([unknown.seatsLikely, unknown.estimate], [null, null]);
  await deps.store.end(concertId, waiting.userId, waiting.place, "LEFT");
  assert.equal((await tell(waiting)).seatsLikely, null);
});

test("one forecast serves the polls of half a second", async () => {
  const { person, tell, pass, deps, clock, world } = scene();
  const { forecast } = deps;
  const made = new Set<object>();
  deps.forecast = (moment) => {
    const found = forecast(moment);
    made.add(found);
    return found;
  };
  const people = [];
  for (let count = 0; count < 20; count += 1) people.push(await person());
  await pass();
  assert.equal(made.size, 1, "joins");
  for (const who of people.slice(2)) await tell(who);
  assert.equal(made.size, 1, "polls");
  clock.atMs += 500;
  for (const who of people.slice(2)) await tell(who);
  assert.equal(made.size, 2, "half a second later");
  world.stock = { ...freeStock, available: 9 };
  for (const who of people.slice(2)) await tell(who);
  assert.equal(made.size, 3, "with other stock");
  for (let count = 0; count < 130; count += 1) people.push(await person());
  assert.equal(made.size, 4, "when the queue has outgrown it");
});

test("there is no estimate while no user is admitted", async () => {
  const { person, tell, pass, change, clock } = scene({ maxActive: 1 });
  await person();
  const who = await person();
  await pass();
  assert.notEqual((await tell(who)).estimate, null);
  change({ pausedAtMs: clock.atMs });
  assert.equal((await tell(who)).estimate, null);
});

test("an ACTIVE user gets the end of the slot, and a token that has it", async () => {
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

test("the reason of an ended place comes from the store, later from the database", async () => {
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

test("the older place of a user who has joined again has ended", async () => {
  const { person, tell, deps, concertId, world } = scene();
  const who = await person();
  await deps.store.end(concertId, who.userId, who.place, "LAPSED");
  await joinQueue(deps)({ concertId, userId: who.userId });
  assert.equal(
    (await tell(who)).endedReason,
    "LEFT",
    "neither the store nor the database has the reason",
  );
  world.ended.set(who.userId, { ...who.place, reason: "LAPSED" });
  assert.equal((await tell(who)).endedReason, "LAPSED");
});

test("a waiting place has ended as soon as the sale is over, before and after the next pass", async () => {
  for (const run of [false, true]) {
    const { person, tell, active, change, clock, pass, world } = scene();
    const who = await person();
    world.stock = { available: 0, held: 0, mayReturn: 0, sold: 50, total: 50, hasEnded: false };
    if (run) await pass();
    const soldOut = await tell(who);
    assert.deepEqual([soldOut.status, soldOut.endedReason], ["ENDED", "SOLD_OUT"]);
    assert.equal(soldOut.queueState, "SOLD_OUT");
    world.stock = { ...world.stock, hasEnded: true };
    const ended = await tell(who);
    assert.deepEqual([ended.status, ended.endedReason], ["ENDED", "ENDED"]);
    assert.equal(ended.queueState, "ENDED");
    change({ closedAtMs: clock.atMs });
    assert.equal((await tell(who)).endedReason, "CLOSED");
    assert.equal(await active(who), "ended");
  }
});

test("an ACTIVE place goes on when the sale is over", async () => {
  const { person, tell, pass, change, clock } = scene();
  const who = await person();
  await pass();
  change({ closedAtMs: clock.atMs });
  assert.equal((await tell(who)).status, "ACTIVE");
});

test("an instance that has not read the closing yet reads it before it tells that a place has ended", async () => {
  const { person, tell, pass, change, clock, world } = scene({ maxActive: 1 });
  const [, waiting] = [await person(), await person()];
  change({ closedAtMs: clock.atMs });
  await pass();
  change({ closedAtMs: null });
  world.unread = { closedAtMs: clock.atMs, cancelledAtMs: clock.atMs };
  const { endedReason, cancelledAtMs } = await tell(waiting);
  assert.deepEqual([endedReason, cancelledAtMs], ["CLOSED", clock.atMs]);
});

test("an unknown concert has no place statuses", async () => {
  const { deps, claims, world, person, active } = scene();
  const who = await person();
  world.schedule = null;
  const outcome = await getPlaceStatus(deps)(claims(who.userId, who.place));
  assert.deepEqual(outcome, { kind: "unknown-concert" });
  assert.equal(await active(who), "ended");
});

test("during recovery there is no position, and the slowest interval", async () => {
  const { person, tell, loseStore, concertId, deps } = scene();
  const who = await person();
  loseStore();
  const { counters } = await deps.store.getSnapshot(concertId);
  assert.equal(counters.recovering, true);
  const status = await tell(who);
  assert.deepEqual(
    [status.status, status.queueState, status.position, status.estimate],
    ["WAITING", "RECOVERING", null, null],
  );
  assert.equal(status.pollAfterMs, 20_000);
});

test("a place that the store has lost is restored at its own order, ahead of new users", async () => {
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

test("the token of an older place replaces a place that was given meanwhile, if the older one has not ended", async () => {
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

test("a user who returns after recovery is next", async () => {
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

test("a slot that the store has lost is restored until the time in its token", async () => {
  const { person, tell, loseStore, clock } = scene();
  const who = await person();
  loseStore();
  const until = clock.atMs / 1_000 + 30;
  const status = await tell(who, until);
  assert.deepEqual([status.status, status.expiresAtMs], ["ACTIVE", until * 1_000]);
});

test("a lost place whose token has run out has lapsed, once no hold is found", async () => {
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

test("once the sale is over, a lost slot is restored and a lost waiting place is not", async () => {
  const { person, tell, loseStore, change, clock } = scene();
  const [waiting, active] = [await person(), await person()];
  loseStore();
  change({ closedAtMs: clock.atMs });
  assert.equal((await tell(waiting)).endedReason, "CLOSED");
  assert.equal((await tell(active, clock.atMs / 1_000 + 30)).status, "ACTIVE");
});

test("after the store has deleted an ended queue, every place still has its reason", async () => {
  const { person, tell, deps, concertId, clock, pass, world } = scene();
  const [left, waiting] = [await person(), await person()];
  await deps.store.end(concertId, left.userId, left.place, "LEFT");
  world.ended.set(left.userId, { ...left.place, reason: "LEFT" });
  world.stock = { available: 0, held: 0, mayReturn: 0, sold: 50, total: 50, hasEnded: false };
  const page = await deps.store.readJournal(concertId, 10);
  assert.ok(page);
  await deps.store.trimJournal(concertId, page);
  await pass();
  const { epoch } = await deps.store.getSnapshot(concertId);
  clock.atMs += retentionMs;
  assert.equal(
    (await deps.store.getSnapshot(concertId)).epoch,
    epoch + 1,
    "the store has deleted it",
  );
  for (const [who, reason] of [
    [left, "LEFT"],
    [waiting, "SOLD_OUT"],
  ] as const) {
    const { status, endedReason, queueState } = await tell(who);
    assert.deepEqual([status, endedReason, queueState], ["ENDED", reason, "SOLD_OUT"]);
  }
  assert.deepEqual(await joinQueue(deps)({ concertId, userId: left.userId }), { kind: "SOLD_OUT" });
});

test("a user whose token says ACTIVE stays ACTIVE while the store has loaded a snapshot with the user waiting", async () => {
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

test("a user whose token says ACTIVE stays ACTIVE after recovery, without an admission in the database", async () => {
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

test("a token keeps its session when a hold has made the slot anew", async () => {
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

test("during recovery a slot that has ended in the database has ended", async () => {
  const { person, tell, loseStore, world, clock } = scene();
  const who = await person();
  loseStore();
  const until = clock.atMs / 1_000 + 30;
  assert.equal((await tell(who, until)).status, "ACTIVE");
  world.ended.set(who.userId, { ...who.place, reason: "PAID" });
  const status = await tell(who, until);
  assert.deepEqual([status.status, status.endedReason], ["ENDED", "PAID"]);
});

test("a lost place that has ended in the database is not restored; a newer one is", async () => {
  const { person, tell, loseStore, world } = scene();
  const who = await person();
  loseStore();
  world.ended.set(who.userId, { ...who.place, reason: "PAID" });
  assert.equal((await tell(who)).endedReason, "PAID");
  const newer = { ...who, place: { ...who.place, seq: who.place.seq + 1 } };
  assert.equal((await tell(newer)).status, "WAITING");
});

test("with the store away, a place is ACTIVE by its token, unless it has ended in the database", async () => {
  const { person, tell, active, away, clock, world } = scene();
  const who = await person();
  away.store = true;
  const until = clock.atMs / 1_000 + 30;
  const status = await tell(who, until);
  assert.deepEqual([status.status, status.expiresAtMs], ["ACTIVE", until * 1_000]);
  assert.equal(await active(who, until), "active");
  world.ended.set(who.userId, { ...who.place, seq: who.place.seq - 1, reason: "LEFT" });
  assert.equal(await active(who, until), "active", "only an older place has ended");
  world.ended.set(who.userId, { ...who.place, reason: "PAID" });
  assert.equal(await active(who, until), "ended");
  assert.equal((await tell(who, until)).endedReason, "PAID");
});

test("with the store away, a waiting place and one whose token has run out throw Unavailable", async () => {
  const { person, tell, away, clock } = scene();
  const who = await person();
  away.store = true;
  await assert.rejects(tell(who), Unavailable);
  await assert.rejects(tell(who, clock.atMs / 1_000), Unavailable);
});

test("with both stores away every place throws Unavailable", async () => {
  const { person, active, away, clock } = scene();
  const who = await person();
  away.store = true;
  away.database = true;
  await assert.rejects(active(who, clock.atMs / 1_000 + 30), Unavailable);
});

test("an error other than Unavailable is thrown", async () => {
  const { person, deps, claims, clock } = scene();
  const who = await person();
  const fault = new Error("a bug");
  const store = { ...deps.store, getStatus: () => Promise.reject(fault) };
  const check = getPlaceStatus({ ...deps, store });
  await assert.rejects(check(claims(who.userId, who.place, clock.atMs / 1_000 + 30)), fault);
});

test("a place that cannot be restored throws Unavailable", async () => {
  const { person, deps, claims, loseStore } = scene();
  const who = await person();
  loseStore();
  const store = { ...deps.store, restore: async () => {} };
  const check = getPlaceStatus({ ...deps, store, recoverPlace: recoverPlace({ ...deps, store }) });
  await assert.rejects(check(claims(who.userId, who.place)), Unavailable);
});

test("a user who leaves while another device restores the lost place has left", async () => {
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

test("a waiting user of a sold out sale with a waiting list is WAITLISTED, and admitted when a seat comes back", async () => {
  const { person, tell, pass, clock, world, active } = scene({ waitingList: true });
  const [first, second] = [await person(), await person()];
  world.stock = { ...freeStock, available: 0, sold: 50 };
  const listed = await tell(second);
  assert.deepEqual(
    [listed.status, listed.queueState, listed.position, listed.estimate, listed.seatsLikely],
    ["WAITLISTED", "SOLD_OUT", 2, null, "none-left"],
    "also before a pass has seen it",
  );
  await pass();
  clock.atMs += stockLagMs;
  world.stock = { ...freeStock, available: 1, sold: 49 };
  await pass();
  assert.equal(await active(first), "active");
  const { status, expiresAtMs } = await tell(first);
  assert.deepEqual([status, expiresAtMs], ["ACTIVE", clock.atMs + 60_000]);
  const next = await tell(second);
  assert.deepEqual(
    [next.status, next.queueState, next.position, next.estimate],
    ["WAITLISTED", "OPEN", 1, null],
  );
  assert.equal(await active(second), "waiting");
});

test("the status of a waiting list survives the loss of the store, without positions until it has recovered", async () => {
  const { person, tell, pass, clock, world, loseStore, deps, concertId } = scene({
    waitingList: true,
  });
  const who = await person();
  world.stock = { ...freeStock, available: 0, sold: 50 };
  await pass();
  loseStore();
  world.stock = { ...freeStock, available: 1, sold: 49 };
  const lost = await tell(who);
  assert.deepEqual([lost.status, lost.position], ["WAITLISTED", null]);
  await deps.store.rebuild(concertId, [], true);
  clock.atMs += recoveryMs;
  const found = await tell(who);
  assert.deepEqual([found.status, found.position], ["WAITLISTED", 1]);
});
