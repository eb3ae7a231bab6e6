import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { createLog } from "#platform/log.ts";
import { openRedis } from "#platform/redis/store.ts";
import {
  queueStoreContract,
  type Life,
  type QueueUnderTest,
  crowd,
  newConcert,
  newUser,
  openTerms,
  wideTerms,
} from "../../contracts/queue-store.contract.ts";
import { getStatusesContract } from "../../contracts/get-statuses.contract.ts";
import { livePlacesContract } from "../../contracts/live-places.contract.ts";
import { lobbyContract } from "../../contracts/lobby.contract.ts";
import { absenceContract } from "../../contracts/absence.contract.ts";
import { lateEventsContract } from "../../contracts/late-events.contract.ts";
import { recoveryContract } from "../../contracts/recovery.contract.ts";
import { retentionContract } from "../../contracts/retention.contract.ts";
import { passContract } from "../../contracts/admission-pass.contract.ts";
import { carriedSlotsContract } from "../../contracts/carried-slots.contract.ts";
import { idleSlotsContract } from "../../contracts/idle-slots.contract.ts";
import { turnCountsContract } from "../../contracts/turn-counts.contract.ts";
import { seatGateContract } from "../../contracts/seat-gate.contract.ts";
import { waitingListContract } from "../../contracts/waiting-list.contract.ts";
import { sharedRedisUrl } from "#test/support/redis.ts";
import { memoryEpochs } from "#test/support/memory-epochs.ts";
import { queueKeys } from "./keys.ts";
import { redisQueue } from "./redis-queue.ts";

const redis = openRedis({
  url: sharedRedisUrl(),
  log: createLog({ level: "silent" }),
  commandTimeoutMs: 5_000,
});
after(() => redis.close());

const open = async (life: Life = "first"): Promise<QueueUnderTest> => {
  while (!redis.ready()) await new Promise((resolve) => setTimeout(resolve, 5));
  let nowMs = 1_790_000_000_000;
  const epochs = memoryEpochs({ inUse: life === "after a loss" });
  const queue = redisQueue({ redis, epochs, nowMs: () => nowMs });
  return {
    ...queue,
    nowMs: () => nowMs,
    advance: (ms) => {
      nowMs += ms;
    },
    outlive: async (ms) => {
      nowMs += ms;
      // A timer may be early by a part of a ms, and Redis forgets what is older than that.
      await delay(ms + 20);
    },
  };
};

queueStoreContract("redis", open);
passContract("redis", open);
getStatusesContract("redis", open);
livePlacesContract("redis", open);
seatGateContract("redis", open);
carriedSlotsContract("redis", open);
idleSlotsContract("redis", open);
turnCountsContract("redis", open);
lobbyContract("redis", open);
absenceContract("redis", open);
recoveryContract("redis", open);
lateEventsContract("redis", open);
retentionContract("redis", open);
waitingListContract("redis", open);

test("the keys that a read leaves expire; a pass of a queue that goes on lets them stay", async () => {
  const queue = await open();
  const concertId = newConcert();
  /** Of the keys that are there: until when they live, epoch ms; -1 for good. */
  const ends = async (): Promise<number[]> => {
    const keys = queueKeys(concertId);
    const all = await Promise.all(keys.map((key) => redis.command(["PEXPIRETIME", key])));
    return all.map(Number).filter((end) => end !== -2);
  };
  await queue.store.getSnapshot(concertId);
  const looked = await ends();
  assert.ok(looked.length > 0 && looked.every((end) => end > Date.now()));
  await queue.store.join(concertId, newUser(), openTerms);
  await queue.store.admit(concertId, { ...wideTerms, maxActive: 0 });
  assert.deepEqual([...new Set(await ends())], [-1]);
  const over = { ...wideTerms, admitsFromMs: null, final: "CLOSED" } as const;
  await queue.store.admit(concertId, over);
  const rested = await ends();
  assert.equal(new Set(rested).size, 1, "they end at the same moment");
  const leftMs = (rested[0] ?? 0) - Date.now();
  assert.ok(leftMs > over.retentionMs - 60_000 && leftMs <= over.retentionMs);
});

test("a user who asked before the rebuild has one interval to claim a slot of an old snapshot", async () => {
  const queue = await open();
  const concertId = newConcert();
  const [who] = await crowd(queue, concertId, 1);
  const [epochMark = ""] = queueKeys(concertId);
  assert.ok(who);
  const presence = { ...wideTerms.presence, passGapMs: 3_000 };
  const pass = () => queue.store.admit(concertId, { ...wideTerms, presence });
  const wait = async (seconds: number): Promise<void> => {
    for (let passed = 0; passed < seconds; passed += 1) {
      queue.advance(1_000);
      await pass();
    }
  };
  assert.equal((await pass()).admitted, 1);
  const activeUntilMs = queue.nowMs() + wideTerms.sessionMs;
  await redis.command(["DEL", epochMark]);
  queue.advance(wideTerms.claimMs - 10_000);
  await wait(10);
  const { snapshot, status } = await who.read(who.mark);
  assert.deepEqual([status.kind, snapshot.counters.recovering], ["waiting", true]);
  const state = { kind: "admitted", activeUntilMs, hold: null } as const;
  await queue.store.rebuild(concertId, [{ userId: who.userId, ...who.mark, state }], true);
  await wait(presence.pollSlowestMs / 1_000);
  assert.equal((await who.placeStatus(who.mark)).kind, "active");
});
