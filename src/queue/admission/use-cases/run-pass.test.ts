import assert from "node:assert/strict";
import { test } from "node:test";
import { Unavailable } from "#kernel/unavailable.ts";
import { freeStock, queueFixture } from "#test/support/queue-fixture.ts";
import { emptyQueues } from "../domain/empty-queues.ts";
import { recoveryMs } from "../domain/poll-interval.ts";
import { newUser, openTerms } from "../../contracts/queue-store.contract.ts";
import { flushJournal, runPass } from "./run-pass.ts";

const scene = async (people: number, ...args: Parameters<typeof queueFixture>) => {
  const made = queueFixture(...args);
  const users = Array.from({ length: people }, newUser);
  for (const userId of users) await made.deps.store.join(made.concertId, userId, openTerms);
  const run = async () => {
    const { schedule } = made.world;
    assert.ok(schedule);
    return (await runPass(made.deps)(schedule)) ?? assert.fail("no pass");
  };
  const kinds = () =>
    made.world.written.flatMap(({ entries }) => entries.map(({ n, kind }) => `${n} ${kind}`));
  return { ...made, users, run, kinds };
};

test("a tick admits users and writes the journal to the database", async () => {
  const { run, kinds, deps, concertId } = await scene(3);
  const report = await run();
  assert.deepEqual([report.admitted, report.more], [2, false]);
  assert.deepEqual(kinds(), ["1 ADMITTED", "2 ADMITTED"]);
  assert.equal(await deps.store.readJournal(concertId, 1), null);
});

test("a tick repeats bounded passes until there is nothing more to do", async () => {
  const limits = { maxActive: 10_000, admissionsPerMinute: 1_000_000, shoppersPerSeat: 1_000 };
  const { run, kinds } = await scene(1_200, limits);
  const report = await run();
  assert.deepEqual([report.admitted, report.more], [1_200, false]);
  assert.equal(kinds().length, 1_200);
});

test("a tick runs at most 8 passes", async () => {
  const limits = { maxActive: 10_000, admissionsPerMinute: 1_000_000, shoppersPerSeat: 1_000 };
  const { run } = await scene(4_100, limits);
  const report = await run();
  assert.deepEqual([report.admitted, report.more], [4_000, true]);
});

test("no user is admitted while the stock is unknown", async () => {
  const { run, world } = await scene(1);
  world.stock = null;
  assert.equal((await run()).admitted, 0);
});

test("journal entries that the database refused are written by a later tick, once", async () => {
  const { run, away, kinds } = await scene(1);
  away.database = true;
  await assert.rejects(run(), Unavailable);
  assert.deepEqual(kinds(), []);
  away.database = false;
  await run();
  await run();
  assert.deepEqual(kinds(), ["1 ADMITTED"]);
});

test("journal entries that another instance has written meanwhile stay written once", async () => {
  const { deps, concertId, pass, kinds } = await scene(1);
  await pass();
  await Promise.all([flushJournal(deps)(concertId), flushJournal(deps)(concertId)]);
  assert.ok(kinds().every((entry) => entry === "1 ADMITTED"));
  assert.equal(await deps.store.readJournal(concertId, 1), null);
});

test("a queue that is known to be empty gets its next pass 0.7 s later, another one with each tick", async () => {
  const { deps, world, clock } = await scene(0);
  const empty = emptyQueues(clock.nowMs);
  const finals: unknown[] = [];
  const sawFinal = (_: unknown, final: unknown) => void finals.push(final);
  const pass = runPass({ ...deps, sawFinal, emptyQueues: empty });
  const schedule = world.schedule ?? assert.fail();
  const isRun = async () => (await pass(schedule)) !== null;
  assert.deepEqual([await isRun(), await isRun()], [true, false]);
  world.stock = { ...freeStock, available: 49 };
  assert.equal(await isRun(), true, "the stock has changed");
  assert.deepEqual(finals, [null, null, null], "the state of the sale is seen at every tick");
  clock.atMs += 700;
  assert.deepEqual([await isRun(), await isRun()], [true, false]);
});

test("a pass that failed leaves the queue due", async () => {
  const { deps, world, away, clock } = await scene(0);
  const empty = emptyQueues(clock.nowMs);
  const pass = runPass({ ...deps, emptyQueues: empty });
  const schedule = world.schedule ?? assert.fail();
  await pass(schedule);
  clock.atMs += 1_000;
  away.store = true;
  await assert.rejects(pass(schedule), Unavailable);
  away.store = false;
  assert.notEqual(await pass(schedule), null);
});

test("a queue that may have lost places is rebuilt from the database, then goes on", async () => {
  const { run, deps, world, loseStore, concertId, clock } = await scene(1);
  const shopper = { userId: newUser(), epoch: 1, seq: 2 };
  const state = { kind: "admitted" as const, activeUntilMs: clock.atMs + 600_000, hold: null };
  loseStore();
  world.recorded.push({ ...shopper, state });
  const report = await run();
  assert.deepEqual([report.admitted, report.recovery], [0, "to-rebuild"]);
  const { status } = await deps.store.getStatus(concertId, shopper.userId, shopper);
  assert.equal(status.kind, "active");
  assert.equal((await run()).recovery, "rebuilt");
  clock.atMs += recoveryMs;
  assert.equal((await run()).recovery, null);
});

test("a rebuild reads the database page by page, to the end", async () => {
  const { run, deps, world, loseStore, concertId, clock } = await scene(1);
  const state = { kind: "admitted" as const, activeUntilMs: clock.atMs + 600_000, hold: null };
  for (let seq = 2; seq < 1_102; seq += 1)
    world.recorded.push({ userId: newUser(), epoch: 1, seq, state });
  loseStore();
  await run();
  assert.equal((await deps.store.getSnapshot(concertId)).counters.active, 1_100);
});

test("with the database away recovery goes on, and no user is admitted", async () => {
  const { run, deps, away, loseStore, concertId, clock } = await scene(1);
  loseStore();
  away.database = true;
  await assert.rejects(run(), Unavailable);
  clock.atMs += 10 * recoveryMs;
  assert.equal((await deps.store.getSnapshot(concertId)).counters.recovering, true);
});

test("a page that was read before another loss is not restored in the next epoch", async () => {
  const { run, deps, loseStore, world, recorded, users, concertId } = await scene(1);
  await run();
  loseStore();
  const [userId = newUser()] = users;
  const { page } = recorded;
  recorded.page = async (...args) => {
    const people = await page(...args);
    recorded.page = page;
    loseStore();
    return people;
  };
  const place = { epoch: 1, seq: 1 };
  const activeUntilMs = deps.clock.nowMs() + 60_000;
  const state = { kind: "admitted", activeUntilMs, hold: null } as const;
  world.recorded = [{ userId, ...place, state }];
  await run();
  world.recorded = [{ userId, ...place, state: { kind: "ended", reason: "LEFT" } }];
  await run();
  assert.equal((await deps.store.getSnapshot(concertId)).counters.active, 0);
});
