import assert from "node:assert/strict";
import { test } from "node:test";
import type { GateAttempt } from "#kernel/queue-gate.ts";
import { queueFixture } from "#test/support/queue-fixture.ts";
import { newUser, openTerms } from "../../contracts/queue-store.contract.ts";
import { queueGate, type QueueGateDeps } from "./queue-gate.ts";

/** A gate of which only one answer is known. */
const gateThat = (answer: () => Promise<{ kind: "unknown" | "grace-period" | "not-active" }>) => ({
  enter: answer,
  checkActive: answer,
  releaseLocks: () => assert.fail("nothing was locked"),
});

const scene = async () => {
  const made = queueFixture({ maxActive: 1 });
  const [first, second] = [newUser(), newUser()];
  for (const userId of [first, second]) {
    await made.deps.store.join(made.concertId, userId, openTerms);
  }
  await made.pass();
  const attempt = (userId: typeof first, seq: number): GateAttempt => ({
    concertId: made.concertId,
    userId,
    epoch: 1,
    seq,
    date: "2026-12-24",
    seatNumbers: [1],
    owner: "me",
    keyTag: "",
    lockMs: 4_000,
    leaseMs: 5_000,
  });
  const failures: unknown[] = [];
  const onReleaseFailed: QueueGateDeps["onReleaseFailed"] = (...failure) => failures.push(failure);
  const deps = { ...made.deps, onReleaseFailed };
  const enter = async (who: GateAttempt) => (await queueGate(deps).enter(who)).kind;
  const people = { active: attempt(first, 1), waiting: attempt(second, 2) };
  return { ...made, ...people, deps, failures, enter };
};

test("only an ACTIVE place enters", async () => {
  const { enter, active, waiting, deps, concertId } = await scene();
  assert.equal(await enter(active), "entered");
  assert.equal(await enter(waiting), "not-active");
  await deps.store.end(concertId, active.userId, active, "PAID");
  assert.equal(await enter(active), "ended");
});

test("a place that waits for a closed sale has ended, before and after the next pass", async () => {
  const { enter, waiting, active, change, clock, pass } = await scene();
  change({ closedAtMs: clock.atMs });
  assert.equal(await enter(waiting), "ended");
  await pass();
  assert.equal(await enter(waiting), "ended");
  assert.equal(await enter(active), "entered");
});

test("a lost slot is restored until the time in its token; a lost place without one waits again", async () => {
  const { enter, active, waiting, loseStore, clock } = await scene();
  loseStore();
  const activeUntilSeconds = clock.atMs / 1_000 + 30;
  assert.equal(await enter({ ...active, activeUntilSeconds }), "entered");
  assert.equal(await enter(waiting), "not-active");
});

test("a user whose token says ACTIVE enters while the store has loaded a snapshot with the user waiting", async () => {
  const { enter, waiting, loseStore, clock, deps, concertId, world } = await scene();
  loseStore();
  assert.equal(await enter(waiting), "not-active");
  const shown = { ...waiting, activeUntilSeconds: clock.atMs / 1_000 + 30 };
  assert.equal(await enter(shown), "entered");
  await deps.store.rebuild(concertId, [], true);
  clock.atMs += 25_000;
  assert.equal(await enter(shown), "entered", "also after recovery");
  world.ended.set(waiting.userId, { epoch: 1, seq: 2, reason: "PAID" });
  loseStore();
  assert.equal(await enter(shown), "ended");
});

test("the database decides while the store does not know whether a hold extends the slot", async () => {
  const { active, deps } = await scene();
  const gate = gateThat(async () => ({ kind: "grace-period" }));
  assert.deepEqual(await queueGate({ ...deps, gate }).enter(active), { kind: "away" });
});

test("the database decides while the store has a restored ACTIVE place waiting", async () => {
  const { waiting, deps, clock, loseStore } = await scene();
  loseStore();
  const gate = gateThat(async () => ({ kind: "not-active" }));
  const attempt = { ...waiting, activeUntilSeconds: clock.atMs / 1_000 + 30 };
  assert.deepEqual(await queueGate({ ...deps, gate }).enter(attempt), { kind: "away" });
});

test("a slot that the store has lost and the database has ended is not restored", async () => {
  const { enter, active, loseStore, clock, world } = await scene();
  loseStore();
  world.ended.set(active.userId, { epoch: 1, seq: 1, reason: "PAID" });
  const activeUntilSeconds = clock.atMs / 1_000 + 30;
  assert.equal(await enter({ ...active, activeUntilSeconds }), "ended");
});

test("a place that is lost again while it is restored counts as ended for this attempt", async () => {
  const { active, deps, loseStore, clock } = await scene();
  loseStore();
  const gate = gateThat(async () => ({ kind: "unknown" }));
  const attempt = { ...active, activeUntilSeconds: clock.atMs / 1_000 + 30 };
  assert.deepEqual(await queueGate({ ...deps, gate }).enter(attempt), { kind: "ended" });
});

test("the gate answers away while the store, or a database that it needs, is away", async () => {
  const { enter, active, away, loseStore } = await scene();
  away.store = true;
  assert.equal(await enter(active), "away");
  away.store = false;
  away.database = true;
  assert.equal(await enter(active), "entered");
  loseStore();
  assert.equal(await enter(active), "away");
});

test("the gate throws an error other than Unavailable", async () => {
  const { active, deps } = await scene();
  const fault = new Error("a bug");
  const gate = gateThat(() => Promise.reject(fault));
  await assert.rejects(queueGate({ ...deps, gate }).enter(active), fault);
});

test("checkActive answers as enter does, also for a place that the store has lost", async () => {
  const { active, waiting, deps, away, loseStore, clock } = await scene();
  const check = async (who: GateAttempt) => (await queueGate(deps).checkActive(who)).kind;
  assert.equal(await check(active), "active");
  assert.equal(await check(waiting), "not-active");
  loseStore();
  const activeUntilSeconds = clock.atMs / 1_000 + 30;
  assert.equal(await check({ ...active, activeUntilSeconds }), "active");
  away.store = true;
  assert.equal(await check(active), "away");
});

test("locks that are not released are reported, and nothing is thrown", async () => {
  const { active, waiting, deps, away, failures, enter, concertId } = await scene();
  assert.equal(await enter(active), "entered");
  assert.equal(await queueGate(deps).releaseLocks(active, null), true);
  assert.deepEqual(failures, []);
  away.store = true;
  assert.equal(await queueGate(deps).releaseLocks(waiting, null), false);
  assert.equal(
    (failures as unknown[][]).every(([id]) => id === concertId),
    true,
  );
  assert.equal(failures.length, 1);
});
