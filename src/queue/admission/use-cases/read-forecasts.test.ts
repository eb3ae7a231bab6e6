import assert from "node:assert/strict";
import { test } from "node:test";
import { Unavailable } from "#kernel/unavailable.ts";
import { freeStock, queueFixture } from "#test/support/queue-fixture.ts";
import { newUser } from "../../contracts/queue-store.contract.ts";
import { getPlaceStatus } from "./get-place-status.ts";
import { joinQueue } from "./join-queue.ts";
import { readForecasts } from "./read-forecasts.ts";

const scene = (...args: Parameters<typeof queueFixture>) => {
  const made = queueFixture(...args);
  const { schedule } = made.world;
  assert.ok(schedule);
  const join = joinQueue(made.deps);
  return {
    ...made,
    schedule,
    read: readForecasts(made.deps),
    async crowd(count: number) {
      for (let n = 1; n < count; n += 1)
        await join({ concertId: made.concertId, userId: newUser() });
      const userId = newUser();
      await join({ concertId: made.concertId, userId });
      return made.claims(userId, { epoch: 1, seq: count });
    },
  };
};

test("the forecast for operators is the one that the last user in the queue is told", async () => {
  const { read, crowd, deps, pass, clock, schedule, world } = scene();
  world.stock = { ...freeStock, available: 500, total: 500 };
  const last = await crowd(40);
  await pass();
  clock.atMs += 1_000;
  const outcome = await getPlaceStatus(deps)(last);
  assert.ok(outcome.kind === "found" && outcome.status.estimate);
  const { p50Seconds, p90Seconds } = outcome.status.estimate;
  const { forecasts, waiting, active } = await read(schedule, [schedule.policy]);
  assert.deepEqual([waiting, active], [38, 2]);
  const [now] = forecasts;
  assert.deepEqual([now?.lastWaitSeconds, now?.lastWaitP90Seconds], [p50Seconds, p90Seconds]);
});

test("where the last user is told that a seat is unlikely, operators read that the user gets no turn", async () => {
  const { read, crowd, deps, schedule, world } = scene();
  world.stock = { ...freeStock, available: 10 };
  const last = await crowd(473);
  const outcome = await getPlaceStatus(deps)(last);
  assert.ok(outcome.kind === "found");
  assert.equal(outcome.status.seatsLikely, "unlikely");
  const { forecasts } = await read(schedule, [schedule.policy]);
  assert.deepEqual([forecasts[0]?.ends, forecasts[0]?.lastWaitSeconds], ["SOLD_OUT", null]);
});

test("the forecasts under several policies come from one snapshot", async () => {
  const { read, crowd, deps, schedule, world } = scene();
  world.stock = { ...freeStock, available: 500, total: 500 };
  await crowd(40);
  let snapshots = 0;
  const { getSnapshot } = deps.store;
  deps.store.getSnapshot = (concertId) => {
    snapshots += 1;
    return getSnapshot(concertId);
  };
  const { policy } = schedule;
  const { forecasts, turnSeconds } = await read(schedule, [policy, { ...policy, maxActive: 20 }]);
  assert.equal(snapshots, 1);
  const [now, changed] = forecasts;
  assert.ok((now?.lastWaitSeconds ?? 0) > 5 * (changed?.lastWaitSeconds ?? Infinity));
  assert.equal(turnSeconds, null, "no turn has ended");
});

test("measured turns are told once a turn has ended", async () => {
  const { read, crowd, deps, pass, clock, schedule, concertId } = scene();
  const claims = await crowd(1);
  await pass();
  clock.atMs += 2_000;
  await pass();
  await deps.store.end(concertId, claims.userId, claims, "PAID");
  const { turnSeconds, seatsPerTurn } = await read(schedule, [schedule.policy]);
  assert.ok(turnSeconds !== null && turnSeconds > 0 && seatsPerTurn !== null && seatsPerTurn > 0);
});

test("a forecast throws Unavailable while the store is away or the stock unknown", async () => {
  const { read, schedule, world, away } = scene();
  away.store = true;
  await assert.rejects(read(schedule, [schedule.policy]), Unavailable);
  away.store = false;
  world.stock = null;
  await assert.rejects(read(schedule, [schedule.policy]), Unavailable);
});

test("a waiting list is forecast with one user a free seat, for the time to claim", async () => {
  const { read, crowd, pass, clock, schedule, world } = scene({
    ...{ waitingList: true, maxActive: 100, shoppersPerSeat: 1_000 },
  });
  await crowd(40);
  world.stock = { ...freeStock, available: 0, sold: 50 };
  await pass();
  clock.atMs += 2_000;
  world.stock = { ...freeStock, available: 20, sold: 30 };
  const policies = [schedule.policy, { ...schedule.policy, waitingList: false }] as const;
  const { forecasts } = await read(schedule, policies);
  const [listed, plain] = forecasts.map(({ limitedBy }) => limitedBy);
  assert.equal(listed, "STOCK");
  assert.notEqual(plain, "STOCK");
});
