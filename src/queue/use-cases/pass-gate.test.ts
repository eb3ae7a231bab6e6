import assert from "node:assert/strict";
import { test } from "node:test";
import { queueScene } from "#test/support/queue-scene.ts";
import { newUser, openTerms } from "../ports/queue-store.contract.ts";
import { glanceAtGate, passGate, type GateAttempt } from "./pass-gate.ts";

const scene = async () => {
  const made = queueScene({ maxActive: 1 });
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
  const enter = async (who: GateAttempt) => (await passGate(made.deps)(who)).kind;
  return { ...made, enter, active: attempt(first, 1), waiting: attempt(second, 2) };
};

test("lets in who is ACTIVE, and nobody else", async () => {
  const { enter, active, waiting, deps, concertId } = await scene();
  assert.equal(await enter(active), "entered");
  assert.equal(await enter(waiting), "not-active");
  await deps.store.end(concertId, active.userId, active, "PAID");
  assert.equal(await enter(active), "ended");
});

test("who waits for a sale that is over has ended, whether or not a pass has run", async () => {
  const { enter, waiting, active, change, clock, pass } = await scene();
  change({ closedAtMs: clock.atMs });
  assert.equal(await enter(waiting), "ended");
  await pass();
  assert.equal(await enter(waiting), "ended");
  assert.equal(await enter(active), "entered");
});

test("a slot that the store has lost is put back by the token's time; a place waits again", async () => {
  const { enter, active, waiting, loseStore, clock } = await scene();
  loseStore();
  const activeUntilSeconds = clock.atMs / 1_000 + 30;
  assert.equal(await enter({ ...active, activeUntilSeconds }), "entered");
  assert.equal(await enter(waiting), "not-active");
});

test("who is ACTIVE by his token buys on while the queue's old file has him waiting", async () => {
  const { enter, waiting, loseStore, clock, deps, concertId, world } = await scene();
  loseStore();
  assert.equal(await enter(waiting), "not-active");
  const told = { ...waiting, activeUntilSeconds: clock.atMs / 1_000 + 30 };
  assert.equal(await enter(told), "entered");
  await deps.store.rebuild(concertId, [], true);
  clock.atMs += 25_000;
  assert.equal(await enter(told), "entered", "also once the queue has gone on");
  world.ended.set(waiting.userId, { epoch: 1, seq: 2, reason: "PAID" });
  loseStore();
  assert.equal(await enter(told), "ended");
});

test("the database decides where the store does not know yet", async () => {
  const { waiting, active, deps, clock, loseStore } = await scene();
  const gateOf = (kind: "spared" | "not-active") => ({
    enter: async () => ({ kind }),
    glance: async () => ({ kind }),
  });
  const until = { activeUntilSeconds: clock.atMs / 1_000 + 30 };
  const spared = { ...deps, gate: gateOf("spared") };
  assert.deepEqual(await passGate(spared)(active), { kind: "away" }, "what carries the slot");
  loseStore();
  const old = { ...deps, gate: gateOf("not-active") };
  assert.deepEqual(await passGate(old)({ ...waiting, ...until }), { kind: "away" }, "who he is");
});

test("a slot that the store has lost and the database has ended stays ended", async () => {
  const { enter, active, loseStore, clock, world } = await scene();
  loseStore();
  world.ended.set(active.userId, { epoch: 1, seq: 1, reason: "PAID" });
  const activeUntilSeconds = clock.atMs / 1_000 + 30;
  assert.equal(await enter({ ...active, activeUntilSeconds }), "ended");
});

test("a place that is lost again while it is put back has ended for this attempt", async () => {
  const { active, deps, loseStore, clock } = await scene();
  loseStore();
  const unknown = async () => ({ kind: "unknown" as const });
  const gate = { enter: unknown, glance: unknown };
  const attempt = { ...active, activeUntilSeconds: clock.atMs / 1_000 + 30 };
  assert.deepEqual(await passGate({ ...deps, gate })(attempt), { kind: "ended" });
});

test("says that it cannot tell while the store is away, or the database where it is needed", async () => {
  const { enter, active, away, loseStore } = await scene();
  away.store = true;
  assert.equal(await enter(active), "away");
  away.store = false;
  away.database = true;
  assert.equal(await enter(active), "entered");
  loseStore();
  assert.equal(await enter(active), "away");
});

test("a bug is not taken for a store that is away", async () => {
  const { active, deps } = await scene();
  const fault = new Error("a bug");
  const broken = () => Promise.reject(fault);
  const gate = { enter: broken, glance: broken };
  await assert.rejects(passGate({ ...deps, gate })(active), fault);
});

test("a glance says of the place what entering says, also of one that the store has lost", async () => {
  const { active, waiting, deps, away, loseStore, clock } = await scene();
  const glance = async (who: GateAttempt) => (await glanceAtGate(deps)(who)).kind;
  assert.equal(await glance(active), "active");
  assert.equal(await glance(waiting), "not-active");
  loseStore();
  const activeUntilSeconds = clock.atMs / 1_000 + 30;
  assert.equal(await glance({ ...active, activeUntilSeconds }), "active");
  away.store = true;
  assert.equal(await glance(active), "away");
});
