import assert from "node:assert/strict";
import { test } from "node:test";
import { queueFixture } from "#test/support/queue-fixture.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import { newUser } from "../../contracts/queue-store.contract.ts";
import { joinWhenRebuilt, waitersMax } from "../../recovery/use-cases/join-when-rebuilt.ts";
import { joinQueue, type JoinQueueOutcome } from "./join-queue.ts";

const given = (outcome: JoinQueueOutcome) =>
  outcome.kind === "in-queue" ? outcome : assert.fail(outcome.kind);

const scene = (...args: Parameters<typeof queueFixture>) => {
  const made = queueFixture(...args);
  const waited = { ms: 0, times: 0, onEach: async (): Promise<void> => {} };
  const delay = async (ms: number): Promise<void> => {
    waited.ms += ms;
    waited.times += 1;
    await waited.onEach();
  };
  const { store } = made.deps;
  const join = joinQueue({ ...made.deps, join: joinWhenRebuilt({ store, delay }) });
  return {
    waited,
    ...made,
    join: (userId = newUser()) => join({ concertId: made.concertId, userId }),
  };
};

test("who joins gets a token with his place and its order, and his position", async () => {
  const { join, concertId, clock } = scene();
  await join();
  const userId = newUser();
  const { isNew, status } = given(await join(userId));
  assert.equal(isNew, true);
  assert.deepEqual(JSON.parse(status.token), {
    sub: userId,
    concertId,
    jti: "1.2",
    seq: 2,
    epoch: 1,
    iat: clock.atMs / 1_000,
  });
  assert.deepEqual(
    { ...status, token: "" },
    {
      token: "",
      userId,
      concertId,
      status: "WAITING",
      queueState: "OPEN",
      position: 2,
      estimate: null,
      pollAfterMs: 1_000,
      expiresAtMs: null,
      endedReason: null,
      atMs: clock.atMs,
    },
  );
});

test("who joins again gets the place that he has", async () => {
  const { join } = scene();
  const userId = newUser();
  const first = given(await join(userId));
  await join();
  const again = given(await join(userId));
  assert.equal(again.isNew, false);
  assert.equal(again.status.token, first.status.token);
});

test("who comes while the queue is put back is given his place as soon as it is known", async () => {
  const { join, loseStore, deps, concertId, clock, waited } = scene();
  const userId = newUser();
  const activeUntilMs = clock.atMs + 60_000;
  await join(userId);
  loseStore();
  const own = { userId, epoch: 1, seq: 1 };
  waited.onEach = async () => {
    const state = { kind: "admitted", activeUntilMs, hold: null } as const;
    if (waited.times === 3) await deps.store.rebuild(concertId, [{ ...own, state }], true);
  };
  const { isNew, status } = given(await join(userId));
  assert.deepEqual([isNew, status.status, waited.times], [false, "ACTIVE", 3]);
  assert.deepEqual(given(await join()).isNew, true);
});

test("he does not wait for it without end", async () => {
  const { join, loseStore, waited } = scene();
  await join();
  loseStore();
  await assert.rejects(join(), Unavailable);
  assert.equal(waited.ms, 2_400, "he is answered before the server's own deadline of 2.7 s");
});

test("a bounded number of people wait for it", async () => {
  const { join, loseStore, deps, concertId, waited } = scene();
  await join();
  loseStore();
  const rebuilt = Promise.withResolvers<void>();
  waited.onEach = () => rebuilt.promise;
  const waiting = Array.from({ length: waitersMax }, () => join());
  await assert.rejects(join(), Unavailable);
  await deps.store.rebuild(concertId, [], true);
  rebuilt.resolve();
  for (const outcome of await Promise.all(waiting)) assert.equal(given(outcome).isNew, true);
  assert.equal(given(await join()).isNew, true);
});

test("there is no queue for a concert that there is not", async () => {
  const { join, world } = scene();
  world.schedule = null;
  assert.deepEqual(await join(), { kind: "unknown-concert" });
});

test("before the opening nobody joins", async () => {
  const { join, clock } = scene();
  clock.atMs -= 1;
  assert.deepEqual(await join(), { kind: "QUEUE_NOT_OPEN" });
  clock.atMs += 1;
  assert.equal((await join()).kind, "in-queue");
});

for (const [name, stock, expected] of [
  ["sold out", { available: 0, held: 0 }, "SOLD_OUT"],
  ["all held", { available: 0, held: 1 }, "in-queue"],
] as const) {
  test(`joining a queue that is ${name}: ${expected}`, async () => {
    const { join, world } = scene();
    world.stock = { ...stock, sold: 49, total: 50 };
    assert.equal((await join()).kind, expected);
  });
}

test("joining while the stock is unknown is possible", async () => {
  const { join, world } = scene();
  world.stock = null;
  assert.equal((await join()).kind, "in-queue");
});

test("joining a paused queue is possible, a closed one not", async () => {
  const { join, change, clock } = scene();
  change({ pausedAtMs: clock.atMs });
  assert.equal(given(await join()).status.queueState, "PAUSED");
  change({ pausedAtMs: null, closedAtMs: clock.atMs });
  assert.deepEqual(await join(), { kind: "QUEUE_NOT_OPEN" });
});

test("who is ACTIVE keeps his place in a queue that is closed", async () => {
  const { join, change, clock, pass } = scene();
  const userId = newUser();
  await join(userId);
  await pass();
  change({ closedAtMs: clock.atMs });
  const again = given(await join(userId));
  assert.equal(again.isNew, false);
  assert.equal(again.status.status, "ACTIVE");
  assert.equal(again.status.queueState, "CLOSED");
});
