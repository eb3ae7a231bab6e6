import assert from "node:assert/strict";
import { test } from "node:test";
import { freeStock, queueFixture } from "#test/support/queue-fixture.ts";
import type { UserId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import { newUser } from "../../contracts/queue-store.contract.ts";
import { joinWhenRebuilt, waitersMax } from "../../recovery/use-cases/join-when-rebuilt.ts";
import { joinQueue, type JoinQueueOutcome } from "./join-queue.ts";

const given = (outcome: JoinQueueOutcome) =>
  outcome.kind === "in-queue" ? outcome : assert.fail(outcome.kind);

/** A gate that lets in who sends `open`, with what it was asked. */
const gate = () => {
  const asked: (string | null)[] = [];
  return {
    asked,
    passes: async (response: string | null) => {
      asked.push(response);
      return response === "open";
    },
  };
};

const scene = (...args: Parameters<typeof queueFixture>) => {
  const made = queueFixture(...args);
  const waited = { ms: 0, times: 0, onEach: async (): Promise<void> => {} };
  const delay = async (ms: number): Promise<void> => {
    waited.ms += ms;
    waited.times += 1;
    await waited.onEach();
  };
  const { store } = made.deps;
  const deps = { ...made.deps, join: joinWhenRebuilt({ store, delay }) };
  const challenges = gate();
  const join = joinQueue({ ...deps, challenges: null });
  const joinChallenged = joinQueue({ ...deps, challenges });
  return {
    waited,
    ...made,
    join: (userId = newUser()) =>
      join({ concertId: made.concertId, userId, challengeResponse: null }),
    challenges,
    joinChallenged: (userId: UserId, challengeResponse: string | null = null) =>
      joinChallenged({ concertId: made.concertId, userId, challengeResponse }),
  };
};

test("a user who joins gets a token with the place, and the position", async () => {
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
      estimate: { p50Seconds: 1, p90Seconds: 1 },
      seatsLikely: "likely",
      pollAfterMs: 1_000,
      expiresAtMs: null,
      endedReason: null,
      cancelledAtMs: null,
      atMs: clock.atMs,
    },
  );
});

test("a user who joins again gets the same place", async () => {
  const { join } = scene();
  const userId = newUser();
  const first = given(await join(userId));
  await join();
  const again = given(await join(userId));
  assert.equal(again.isNew, false);
  assert.equal(again.status.token, first.status.token);
});

test("behind a challenge a new place needs its answer", async () => {
  const { joinChallenged, deps, concertId } = scene();
  const userId = newUser();
  for (const response of [null, "wrong"])
    assert.deepEqual(await joinChallenged(userId, response), { kind: "CHALLENGE_REQUIRED" });
  assert.equal((await deps.store.getSnapshot(concertId)).counters.lastIssued, 0);
  assert.equal(given(await joinChallenged(userId, "open")).isNew, true);
});

test("behind a challenge a user with a live place gets it without a new answer", async () => {
  const { join, joinChallenged, challenges } = scene();
  const userId = newUser();
  const first = given(await join(userId));
  for (const response of [null, "wrong", "open"]) {
    const again = given(await joinChallenged(userId, response));
    assert.equal(again.isNew, false);
    assert.equal(again.status.token, first.status.token);
  }
  assert.deepEqual(challenges.asked, []);
});

test("behind a challenge a user whose place may be lost waits for the rebuild, not for an answer", async () => {
  const { join, joinChallenged, loseStore, deps, concertId, clock, waited } = scene();
  const userId = newUser();
  await join(userId);
  loseStore();
  const state = { kind: "admitted", activeUntilMs: clock.atMs + 60_000, hold: null } as const;
  waited.onEach = async () => {
    await deps.store.rebuild(concertId, [{ userId, epoch: 1, seq: 1, state }], true);
  };
  assert.equal(given(await joinChallenged(userId)).isNew, false);
});

test("a queue that cannot be joined asks for no answer to a challenge", async () => {
  const { joinChallenged, world, challenges } = scene();
  world.stock = { ...freeStock, available: 0, sold: 50 };
  assert.deepEqual(await joinChallenged(newUser()), { kind: "SOLD_OUT" });
  assert.deepEqual(challenges.asked, []);
});

test("a user who joins before the rebuild gets the own place as soon as it is known", async () => {
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

test("a join waits for the rebuild for 2.4 s, then throws Unavailable", async () => {
  const { join, loseStore, waited } = scene();
  await join();
  loseStore();
  await assert.rejects(join(), Unavailable);
  assert.equal(waited.ms, 2_400, "before the server's own deadline of 2.7 s");
});

test("at most 500 joins wait for the rebuild", async () => {
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

test("an unknown concert has no queue", async () => {
  const { join, world } = scene();
  world.schedule = null;
  assert.deepEqual(await join(), { kind: "unknown-concert" });
});

test("no user joins before the opening", async () => {
  const { join, clock } = scene();
  clock.atMs -= 1;
  assert.deepEqual(await join(), { kind: "QUEUE_NOT_OPEN" });
  clock.atMs += 1;
  assert.equal((await join()).kind, "in-queue");
});

for (const [name, stock, expected] of [
  ["sold out", { mayReturn: 0, hasEnded: false }, "SOLD_OUT"],
  ["all held", { mayReturn: 1, hasEnded: false }, "in-queue"],
  ["over, because every date has begun", { mayReturn: 0, hasEnded: true }, "SALE_ENDED"],
] as const) {
  test(`joining a queue that is ${name}: ${expected}`, async () => {
    const { join, world } = scene();
    world.stock = { available: 0, held: 1, sold: 49, total: 50, ...stock };
    assert.equal((await join()).kind, expected);
  });
}

test("a user can join while the stock is unknown", async () => {
  const { join, world } = scene();
  world.stock = null;
  assert.equal((await join()).kind, "in-queue");
});

test("a user can join a paused queue, and no closed one", async () => {
  const { join, change, clock } = scene();
  change({ pausedAtMs: clock.atMs });
  assert.equal(given(await join()).status.queueState, "PAUSED");
  change({ pausedAtMs: null, closedAtMs: clock.atMs });
  assert.deepEqual(await join(), { kind: "QUEUE_NOT_OPEN" });
});

test("an ACTIVE user keeps the place in a closed queue", async () => {
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

test("a user who joins a sold out sale with a waiting list is WAITLISTED behind it", async () => {
  const { join, pass, world } = scene({ waitingList: true });
  await join();
  world.stock = { ...freeStock, available: 0, sold: 50 };
  await pass();
  const { isNew, status } = given(await join());
  assert.deepEqual([isNew, status.status, status.position], [true, "WAITLISTED", 2]);
});

test("a sale that has ended or is closed refuses to join its waiting list", async () => {
  const { join, world, change, clock } = scene({ waitingList: true });
  world.stock = { ...freeStock, available: 0, hasEnded: true };
  assert.deepEqual(await join(), { kind: "SALE_ENDED" });
  change({ closedAtMs: clock.atMs });
  assert.deepEqual(await join(), { kind: "QUEUE_NOT_OPEN" });
});

test("a waiting list that was turned on within the last second refuses to be joined", async () => {
  const { deps, concertId, world } = scene({ waitingList: true });
  world.stock = { ...freeStock, available: 0, sold: 50 };
  const join = joinQueue({ ...deps, recentEnd: () => "SOLD_OUT" });
  assert.deepEqual(await join({ concertId, userId: newUser() }), { kind: "SOLD_OUT" });
});
