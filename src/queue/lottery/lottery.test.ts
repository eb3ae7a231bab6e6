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
    async look(userId: UserId, place: { epoch: number; seq: number }) {
      const told = await check(claims(userId, place));
      return told.kind === "found" ? told.status : assert.fail(told.kind);
    },
    draw: () => change({ draw: { drawnAtMs: clock.atMs, entrants: 0, entrantsDigest: "ab" } }),
    read: readQueue(deps),
    /** So many users in the order in which they will be drawn. */
    users: (count: number): UserId[] =>
      Array.from({ length: count }, newUser).sort(
        (a, b) => drawValueOf(deps.hmac, drawSeed, a) - drawValueOf(deps.hmac, drawSeed, b),
      ),
  };
};

const first = { epoch: 1, seq: 1 };

test("nobody is told a position before the draw stands, however late it is", async () => {
  const { join, look, users, clock, pass, draw } = scene();
  const [winner, loser] = users(2) as [UserId, UserId];
  for (const userId of [loser, winner]) {
    const { status, queueState, position, estimate } = await join(userId);
    assert.deepEqual([status, queueState, position, estimate], ["LOBBY", "LOBBY", null, null]);
  }
  clock.atMs += lobbyMs;
  assert.equal((await pass()).admitted, 0, "nobody is admitted before the draw stands");
  assert.equal((await look(loser, first)).status, "LOBBY");
  draw();
  assert.deepEqual(
    [(await look(winner, first)).position, (await look(loser, first)).position],
    [1, 2],
  );
  assert.equal((await pass()).admitted, 1);
  assert.equal((await look(winner, first)).status, "ACTIVE");
});

test("who joins behind the lobby waits for the draw too, and stands behind everybody of it", async () => {
  const { join, look, users, clock, draw } = scene();
  const [early, late] = users(2).toReversed() as [UserId, UserId];
  await join(early);
  clock.atMs += lobbyMs;
  const { status, position } = await join(late);
  assert.deepEqual([status, position], ["LOBBY", null]);
  draw();
  assert.equal((await look(early, first)).position, 1);
  assert.equal((await join(late)).position, 2);
});

test("nobody asks more often in the lobby than is good for a million", async () => {
  const { join, users } = scene();
  assert.equal((await join(users(1)[0] as UserId)).pollAfterMs, 20_000);
});

test("a lobby that is closed by the operator ends, and nothing is published of a draw", async () => {
  const { join, look, users, clock, change, read, concertId } = scene();
  const [userId] = users(1) as [UserId];
  await join(userId);
  change({ closedAtMs: clock.atMs });
  const { status, endedReason } = await look(userId, first);
  assert.deepEqual([status, endedReason], ["ENDED", "CLOSED"]);
  assert.equal((await read(concertId))?.draw?.done, null);
});
