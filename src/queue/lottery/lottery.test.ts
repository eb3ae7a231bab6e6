import assert from "node:assert/strict";
import { test } from "node:test";
import type { UserId } from "#kernel/ids.ts";
import { queueFixture } from "#test/support/queue-fixture.ts";
import { drawValueOf } from "./domain/draw-value.ts";
import { newUser } from "../contracts/queue-store.contract.ts";
import { getPlaceStatus } from "../admission/use-cases/get-place-status.ts";
import { joinQueue } from "../admission/use-cases/join-queue.ts";
import { readQueue } from "../admission/use-cases/read-queue.ts";

const drawSeed = "c0de".repeat(16);
const lobbyMs = 60_000;

const scene = (changes: Parameters<typeof queueFixture>[0] = {}) => {
  const made = queueFixture({ mode: "lottery", admitsAtMs: null, maxActive: 1, ...changes });
  const { schedule } = made.world;
  assert.ok(schedule);
  const admitsAtMs = made.clock.atMs + lobbyMs;
  made.change({ policy: { ...schedule.policy, admitsAtMs }, drawSeed });
  const join = joinQueue(made.deps);
  const check = getPlaceStatus(made.deps);
  const { concertId, claims, deps, change, clock } = made;
  return {
    ...made,
    async join(userId: UserId) {
      const joined = await join({ concertId, userId });
      return joined.kind === "in-queue" ? joined.status : assert.fail(joined.kind);
    },
    async getStatus(userId: UserId, place: { epoch: number; seq: number }) {
      const result = await check(claims(userId, place));
      return result.kind === "found" ? result.status : assert.fail(result.kind);
    },
    draw: () => change({ draw: { drawnAtMs: clock.atMs, entrants: 0, entrantsDigest: "ab" } }),
    read: readQueue(deps),
    /** Makes `count` users, in the order of their draw values. */
    users: (count: number): UserId[] =>
      Array.from({ length: count }, newUser).sort(
        (a, b) => drawValueOf(deps.hmac, drawSeed, a) - drawValueOf(deps.hmac, drawSeed, b),
      ),
  };
};

const first = { epoch: 1, seq: 1 };

test("no user gets a position before the draw is saved, even if the draw is late", async () => {
  const { join, getStatus, users, clock, pass, draw } = scene();
  const [winner, loser] = users(2) as [UserId, UserId];
  for (const userId of [loser, winner]) {
    const { status, queueState, position, estimate } = await join(userId);
    assert.deepEqual([status, queueState, position, estimate], ["LOBBY", "LOBBY", null, null]);
  }
  clock.atMs += lobbyMs;
  assert.equal((await pass()).admitted, 0, "no user is admitted before the draw is saved");
  assert.equal((await getStatus(loser, first)).status, "LOBBY");
  draw();
  assert.deepEqual(
    [(await getStatus(winner, first)).position, (await getStatus(loser, first)).position],
    [1, 2],
  );
  assert.equal((await pass()).admitted, 1);
  assert.equal((await getStatus(winner, first)).status, "ACTIVE");
});

test("a user who joins after the lobby waits for the draw, and is behind all users of the lobby", async () => {
  const { join, getStatus, users, clock, draw } = scene();
  const [early, late] = users(2).toReversed() as [UserId, UserId];
  await join(early);
  clock.atMs += lobbyMs;
  const { status, position } = await join(late);
  assert.deepEqual([status, position], ["LOBBY", null]);
  draw();
  assert.equal((await getStatus(early, first)).position, 1);
  assert.equal((await join(late)).position, 2);
});

test("a user in the lobby polls every 20 seconds", async () => {
  const { join, users } = scene();
  assert.equal((await join(users(1)[0] as UserId)).pollAfterMs, 20_000);
});

test("a lobby that the operator closes ends, and its draw is never published", async () => {
  const { join, getStatus, users, clock, change, read, concertId } = scene();
  const [userId] = users(1) as [UserId];
  await join(userId);
  change({ closedAtMs: clock.atMs });
  const { status, endedReason } = await getStatus(userId, first);
  assert.deepEqual([status, endedReason], ["ENDED", "CLOSED"]);
  assert.equal((await read(concertId))?.draw?.done, null);
});
