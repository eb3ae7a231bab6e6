import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { createLog } from "#platform/log.ts";
import { openRedis, type RedisStore } from "#platform/redis/store.ts";
import { freshRedis, type FreshRedis } from "#test/support/redis.ts";
import { memoryEpochs } from "#test/support/memory-epochs.ts";
import {
  crowd,
  inQueue,
  newConcert,
  newUser,
  openTerms,
  person,
  positionOf,
  wideTerms,
} from "../../contracts/queue-store.contract.ts";
import { queueKeys } from "./keys.ts";
import { redisQueue } from "./redis-queue.ts";

// Only the real Redis can show these: its clock, expiry, loss, and several instances at once.

let server: FreshRedis;
const opened: RedisStore[] = [];

const connect = async (): Promise<RedisStore> => {
  const redis = openRedis({
    url: server.url,
    log: createLog({ level: "silent" }),
    commandTimeoutMs: 5_000,
  });
  opened.push(redis);
  return ready(redis);
};

const ready = async (redis: RedisStore): Promise<RedisStore> => {
  for (let tries = 0; tries < 1_000 && !redis.ready(); tries += 1) await delay(5);
  assert.equal(redis.ready(), true);
  return redis;
};

/** An instance: its own connection, the same database. */
const instance = async (epochs = memoryEpochs()) => {
  const redis = await connect();
  const queue = {
    ...redisQueue({ redis, epochs }),
    nowMs: () => Date.now(),
    advance: () => assert.fail(),
  };
  return { redis, epochs, ...queue };
};

before(async () => {
  server = await freshRedis({ appendonly: true });
});
after(async () => {
  await Promise.all(opened.map((redis) => redis.close()));
  await server[Symbol.asyncDispose]();
});

test("the queue goes by the store's clock", async () => {
  const queue = await instance();
  const [seconds] = (await queue.redis.command(["TIME"])) as [string];
  const { atMs } = await queue.store.getSnapshot(newConcert());
  assert.ok(Math.abs(atMs - Number(seconds) * 1_000) < 2_000);
});

test("seat locks expire by themselves", async () => {
  const queue = await instance();
  const concertId = newConcert();
  const [first, second] = await crowd(queue, concertId, 2);
  assert.ok(first && second);
  await queue.store.admit(concertId, wideTerms);
  const attempt = {
    concertId,
    date: "2026-12-24",
    seatNumbers: [7],
    keyTag: "",
    lockMs: 60,
    leaseMs: 5_000,
  };
  await queue.gate.enter({ ...attempt, userId: first.userId, ...first.mark, owner: "a" });
  const rival = { ...attempt, userId: second.userId, ...second.mark, owner: "b" };
  assert.equal((await queue.gate.enter(rival)).kind, "locked");
  await delay(80);
  assert.equal((await queue.gate.enter(rival)).kind, "entered");
});

test("polls of one turn cost one command", async () => {
  const queue = await instance();
  const concertId = newConcert();
  const people = await crowd(queue, concertId, 50);
  const commands = async (): Promise<number> => {
    const text = String(await queue.redis.command(["INFO", "commandstats"]));
    return Number(/cmdstat_evalsha:calls=(\d+)/.exec(text)?.[1]);
  };
  const before = await commands();
  await Promise.all(people.map((who) => who.read(who.mark)));
  assert.equal((await commands()) - before, 1);
});

test("a waiting person costs at most 160 bytes, and nothing but a place in one set", async () => {
  const queue = await instance();
  const concertId = newConcert();
  const users = Array.from({ length: 20_000 }, newUser);
  for (let start = 0; start < users.length; start += 500) {
    const some = users.slice(start, start + 500);
    await Promise.all(some.map((userId) => queue.store.join(concertId, userId, openTerms)));
  }
  let bytes = 0;
  for (const key of queueKeys(concertId)) {
    bytes += Number(await queue.redis.command(["MEMORY", "USAGE", key, "SAMPLES", "0"]));
  }
  assert.ok(bytes / users.length <= 160, `${bytes / users.length} bytes a person`);
});

test("instances that join and admit at once keep order, rate and cap", async () => {
  const epochs = memoryEpochs();
  const instances = await Promise.all([instance(epochs), instance(epochs), instance(epochs)]);
  const [first] = instances;
  assert.ok(first);
  const concertId = newConcert();
  const users = Array.from({ length: 300 }, newUser);
  const places = await Promise.all(
    users.map(async (userId, index) => {
      const queue = instances[index % instances.length] ?? first;
      return inQueue(await queue.store.join(concertId, userId, openTerms)).status.place;
    }),
  );
  assert.equal(new Set(places.map(({ seq }) => seq)).size, users.length);

  // 50 a second for about a second: 50 to begin with, and the rate on top; the cap is never passed.
  const terms = { ...wideTerms, admissionsPerMinute: 3_000, maxActive: 80 };
  const startedAtMs = (await first.store.getSnapshot(concertId)).atMs;
  let admitted = 0;
  let lastAtMs = startedAtMs;
  while (lastAtMs - startedAtMs < 900) {
    const reports = await Promise.all(instances.map(({ store }) => store.admit(concertId, terms)));
    for (const report of reports) {
      admitted += report.admitted;
      lastAtMs = Math.max(lastAtMs, report.atMs);
      assert.ok(admitted <= 50 + ((lastAtMs - startedAtMs) * 50) / 1_000 + 1e-9);
    }
    const { counters } = await first.store.getSnapshot(concertId);
    assert.ok(counters.active <= 80);
    assert.equal(counters.active, counters.admittedTotal);
  }
  assert.equal(admitted, 80, "the cap was reached, not passed");
  const placeStatuses = await Promise.all(
    users.map((userId, index) =>
      first.store.getStatus(concertId, userId, places[index] ?? assert.fail()),
    ),
  );
  const admittedSeqs = placeStatuses.flatMap(({ status }) =>
    status.kind === "active" ? [status.place.seq] : [],
  );
  assert.equal(Math.max(...admittedSeqs), 80, "exactly the first were admitted");
});

test("instances that meet a new queue agree on one epoch", async () => {
  const epochs = memoryEpochs();
  const instances = await Promise.all([instance(epochs), instance(epochs), instance(epochs)]);
  const concertId = newConcert();
  const snapshots = await Promise.all(instances.map(({ store }) => store.getSnapshot(concertId)));
  const after = await Promise.all(instances.map(({ store }) => store.getSnapshot(concertId)));
  assert.equal(new Set(after.map(({ epoch }) => epoch)).size, 1);
  assert.ok(snapshots.length === 3 && (after[0]?.epoch ?? 0) <= 3);
});

test("instances that meet a new queue agree while one of them is slow", async () => {
  const epochs = memoryEpochs();
  const [quick, slow] = [await connect(), await connect()];
  const concertId = newConcert();
  const hesitant: RedisStore = {
    ...slow,
    async run(...call) {
      await delay(200);
      return slow.run(...call);
    },
  };
  const first = redisQueue({ redis: hesitant, epochs });
  const second = redisQueue({ redis: quick, epochs });
  const begun = first.store.getSnapshot(concertId);
  for (let tries = 0; (await epochs.read(concertId)) === null; tries += 1) {
    assert.ok(tries < 1_000, "no epoch");
    await delay(1);
  }
  const snapshots = await Promise.all([begun, second.store.getSnapshot(concertId)]);
  assert.deepEqual(
    snapshots.map(({ epoch }) => epoch),
    [1, 1],
  );
});

test("a store that was emptied under way begins a new epoch; lost places stand before newcomers", async () => {
  const queue = await instance();
  const concertId = newConcert();
  const [first, second] = await crowd(queue, concertId, 2);
  assert.ok(first && second);
  await queue.redis.command(["DEL", ...queueKeys(concertId)]);
  await queue.store.rebuild(concertId, [], true);
  const newcomer = person(queue, concertId);
  const place = await newcomer.place();
  assert.deepEqual(place, { epoch: 2, seq: 1 });
  assert.equal((await second.placeStatus(second.mark)).kind, "unknown");
  await second.restore(second.mark);
  await first.restore(first.mark);
  assert.equal(positionOf(await first.placeStatus(first.mark)), 1);
  assert.equal(positionOf(await second.placeStatus(second.mark)), 2);
  assert.equal(positionOf(await newcomer.placeStatus(place)), 3);
});

test("a queue that is lost again in the middle of its rebuild is not taken for rebuilt", async () => {
  const queue = await instance();
  const concertId = newConcert();
  const [who] = await crowd(queue, concertId, 1);
  assert.ok(who);
  const lose = async () => {
    await queue.redis.command(["DEL", ...queueKeys(concertId)]);
    return (await queue.store.getSnapshot(concertId)).epoch;
  };
  const first = await lose();
  assert.equal(await queue.store.rebuild(concertId, [], false), first);
  const second = await lose();
  assert.equal(await queue.store.rebuild(concertId, [], true, first), null);
  assert.equal((await queue.store.admit(concertId, wideTerms)).recovery, "to-rebuild");
  assert.equal(await queue.store.rebuild(concertId, [], true, second), second);
  assert.equal((await queue.store.admit(concertId, wideTerms)).recovery, "rebuilt");
});

test("keys that a mere read leaves expire, also once the epoch was raised", async () => {
  const epochs = memoryEpochs();
  const [one, other] = [await instance(epochs), await instance(epochs)];
  const concertId = newConcert();
  const [mark = ""] = queueKeys(concertId);
  const before = (await one.store.getSnapshot(concertId)).epoch;
  await epochs.raise(concertId, before, "another life");
  assert.ok((await other.store.getSnapshot(concertId)).epoch > before);
  assert.ok(Number(await other.redis.command(["PTTL", mark])) > 0);
});

test("a key that is written once the queue is over gets the end of the others", async () => {
  const { store, redis } = await instance();
  const concertId = newConcert();
  const over = { ...wideTerms, admitsFromMs: null, final: "SOLD_OUT" } as const;
  await store.admit(concertId, over);
  await store.admit(concertId, over);
  const [mark = ""] = queueKeys(concertId);
  const bought = queueKeys(concertId).find((key) => key.endsWith(":bought")) ?? "";
  assert.ok(Number(await redis.command(["PTTL", mark])) > 0);
  await redis.command(["SADD", bought, newUser()]);
  for (const key of [bought, mark]) {
    await redis.command(["PERSIST", key]);
    assert.equal(await redis.command(["PTTL", key]), -1);
    await store.admit(concertId, over);
    assert.ok(Number(await redis.command(["PTTL", key])) > 0);
  }
  assert.equal(await redis.command(["EXISTS", bought]), 1);
});

test("an instance that has not noticed the new epoch can do nothing in it", async () => {
  const epochs = memoryEpochs();
  const [one, other] = [await instance(epochs), await instance(epochs)];
  const concertId = newConcert();
  await crowd(one, concertId, 1);
  await other.store.getSnapshot(concertId);
  await one.redis.command(["DEL", ...queueKeys(concertId)]);
  await one.store.rebuild(concertId, [], true);
  assert.deepEqual(await person(one, concertId).place(), { epoch: 2, seq: 1 });
  assert.deepEqual(await person(other, concertId).place(), { epoch: 2, seq: 2 });
});

test("entries of an older life are not taken for those of a newer one", async () => {
  const queue = await instance();
  const concertId = newConcert();
  const [who] = await crowd(queue, concertId, 1);
  assert.ok(who);
  await who.end(who.mark);
  const page = await queue.store.readJournal(concertId, 10);
  assert.ok(page);
  await queue.redis.command(["DEL", ...queueKeys(concertId)]);
  await queue.store.rebuild(concertId, [], true);
  const again = await who.place();
  await who.end(again);
  await queue.store.trimJournal(concertId, page);
  assert.equal((await queue.store.readJournal(concertId, 10))?.throughN, 1);
});

test("a store that was killed and has come back keeps its people and begins a new epoch", async () => {
  const queue = await instance();
  const concertId = newConcert();
  const [first, second] = await crowd(queue, concertId, 2);
  assert.ok(first && second);
  const generation = queue.redis.generation();
  await server.restart();
  for (let tries = 0; tries < 1_000 && queue.redis.generation() <= generation; tries += 1) {
    await delay(5);
  }
  assert.equal(positionOf(await second.placeStatus(second.mark)), 2);
  await queue.store.rebuild(concertId, [], true);
  assert.deepEqual(await person(queue, concertId).place(), { epoch: 2, seq: 1 });
  assert.equal(positionOf(await first.placeStatus(first.mark)), 1);
});

test("a store that comes back with its old file while a place is being given numbers anew", async () => {
  const epochs = memoryEpochs();
  const first = await instance(epochs);
  const concertId = newConcert();
  await crowd(first, concertId, 3);
  const second = await instance({
    ...epochs,
    async markInUse(asked) {
      await epochs.markInUse(asked);
      await server.restart();
      await ready(first.redis);
      await ready(second.redis);
    },
  });
  const { join, place } = person(second, concertId);
  assert.equal((await join()).kind, "not-rebuilt", "it has noticed the new life");
  await second.store.rebuild(concertId, [], true);
  assert.deepEqual(await place(), { epoch: 2, seq: 1 });
});

test("a slot of an old snapshot that was never claimed goes, where the database has skipped its user", async () => {
  const queue = await instance();
  const concertId = newConcert();
  const [who] = await crowd(queue, concertId, 1);
  assert.ok(who);
  assert.equal((await queue.store.admit(concertId, wideTerms)).admitted, 1);
  const generation = queue.redis.generation();
  await server.restart();
  for (let tries = 0; tries < 1_000 && queue.redis.generation() <= generation; tries += 1) {
    await delay(5);
  }
  const { epoch, counters } = await queue.store.getSnapshot(concertId);
  assert.deepEqual([epoch, counters.active, counters.recovering], [2, 1, true]);
  assert.equal(
    (await who.placeStatus(who.mark)).kind,
    "waiting",
    "the slot cannot be claimed before",
  );
  const state = { kind: "skipped" as const, hasBeenAdmitted: true };
  await queue.store.rebuild(concertId, [{ userId: who.userId, ...who.mark, state }], true);
  assert.equal((await queue.store.getSnapshot(concertId)).counters.active, 0);
  assert.equal((await who.placeStatus(who.mark)).kind, "waiting");
});
