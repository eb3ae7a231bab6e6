import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { eventually } from "#test/support/concurrency.ts";
import { toId, type ConcertId, type UserId } from "#kernel/ids.ts";
import type { PlaceMark } from "#kernel/place.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { Answer } from "#platform/http/route.ts";
import { tokenSigner } from "#platform/token-signer.ts";
import { createLog } from "#platform/log.ts";
import type { Database } from "#platform/postgres/database.ts";
import { openRedis, type RedisStore } from "#platform/redis/store.ts";
import { freeStock } from "#test/support/queue-fixture.ts";
import { freshDatabase, type FreshDatabase, openPatiently } from "#test/support/postgres.ts";
import { freshRedis, type FreshRedis } from "#test/support/redis.ts";
import {
  queueFeature,
  type QueueFeature,
  type QueueObserver,
  type QueueSchedule,
} from "./index.ts";

// The whole feature on real stores; the test stands in for the sale.

const log = createLog({ level: "silent" });
let clone: FreshDatabase;
let server: FreshRedis;
let database: Database;
let redis: RedisStore;
const features: QueueFeature[] = [];

const until = (what: string, isSo: () => boolean | Promise<boolean>) =>
  eventually(what, async () => (await isSo()) || undefined);

before(async () => {
  [clone, server] = await Promise.all([freshDatabase(), freshRedis()]);
  database = openPatiently({ url: clone.url });
  redis = openRedis({ url: server.url, log });
  await until("redis", () => redis.ready());
});
after(async () => {
  await Promise.all(features.map((feature) => feature.close()));
  await Promise.all([redis.close(), database.close()]);
  await Promise.all([clone[Symbol.asyncDispose](), server[Symbol.asyncDispose]()]);
});

const openQueue = async (
  keeping: "redis" | "memory",
  concertId = toId<"concert">(randomUUID()),
) => {
  await database.query({
    text: `
      insert into concert (concert_id, title, time_zone, currency, policy)
      values ($1, 'A night', 'UTC', 'KRW', '{}') on conflict do nothing`,
    values: [concertId],
  });
  const schedule: QueueSchedule = {
    concertId,
    policy: {
      mode: "fifo",
      opensAtMs: 0,
      admitsAtMs: null,
      maxActive: 1,
      admissionsPerMinute: 60_000,
      shoppersPerSeat: 2,
      sessionSeconds: 60,
      idleSeconds: 0,
      holdSeconds: 300,
      maxSeatsPerUser: 4,
      claimSeconds: 30,
    },
    pausedAtMs: null,
    resumedAtMs: null,
    rampSeconds: null,
    closedAtMs: null,
    cancelledAtMs: null,
    drawSeed: null,
  };
  const heard: string[] = [];
  const observer: QueueObserver = {
    joined: (_, fresh) => heard.push(fresh ? "joined" : "joined again"),
    polled: () => heard.push("polled"),
    rateLimited: () => heard.push("hammered"),
    left: () => heard.push("left"),
    admissionPassed: (_, { admitted }) => (admitted > 0 ? heard.push(`passed ${admitted}`) : 0),
    passFailed: () => heard.push("pass failed"),
  };
  const queue = queueFeature({
    keeping: keeping === "memory" ? { kind: "memory" } : { kind: "redis", redis },
    database,
    operatorDatabase: database,
    sales: {
      find: async (id) => (id === concertId ? schedule : null),
      refresh: async () => {},
      running: async () => [schedule],
      stock: async () => freeStock,
    },
    leave: async (id, userId, place) => {
      await database.query({
        text: `
          insert into buyer (user_id, concert_id, ended_epoch, ended_seq, ended_reason)
          values ($1, $2, $3, $4, 'LEFT') on conflict do nothing`,
        values: [userId, id, place.epoch, place.seq],
      });
    },
    tokenSigner: tokenSigner([{ id: "k", secret: new Uint8Array(32).fill(1) }]),
    clock: { nowMs: () => Date.now() },
    monotonicMs: () => performance.now(),
    random: () => 0,
    log,
    observer,
    recoveryMs: 500,
  });
  features.push(queue);
  return { queue, concertId, heard };
};

type Status = Record<string, unknown> & { readonly token: string };

/** A user of the routes. */
const fan = (queue: QueueFeature, concertId: ConcertId) => {
  const userId = toId<"user">(randomUUID()) as UserId;
  const call = async (operationId: string, caller: object): Promise<Answer> => {
    const route = queue.routes.find((one) => one.operationId === operationId) ?? assert.fail();
    return route.handle({ caller, params: { concertId } } as never);
  };
  const statusOf = (answer: Answer): Status =>
    "problem" in answer ? assert.fail(answer.problem) : (answer.body as Status);
  const read = (token: string) => queue.readToken(token) ?? assert.fail("not genuine");
  return {
    userId,
    read,
    join: async () => statusOf(await call("joinQueue", { userId })),
    poll: async (token: string) => statusOf(await call("readQueueStatus", { claims: read(token) })),
    leave: (token: string) => call("leaveQueue", { claims: read(token) }),
  };
};

const attempt = (concertId: ConcertId, userId: UserId, place: PlaceMark) => ({
  concertId,
  userId,
  epoch: place.epoch,
  seq: place.seq,
  date: "2026-12-24",
  seatNumbers: [1],
  owner: randomUUID(),
  keyTag: "",
  lockMs: 4_000,
  leaseMs: 5_000,
});

for (const keeping of ["redis", "memory"] as const) {
  test(`${keeping}: from joining to ACTIVE, to a carried hold, to a paid place and the next user`, async () => {
    const { queue, concertId, heard } = await openQueue(keeping);
    const [first, second] = [fan(queue, concertId), fan(queue, concertId)];
    const { token } = await first.join();
    const next = await second.join();
    assert.equal(next["position"], 2);
    assert.equal(await queue.active(first.read(token)), "waiting");
    queue.start();
    queue.start();
    await until(
      "the first is ACTIVE",
      async () => (await first.poll(token))["status"] === "ACTIVE",
    );
    const claims = first.read((await first.poll(token)).token);
    assert.ok((claims.activeUntilSeconds ?? 0) * 1_000 > Date.now() + 50_000);
    assert.equal(await queue.active(claims), "active");

    const mine = attempt(concertId, first.userId, claims);
    const entered = await queue.queueGate.enter(mine);
    assert.deepEqual(entered, { kind: "entered" });
    const checked = await queue.queueGate.checkActive(mine);
    assert.deepEqual(checked, { kind: "active", holding: false, bought: false });
    const reservationId = toId<"reservation">(randomUUID());
    const hold = { reservationId, expiresAtMs: Date.now() + 300_000 };
    await queue.queueGate.releaseLocks(mine, hold);
    const carried = await first.poll(token);
    assert.equal(carried["expiresAt"], new Date(hold.expiresAtMs).toISOString());
    const { userId } = first;
    await queue.queueEvents.holdCleared({ concertId, userId, reservationId });
    await queue.queueEvents.holdCarried({ ...claims, ...hold });

    const paid = {
      concertId,
      userId,
      reason: "PAID",
      epoch: claims.epoch,
      seq: claims.seq,
    } as const;
    await queue.queueEvents.placeEnded(paid);
    await queue.queueEvents.placeEnded(paid);
    assert.equal((await first.poll(token))["endedReason"], "PAID");
    await until(
      "the second is ACTIVE",
      async () => (await queue.active(second.read(next.token))) === "active",
    );
    await until("the journal is written", async () => {
      const rows = await database.query<{ kind: string }>({
        text: "select kind from queue_journal where concert_id = $1 order by n",
        values: [concertId],
      });
      return rows.map(({ kind }) => kind).join() === "ADMITTED,PAID,ADMITTED";
    });
    assert.equal((await first.poll(token))["endedReason"], "PAID", "from the database");
    assert.equal(queue.routes.length, 9);
    assert.equal(await queue.state(concertId), "OPEN");
    assert.deepEqual(heard.slice(0, 2), ["joined", "joined"]);
    assert.ok(heard.includes("passed 1"));
    await queue.close();
  });

  test(`${keeping}: a user who leaves has left for good, and may join again behind all others`, async () => {
    const { queue, concertId } = await openQueue(keeping);
    const who = fan(queue, concertId);
    const { token } = await who.join();
    assert.deepEqual(await who.leave(token), { status: 204 });
    assert.deepEqual(await who.leave(token), { status: 204 });
    assert.equal((await who.poll(token))["endedReason"], "LEFT");
    const again = await who.join();
    assert.equal(who.read(again.token).seq, who.read(token).seq + 1);
    assert.equal(await queue.active(who.read(token)), "ended");
  });
}

test("memory: the places of a later process are behind those of an earlier one", async () => {
  const { queue, concertId } = await openQueue("memory");
  const early = fan(queue, concertId);
  const { token } = await early.join();
  const later = await openQueue("memory", concertId);
  const back = fan(later.queue, concertId);
  const status = await back.poll(token);
  assert.deepEqual([status["queueState"], status["position"]], ["RECOVERING", null]);
  later.queue.start();
  const newcomer = await fan(later.queue, concertId).join();
  await until("the earlier one is admitted", async () => {
    return (await back.poll(token))["status"] === "ACTIVE";
  });
  assert.equal((await fan(later.queue, concertId).poll(newcomer.token))["position"], 1);
  await later.queue.close();
  const claims = back.read(newcomer.token);
  assert.deepEqual([claims.epoch, claims.seq], [2, 1]);
});

test("redis away: joins and waiting users get Unavailable, ACTIVE users go on, and the queue recovers", async () => {
  const { queue, concertId, heard } = await openQueue("redis");
  const [active, waiting] = [fan(queue, concertId), fan(queue, concertId)];
  const { token } = await active.join();
  const placeStatus = await waiting.join();
  queue.start();
  await until("ACTIVE", async () => (await active.poll(token))["status"] === "ACTIVE");
  const claims = active.read((await active.poll(token)).token);
  await server.kill();
  await until("it is noticed", () => !redis.ready());
  await assert.rejects(fan(queue, concertId).join(), Unavailable);
  await assert.rejects(waiting.poll(placeStatus.token), Unavailable);
  assert.equal(await queue.active(claims), "active");
  assert.equal(await queue.state(concertId), "OPEN");
  const mine = attempt(concertId, active.userId, claims);
  assert.deepEqual(await queue.queueGate.enter(mine), { kind: "away" });
  await queue.queueGate.releaseLocks(mine, null);
  assert.deepEqual(await active.leave(token), { status: 204 });
  assert.equal(await queue.active(claims), "ended", "by the database");
  await until("passes fail", () => heard.includes("pass failed"));

  await server.restart();
  await until("it is back", () => redis.ready());
  await until("the queue lives in the new server", async () => {
    const status = await waiting.poll(placeStatus.token).catch((error: unknown) => {
      assert.ok(error instanceof Unavailable);
      return null;
    });
    return status !== null;
  });
  await until("the waiting user is next", async () => {
    return (await waiting.poll(placeStatus.token))["status"] === "ACTIVE";
  });
  assert.equal((await active.poll(token))["endedReason"], "LEFT");
  await queue.close();
});
